export type Command = "back" | "on" | "missing" | "smaller" | "larger" | "fit" | "help";

export const keys: Record<string, Command> = {
  ArrowLeft: "back",
  ArrowRight: "on",
  n: "missing",
  "-": "smaller",
  "+": "larger",
  "=": "larger",
  "0": "fit",
  "?": "help",
};
