import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";

/**
 * Offers the focus to a card when it appears: taken where nothing, or only the
 * player, has it, and never from somebody who is busy elsewhere. Escape gives it back.
 */
export function useOffer(card: RefObject<HTMLElement | null>, id: string) {
  const from = useRef<Element | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each check is offered once
  useEffect(() => {
    const element = card.current;
    const has = document.activeElement;
    if (!element || element.contains(has)) return;
    const free = has === null || has === document.body || has.matches("video, .stage button, .stage input");
    if (!free || document.querySelector("dialog[open]")) return;
    from.current = has;
    element.focus({ preventScroll: true });
  }, [card, id]);
  // Focus inside a card that goes away would be lost: it returns to where it came from.
  useEffect(() => {
    const element = card.current;
    return () => {
      if (element?.contains(document.activeElement)) back(from.current);
    };
  }, [card]);
  return (e: KeyboardEvent) => {
    if (e.key !== "Escape") return;
    (document.activeElement as HTMLElement | null)?.blur();
    back(from.current);
  };
}

function back(to: Element | null) {
  if (to instanceof HTMLElement && to.isConnected) to.focus({ preventScroll: true });
}
