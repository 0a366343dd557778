/** What has the focus when a key is pressed. */
export interface Focus {
  tagName: string;
  type?: string;
  editable?: boolean;
}

const pressable = new Set(["BUTTON", "A", "SUMMARY"]);
const ticked = new Set(["radio", "checkbox", "range"]);

/** Whether keys are somebody's text: a note must not lose a digit to a check. */
export function typing({ tagName, type, editable }: Focus): boolean {
  if (editable || tagName === "TEXTAREA" || tagName === "SELECT") return true;
  return tagName === "INPUT" && !ticked.has(type ?? "text");
}

/** The number of the choice a key stands for, or "send"; nothing when it was meant for what has the focus. */
export function meantBy(key: string, focus: Focus, choices: number): number | "send" | undefined {
  if (typing(focus)) return undefined;
  if (key === "Enter") return pressable.has(focus.tagName) ? undefined : "send";
  const n = /^[1-8]$/.test(key) ? Number(key) - 1 : -1;
  return n >= 0 && n < choices ? n : undefined;
}

/** The choices after one was pressed: several together, or one instead of another. */
export function chosen(before: number[], pressed: number, multiple: boolean): number[] {
  if (!multiple) return [pressed];
  const rest = before.filter((n) => n !== pressed);
  return rest.length < before.length ? rest : [...before, pressed].sort((a, b) => a - b);
}
