import { useEffect, useRef, useState } from "react";

export type Act = "next" | "previous" | "open" | "approve" | "return";

const acts: Record<string, Act> = { j: "next", k: "previous", Enter: "open", a: "approve", r: "return" };
const kept = "hourglass.reviewKeys";

/** What a key means in the queue; nothing while something is being typed, or with a modifier. */
export function actOf(
  e: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">,
  target: { tag: string; editable: boolean },
): Act | undefined {
  if (e.ctrlKey || e.metaKey || e.altKey) return undefined;
  if (target.editable || ["INPUT", "TEXTAREA", "SELECT", "VIDEO"].includes(target.tag)) return undefined;
  // Enter belongs to whatever has the focus: only links of the list and the bare page leave it to us.
  if (e.key === "Enter" && ["BUTTON", "SUMMARY"].includes(target.tag)) return undefined;
  return acts[e.key.length === 1 ? e.key.toLowerCase() : e.key];
}

function read(): boolean {
  try {
    return localStorage.getItem(kept) !== "off";
  } catch {
    return true;
  }
}

/** Single keys can be switched off (WCAG 2.1.4): speech input types them by accident. */
export function useKeys(act: (what: Act, e: KeyboardEvent) => void) {
  const [on, setOn] = useState(read);
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    if (!on) return;
    const listen = (e: KeyboardEvent) => {
      const target = e.target as HTMLElement;
      if (document.querySelector("dialog[open]")) return;
      const what = actOf(e, { tag: target.tagName, editable: target.isContentEditable });
      if (what) latest.current(what, e);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [on]);
  const toggle = () => {
    setOn(!on);
    try {
      localStorage.setItem(kept, on ? "off" : "on");
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  };
  return { on, toggle };
}
