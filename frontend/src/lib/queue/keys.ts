import { useEffect, useRef, useState } from "react";

export type Move = "next" | "previous" | "open";

const moves: Record<string, Move> = { j: "next", k: "previous", Enter: "open" };
const kept = "hourglass.reviewKeys";

/** What a key means in a queue; nothing while something is being typed, or with a modifier. */
export function actOf<A extends string>(
  e: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">,
  target: { tag: string; editable: boolean },
  acts: Record<string, A>,
): A | Move | undefined {
  if (e.ctrlKey || e.metaKey || e.altKey) return undefined;
  if (target.editable || ["INPUT", "TEXTAREA", "SELECT", "VIDEO"].includes(target.tag)) return undefined;
  // Enter belongs to whatever has the focus: only links of the list and the bare page leave it to us.
  if (e.key === "Enter" && ["BUTTON", "SUMMARY"].includes(target.tag)) return undefined;
  const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
  return moves[key] ?? acts[key];
}

function read(): boolean {
  try {
    return localStorage.getItem(kept) !== "off";
  } catch {
    return true;
  }
}

/** Single keys can be switched off (WCAG 2.1.4): speech input types them by accident. */
export function useKeys<A extends string>(
  acts: Record<string, A>,
  act: (what: A | Move, e: KeyboardEvent) => void,
) {
  const [on, setOn] = useState(read);
  const latest = useRef({ acts, act });
  useEffect(() => {
    latest.current = { acts, act };
  });
  useEffect(() => {
    if (!on) return;
    const listen = (e: KeyboardEvent) => {
      const target = e.target as HTMLElement;
      if (document.querySelector("dialog[open]")) return;
      const what = actOf(e, { tag: target.tagName, editable: target.isContentEditable }, latest.current.acts);
      if (what) latest.current.act(what, e);
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
