import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { Schemas } from "../api/client";
import { meQuery } from "../api/queries";
import { flagsQuery } from "../features/integrity/api";
import { Bell } from "../features/notices/Bell";
import { queueQuery } from "../features/reviews/api";
import { useFormat } from "../lib/format";
import { useOnline } from "../lib/hooks";
import {
  authors,
  departments,
  manages,
  managesMembers,
  mergesPeople,
  oversees,
  peopleOrgs,
  reviews,
} from "../lib/roles";
import { Glass, Icon } from "../ui/Icon";
import { Message } from "../ui/states";
import { useSignOut } from "./AccountMenu";
import { useApp } from "./messages";
import { LanguageSwitch, ThemeSwitch } from "./Toggles";
import "./workspace.css";

const working: Schemas["MyRole"]["role"][] = [
  "department_officer",
  "auditor",
  "institution_manager",
  "instructor",
  "employer_officer",
];

/** For whom one works here: the strongest role's organisation. */
function scopeOf(me: Schemas["Me"]): Schemas["OrgRef"] | undefined {
  for (const role of working) {
    const found = me.roles.find((r) => r.role === role);
    if (found) return found.org;
  }
  return undefined;
}

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

function Places({ me, onGo }: { me: Schemas["Me"]; onGo?: () => void }) {
  const t = useApp();
  const path = useRouterState({ select: (s) => s.location.pathname });
  const at = (place: string) => (path.startsWith(place) ? "page" : undefined);
  return (
    <nav aria-label={t("workspace")}>
      {reviews(me) && (
        <Link to="/workspace/reviews" search={{}} aria-current={at("/workspace/reviews")} onClick={onGo}>
          <Icon name="inbox" />
          {t("reviews")}
          <Waiting />
        </Link>
      )}
      {oversees(me) && (
        <Link to="/workspace/integrity" search={{}} aria-current={at("/workspace/integrity")} onClick={onGo}>
          <Icon name="flag" />
          {t("integrity")}
          <Flagged />
        </Link>
      )}
      {mergesPeople(me) && (
        <Link to="/workspace/merges" search={{}} aria-current={at("/workspace/merges")} onClick={onGo}>
          <Icon name="people" />
          {t("merges")}
        </Link>
      )}
      {manages(me).length > 0 && (
        <Link to="/workspace/staff" search={{}} aria-current={at("/workspace/staff")} onClick={onGo}>
          <Icon name="people" />
          {t("staff")}
        </Link>
      )}
      {authors(me) && (
        <Link to="/workspace/courses" search={{}} aria-current={at("/workspace/courses")} onClick={onGo}>
          <Icon name="pencil" />
          {t("authoring")}
        </Link>
      )}
      {peopleOrgs(me).length > 0 && (
        <Link to="/workspace/people" search={{}} aria-current={at("/workspace/people")} onClick={onGo}>
          <Icon name="people" />
          {t("people")}
        </Link>
      )}
      {departments(me).length > 0 && (
        <Link
          to="/workspace/organisations"
          search={{}}
          aria-current={at("/workspace/organisations")}
          onClick={onGo}
        >
          <Icon name="school" />
          {t("organisations")}
        </Link>
      )}
      {oversees(me) && (
        <Link to="/workspace/trail" search={{}} aria-current={at("/workspace/trail")} onClick={onGo}>
          <Icon name="list" />
          {t("trail")}
        </Link>
      )}
      {managesMembers(me) && (
        <Link to="/workspace/sign-in" search={{}} aria-current={at("/workspace/sign-in")} onClick={onGo}>
          <Icon name="lock" />
          {t("signInProvider")}
        </Link>
      )}
      <Link to="/learning" onClick={onGo}>
        <Icon name="book" />
        {t("toLearning")}
      </Link>
    </nav>
  );
}

function Side({ me, onGo }: { me: Schemas["Me"]; onGo?: () => void }) {
  const t = useApp();
  const f = useFormat();
  const signOut = useSignOut();
  const scope = scopeOf(me);
  return (
    <>
      {scope && (
        <p className="scope">
          <Icon name="school" />
          <b>{f.text(scope.name)}</b>
        </p>
      )}
      <Places me={me} onGo={onGo} />
      <div className="bottom">
        <div className="who">
          <span className="ava" aria-hidden="true">
            {[...me.name][0]}
          </span>
          <b>{me.name}</b>
        </div>
        <Bell />
        <button className="icon-btn" type="button" aria-label={t("signOut")} onClick={() => signOut.mutate()}>
          <Icon name="leave" size="s" />
        </button>
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </>
  );
}

/** On phones the side navigation is a sheet over the page, which Escape closes. */
function Sheet({ me, onClose }: { me: Schemas["Me"]; onClose: () => void }) {
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
      <Side me={me} onGo={onClose} />
    </dialog>
  );
}

export function WorkspaceShell() {
  const t = useApp();
  const { data: me } = useQuery(meQuery);
  const online = useOnline();
  const busy = useRouterState({ select: (s) => s.isLoading });
  const [menu, setMenu] = useState(false);
  if (!me) return null;
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
      {menu && <Sheet me={me} onClose={() => setMenu(false)} />}
      <div className="ws">
        <header className="side">
          {brand}
          <Side me={me} />
        </header>
        <div className="ws-main">
          {!online && (
            <div className="offbar" role="status">
              <Icon name="offline" />
              {t("offline")}
            </div>
          )}
          {authors(me) || reviews(me) || oversees(me) || peopleOrgs(me).length > 0 ? (
            <Outlet />
          ) : (
            <main id="main">
              <h1 className="vh">{t("workspace")}</h1>
              <Message icon="lock" title={t("forbiddenArea")}>
                <p>{t("forbiddenAreaText")}</p>
              </Message>
            </main>
          )}
        </div>
      </div>
    </>
  );
}
