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
  "?": "help",
};

/** The command a key stands for, unless it was meant for what has the focus. */
export function commandOf(
  key: string,
  target: { tagName: string; type?: string; role?: string | null },
): Command | undefined {
  const typing =
    target.tagName === "TEXTAREA" ||
    target.tagName === "SELECT" ||
    (target.tagName === "INPUT" && target.type !== "range");
  if (typing) return undefined;
  const command = keys[key.length === 1 ? key.toLowerCase() : key];
  const pressable = ["BUTTON", "A", "SUMMARY"].includes(target.tagName);
  if (key === " " && pressable) return undefined;
  // Arrows move a slider, tabs and menus by themselves.
  if (
    key.startsWith("Arrow") &&
    (target.tagName === "INPUT" || target.role === "tab" || target.role?.startsWith("menu"))
  )
    return undefined;
  return command;
}

export function useShortcuts(run: (command: Command) => void) {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const down = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || document.querySelector("dialog[open]"))
        return;
      const target = e.target as HTMLInputElement;
      const command = commandOf(e.key, {
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
  }, []);
}
