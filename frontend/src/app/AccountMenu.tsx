import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { api, type Schemas, take } from "../api/client";
import { forgetStudy, reportStudy } from "../features/player/leaving";
import { forgetNotes, sendNotes } from "../lib/notes/useNotes";
import { workspacesOf } from "../lib/workspaces";
import { Icon } from "../ui/Icon";
import { useApp } from "./messages";
import { WorkspaceLinks } from "./Switcher";

export function useSignOut() {
  const queries = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: async () => {
      await Promise.all([reportStudy(), sendNotes()]);
      await take(api.POST("/auth/sign-out"));
    },
    onSuccess: async () => {
      queries.clear();
      forgetNotes();
      await forgetStudy();
      await router.navigate({ to: "/" });
    },
  });
}

export function AccountMenu({ me }: { me: Schemas["Me"] }) {
  const t = useApp();
  const [open, setOpen] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  const signOut = useSignOut();
  useEffect(() => {
    if (!open) return;
    const outside = (e: Event) => {
      if (!ref.current?.contains(e.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const closeOnEscape = (e: KeyboardEvent) => {
    if (e.key !== "Escape" || !open) return;
    setOpen(false);
    ref.current?.querySelector("button")?.focus();
  };
  const close = () => setOpen(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens for Escape from what is inside
    <div className="menu" ref={ref} onKeyDown={closeOnEscape}>
      <button
        className="me"
        type="button"
        aria-expanded={open}
        aria-label={t("account", { name: me.name })}
        onClick={() => setOpen(!open)}
      >
        <span className="ava" aria-hidden="true">
          {[...me.name][0]}
        </span>
        <span aria-hidden="true">{me.name}</span>
      </button>
      {open && (
        <div className="menu-pop">
          <div className="menu-who">
            <b>{me.name}</b>
            {me.email}
          </div>
          <hr />
          <Link to="/learning" onClick={close}>
            <Icon name="book" />
            {t("learning")}
          </Link>
          <Link to="/hours" onClick={close}>
            <Icon name="clock" />
            {t("hours")}
          </Link>
          <Link to="/certificates" onClick={close}>
            <Icon name="medal" />
            {t("certificates")}
          </Link>
          <Link to="/record-views" onClick={close}>
            <Icon name="eye" />
            {t("recordViews")}
          </Link>
          <Link to="/settings" onClick={close}>
            <Icon name="quality" />
            {t("settings")}
          </Link>
          <Link to="/settings/security" onClick={close}>
            <Icon name="shield" />
            {t("security")}
          </Link>
          <hr />
          <WorkspaceLinks workspaces={workspacesOf(me)} onGo={close} />
          {workspacesOf(me).length > 0 && <hr />}
          <button type="button" onClick={() => signOut.mutate()}>
            <Icon name="leave" />
            {t("signOut")}
          </button>
        </div>
      )}
    </div>
  );
}
