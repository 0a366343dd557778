import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useFormat } from "../lib/format";
import type { Workspace } from "../lib/workspaces";
import { Icon, type IconName } from "../ui/Icon";
import { useApp } from "./messages";

export const workspaceIcons: Record<Workspace["kind"], IconName> = {
  department: "shield",
  institution: "school",
  employer: "people",
  auditor: "eye",
};

interface ListProps {
  workspaces: Workspace[];
  at?: Workspace;
  onGo?: () => void;
}

/** One link a workspace: the organisation, and as what one works there. */
export function WorkspaceLinks({ workspaces, at, onGo }: ListProps) {
  const t = useApp();
  const f = useFormat();
  return workspaces.map((w) => (
    <Link
      key={w.id}
      className="ws-link"
      to="/workspace"
      search={{ ws: w.id }}
      aria-current={w.id === at?.id ? "true" : undefined}
      activeProps={{}}
      onClick={onGo}
    >
      <Icon name={workspaceIcons[w.kind]} />
      <span>
        <b>{f.text(w.org.name)}</b>
        <span>{t(`as.${w.kind}`)}</span>
      </span>
    </Link>
  ));
}

const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Where one works now, and the way to everywhere else one works, without signing out. */
export function Switcher({ workspaces, at, onGo }: ListProps & { at: Workspace }) {
  const t = useApp();
  const f = useFormat();
  const [open, setOpen] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (e: Event) => {
      if (!ref.current?.contains(e.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const key = (e: KeyboardEvent) => {
    if (!open) return;
    const all = [...(ref.current?.querySelectorAll<HTMLElement>("button, a") ?? [])];
    const step = steps[e.key];
    if (e.key === "Escape") {
      e.preventDefault();
      setOpen(false);
      all[0]?.focus();
    } else if (step) {
      e.preventDefault();
      const here = all.indexOf(document.activeElement as HTMLElement);
      all[(here + step + all.length) % all.length]?.focus();
    }
  };
  const name = (
    <>
      <Icon name={workspaceIcons[at.kind]} />
      <span className="grow">
        <b>{f.text(at.org.name)}</b>
        <span>{t(`as.${at.kind}`)}</span>
      </span>
    </>
  );
  if (workspaces.length < 2) return <p className="scope">{name}</p>;
  const go = () => {
    setOpen(false);
    onGo?.();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens for keys from what is inside
    <div className="switch" ref={ref} onKeyDown={key}>
      <button className="scope" type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {name}
        <span className="vh">{t("switch")}</span>
        <Icon name="down" size="s" />
      </button>
      {open && (
        <nav className="switch-pop" aria-label={t("switch")}>
          <WorkspaceLinks workspaces={workspaces} at={at} onGo={go} />
        </nav>
      )}
    </div>
  );
}
