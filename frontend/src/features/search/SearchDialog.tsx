import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { Schemas } from "../../api/client";
import { explain } from "../../lib/Failure";
import { useSettled } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { useWorkspace } from "../../lib/useWorkspace";
import { workspacesOf } from "../../lib/workspaces";
import { Icon } from "../../ui/Icon";
import { searchQuery } from "./api";
import { Hits } from "./Hits";
import { useSearchWords } from "./messages";
import { type Hit, hitsOf, step } from "./model";
import { recentOf, remember } from "./recent";
import "./search.css";

const moves: Record<string, 1 | -1> = { ArrowDown: 1, ArrowUp: -1 };

/** One box for people, courses and organisations: a combobox with a list, in a dialog of the browser's own. */
export function SearchDialog({ me, onClose }: { me: Schemas["Me"]; onClose: () => void }) {
  const t = useSearchWords();
  const common = useCommon();
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const navigate = useNavigate();
  const at = useWorkspace();
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(-1);
  const q = useSettled(typed.trim(), 200);
  const search = useQuery(searchQuery(q));
  const [recent] = useState(() => recentOf(me.id));
  const fresh = q !== "" && typed.trim() === q && search.data !== undefined;
  const hits =
    q === "" || !search.data ? (typed === "" ? recent : []) : hitsOf(search.data, workspacesOf(me), at);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const open = (hit: Hit) => {
    remember(me.id, hit);
    onClose();
    void navigate({ to: hit.to, search: hit.search });
  };
  const key = (e: KeyboardEvent) => {
    const by = moves[e.key];
    const chosen = hits[active] ?? (fresh ? hits[0] : undefined);
    if (e.nativeEvent.isComposing) return; // Enter and arrows choose characters
    if (by) setActive(step(active, by, hits.length));
    else if (e.key === "Enter" && chosen) open(chosen);
    else return;
    e.preventDefault();
  };
  const state =
    typed.trim() === ""
      ? ""
      : search.isError
        ? explain(search.error, common)
        : fresh
          ? hits.length > 0
            ? t("found", { count: hits.length })
            : t("nothing", { q })
          : t("searching");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape arrives as the cancel event
    <dialog
      ref={ref}
      className="dialog find"
      aria-label={t("title")}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onClick={(e) => {
        if (e.target === ref.current) onClose();
      }}
    >
      <div className="find-h">
        <Icon name="search" />
        <input
          role="combobox"
          aria-label={t("label")}
          aria-expanded={hits.length > 0}
          aria-controls={`${id}l`}
          aria-autocomplete="list"
          aria-activedescendant={hits[active] ? `${id}o${active}` : undefined}
          placeholder={t("label")}
          autoComplete="off"
          spellCheck={false}
          maxLength={60}
          value={typed}
          onChange={(e) => {
            setTyped(e.target.value);
            setActive(-1);
          }}
          onKeyDown={key}
        />
        <button className="icon-btn" type="button" aria-label={t("close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div className="find-b">
        <Hits id={id} hits={hits} recent={typed === ""} active={active} onActive={setActive} onOpen={open} />
        <p className={hits.length > 0 ? "vh" : "find-s"} role="status">
          {state || (hits.length === 0 && t("start"))}
        </p>
        {fresh && hits.length === 0 && !search.isError && (
          <p className="find-s small muted">{t("nothingText")}</p>
        )}
      </div>
      <p className="find-f" aria-hidden="true">
        <span>
          <kbd className="kbd">↑</kbd>
          <kbd className="kbd">↓</kbd>
          {t("move")}
        </span>
        <span>
          <kbd className="kbd">↵</kbd>
          {t("open")}
        </span>
        <span>
          <kbd className="kbd">Esc</kbd>
          {t("close")}
        </span>
      </p>
    </dialog>
  );
}
