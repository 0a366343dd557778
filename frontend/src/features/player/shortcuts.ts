import { useEffect, useRef } from "react";

export type Command =
  | "toggle"
  | "back10"
  | "forward10"
  | "back5"
  | "forward5"
  | "slower"
  | "faster"
  | "captions"
  | "mute"
  | "full"
  | "pip"
  | "note"
  | "help";

const keys: Record<string, Command> = {
  " ": "toggle",
  k: "toggle",
  j: "back10",
  l: "forward10",
  ArrowLeft: "back5",
  ArrowRight: "forward5",
  "<": "slower",
  ">": "faster",
  c: "captions",
  m: "mute",
  f: "full",
  p: "pip",
  n: "note",
  "?": "help",
};

interface Target {
  tagName: string;
  type?: string;
  role?: string | null;
}

/** The command of the video a key stands for, unless it was meant for what has the focus. */
export const commandOf = (key: string, target: Target) => meantBy(keys, key, target);

/** What a key stands for among commands, unless it was meant for what has the focus. */
export function meantBy<C>(among: Record<string, C>, key: string, target: Target): C | undefined {
  const typing =
    target.tagName === "TEXTAREA" ||
    target.tagName === "SELECT" ||
    (target.tagName === "INPUT" && target.type !== "range");
  if (typing) return undefined;
  const command = among[key.length === 1 ? key.toLowerCase() : key];
  const pressable = ["BUTTON", "A", "SUMMARY"].includes(target.tagName);
  if (key === " " && pressable) return undefined;
  // Arrows move a slider, tabs, menus and what scrolls by themselves.
  const moves = ["tab", "region"].includes(target.role ?? "") || target.role?.startsWith("menu");
  if (key.startsWith("Arrow") && (target.tagName === "INPUT" || moves)) return undefined;
  return command;
}

export const useShortcuts = (run: (command: Command) => void) => useKeys(keys, run);

/** Runs commands by key, wherever the focus is, unless a dialog asks. `among` never changes. */
export function useKeys<C>(among: Record<string, C>, run: (command: C) => void) {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const down = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || document.querySelector("dialog[open]"))
        return;
      const target = e.target as HTMLInputElement;
      const command = meantBy(among, e.key, {
        tagName: target.tagName,
        type: target.type,
        role: target.getAttribute?.("role"),
      });
      if (!command) return;
      e.preventDefault();
      latest.current(command);
    };
    document.addEventListener("keydown", down);
    return () => document.removeEventListener("keydown", down);
  }, [among]);
}
