import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, Outlet, useRouterState, useSearch } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Schemas } from "../api/client";
import { meQuery } from "../api/queries";
import { flagsQuery } from "../features/integrity/api";
import { Bell } from "../features/notices/Bell";
import { queueQuery } from "../features/reviews/api";
import { useOnline } from "../lib/hooks";
import { keepWorkspace } from "../lib/useWorkspace";
import { belongs, standing, type Workspace, workspacesOf } from "../lib/workspaces";
import { Glass, Icon, type IconName } from "../ui/Icon";
import { useSignOut } from "./AccountMenu";
import { ClosedPage } from "./Closed";
import { useApp } from "./messages";
import { SearchLauncher, SearchShortcut } from "./SearchLauncher";
import { Switcher } from "./Switcher";
import { LanguageSwitch, ThemeSwitch } from "./Toggles";
import "./workspace.css";

/** How many submissions wait for a decision. */
function Waiting() {
  const { data } = useInfiniteQuery(queueQuery({}));
  const waiting = data?.pages[0]?.waiting;
  return waiting ? <span className="c">{waiting}</span> : null;
}

/** How many flags nobody has decided on. */
function Flagged() {
  const { data } = useInfiniteQuery(flagsQuery({}));
  const open = data?.pages[0]?.open;
  return open ? <span className="c">{open}</span> : null;
}

/** The pages of workspaces, in their order; `also` is a page that belongs to another's. */
const places = [
  { to: "/workspace/reviews", icon: "inbox", name: "reviews", count: <Waiting /> },
  { to: "/workspace/integrity", icon: "flag", name: "integrity", count: <Flagged /> },
  { to: "/workspace/courses", icon: "pencil", name: "authoring" },
  { to: "/workspace/hours", icon: "clock", name: "staffHours" },
  { to: "/workspace/staff", icon: "assign", name: "staff", also: "/workspace/assignments" },
  { to: "/workspace/people", icon: "people", name: "people" },
  { to: "/workspace/organisations", icon: "school", name: "organisations" },
  { to: "/workspace/merges", icon: "merge", name: "merges" },
  { to: "/workspace/trail", icon: "list", name: "trail" },
  { to: "/workspace/sign-in", icon: "lock", name: "signInProvider" },
] as const satisfies { to: string; icon: IconName; name: string; count?: ReactNode; also?: string }[];

/** The link itself says which page is open (aria-current), by the beginning of the path. */
function Places({ ws, onGo }: { ws?: Workspace; onGo?: () => void }) {
  const t = useApp();
  const path = useRouterState({ select: (s) => s.location.pathname });
  const at = { includeSearch: false };
  return (
    <nav aria-label={t("workspace")}>
      {ws && (
        <Link to="/workspace" search={{}} activeOptions={{ ...at, exact: true }} onClick={onGo}>
          <Icon name="chart" />
          {t("overview")}
        </Link>
      )}
      {places.map((p) => {
        if (!ws || !belongs(ws, p.to)) return null;
        const also = "also" in p && path.startsWith(p.also);
        return (
          <Link
            key={p.to}
            to={p.to}
            search={{}}
            activeOptions={at}
            aria-current={also ? "page" : undefined}
            onClick={onGo}
          >
            <Icon name={p.icon} />
            {t(p.name)}
            {"count" in p && p.count}
          </Link>
        );
      })}
      <Link to="/learning" onClick={onGo}>
        <Icon name="book" />
        {t("toLearning")}
      </Link>
    </nav>
  );
}

interface SideProps {
  me: Schemas["Me"];
  /** Where one works; nothing where the address opens nowhere. */
  ws?: Workspace;
  onGo?: () => void;
}

function Side({ me, ws, onGo }: SideProps) {
  const t = useApp();
  const signOut = useSignOut();
  return (
    <>
      {ws && <Switcher workspaces={workspacesOf(me)} at={ws} onGo={onGo} />}
      <SearchLauncher me={me} wide />
      <Places ws={ws} onGo={onGo} />
      <div className="bottom">
        <div className="who">
          <span className="ava" aria-hidden="true">
            {[...me.name][0]}
          </span>
          <b>{me.name}</b>
        </div>
        <Bell />
        <LanguageSwitch />
        <ThemeSwitch />
        <button className="icon-btn" type="button" aria-label={t("signOut")} onClick={() => signOut.mutate()}>
          <Icon name="leave" size="s" />
        </button>
      </div>
    </>
  );
}

/** On phones the side navigation is a sheet over the page, which Escape closes. */
function Sheet({ me, ws, onClose }: Omit<SideProps, "onGo"> & { onClose: () => void }) {
  const t = useApp();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape arrives as the cancel event
    <dialog
      ref={ref}
      className="side sheet"
      aria-label={t("workspace")}
      onCancel={onClose}
      onClick={(e) => {
        if (e.target === ref.current) onClose();
      }}
    >
      <Side me={me} ws={ws} onGo={onClose} />
    </dialog>
  );
}

export function WorkspaceShell() {
  const t = useApp();
  const { data: me } = useQuery(meQuery);
  const online = useOnline();
  const busy = useRouterState({ select: (s) => s.isLoading });
  const [menu, setMenu] = useState(false);
  const path = useRouterState({ select: (s) => s.location.pathname });
  const { ws: id } = useSearch({ from: "/workspace" });
  const stands = me ? standing(me, id, path) : undefined;
  const ws = stands && ("open" in stands ? stands.open : stands.at);
  useEffect(() => {
    if (ws) keepWorkspace(ws.id);
  }, [ws]);
  if (!me || !stands) return null;
  const brand = (
    <Link className="brand" to="/">
      <Glass />
      <span>Hourglass</span>
    </Link>
  );
  return (
    <>
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      {busy && <div className="busy" />}
      <header className="ws-top">
        {brand}
        <div className="end">
          <SearchLauncher me={me} />
          <button
            className="icon-btn"
            type="button"
            aria-label={t("openMenu")}
            aria-expanded={menu}
            onClick={() => setMenu(true)}
          >
            <Icon name="menu" />
          </button>
        </div>
      </header>
      <SearchShortcut me={me} />
      {menu && <Sheet me={me} ws={ws} onClose={() => setMenu(false)} />}
      <div className="ws">
        <header className="side">
          {brand}
          <Side me={me} ws={ws} />
        </header>
        <div className="ws-main">
          {!online && (
            <div className="offbar" role="status">
              <Icon name="offline" />
              {t("offline")}
            </div>
          )}
          {"open" in stands ? <Outlet /> : <ClosedPage closed={stands} />}
        </div>
      </div>
    </>
  );
}
