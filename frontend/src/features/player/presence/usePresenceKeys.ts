import { useEffect, useRef } from "react";
import { meantBy } from "./keys";

interface Keys {
  choices: number;
  onChoose: (n: number) => void;
  onSend: () => void;
}

/** Number keys and Enter, wherever the focus is, unless somebody types or a dialog asks. */
export function usePresenceKeys(keys: Keys) {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const down = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || e.repeat) return;
      if (document.querySelector("dialog[open]")) return;
      const focus = e.target as HTMLElement & { type?: string };
      const { tagName, type, isContentEditable: editable } = focus;
      const { choices, onChoose, onSend } = latest.current;
      const meant = meantBy(e.key, { tagName, type, editable }, choices);
      if (meant === undefined) return;
      e.preventDefault();
      if (meant === "send") onSend();
      else onChoose(meant);
    };
    document.addEventListener("keydown", down);
    return () => document.removeEventListener("keydown", down);
  }, []);
}
