import { type RefObject, useEffect, useRef } from "react";
import { type Band, offsetTo, type Seen, sameSeen, seenIn, shares } from "./seen";

/** Where in the document the reader is, and the way to bring a page to the window. */
export interface Place {
  /** Pages of the reading plan. */
  pages: number;
  /** The page to begin at, from 0. */
  start: number;
  onSeen: (seen: Seen) => void;
  /** Set by what shows the document. */
  jump: { current: (page: number) => void };
}

/** The window without the bars that stand over it. */
function windowBand(element: HTMLElement): Band {
  const bar = element.closest(".rdr")?.querySelector(".rdr-bar")?.getBoundingClientRect();
  return { top: Math.max(0, bar?.bottom ?? 0), bottom: window.innerHeight };
}

/** The same once the bar stands at the top, where it is after a jump into the document. */
function scrolledBand(element: HTMLElement): Band {
  const bar = element.closest(".rdr")?.querySelector(".rdr-bar");
  if (!bar) return windowBand(element);
  const top = Number.parseFloat(getComputedStyle(bar).top) || 0;
  return { top: top + bar.getBoundingClientRect().height, bottom: window.innerHeight };
}

/** A PDF has pages of its own, one element each; a text is divided by its height. */
function bandsOf(element: HTMLElement, pages: number): (page: number) => Band {
  const children = element.querySelectorAll(":scope > [data-page]");
  if (children.length === 0) return shares(element.getBoundingClientRect(), pages);
  // Should the plan know of more pages than there are, the last stands for them.
  return (page) => (children[Math.min(page, children.length - 1)] ?? element).getBoundingClientRect();
}

/** Follows the reader through the pages inside an element, from the page on where they left off. */
export function usePlace(element: RefObject<HTMLElement | null>, place: Place, ready: boolean) {
  const latest = useRef(place);
  latest.current = place;
  useEffect(() => {
    const pages = element.current;
    if (!pages || !ready) return;
    let last: Seen | null = null;
    let frame = 0;
    const look = () => {
      frame = 0;
      const { pages: count, onSeen } = latest.current;
      const seen = seenIn(windowBand(pages), count, bandsOf(pages, count));
      if (last && sameSeen(last, seen)) return;
      last = seen;
      onSeen(seen);
    };
    const soon = () => {
      frame ||= requestAnimationFrame(look);
    };
    const jump = (page: number) => {
      const { pages: count } = latest.current;
      scrollBy({ top: offsetTo(scrolledBand(pages), bandsOf(pages, count)(page)), behavior: "instant" });
      soon();
    };
    latest.current.jump.current = jump;
    if (latest.current.start > 0) jump(latest.current.start);
    soon();
    const sized = new ResizeObserver(soon);
    sized.observe(pages);
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon);
    return () => {
      cancelAnimationFrame(frame);
      sized.disconnect();
      removeEventListener("scroll", soon);
      removeEventListener("resize", soon);
    };
  }, [element, ready]);
}
