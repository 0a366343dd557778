import { type Layout, type PageTime, readS } from "./pages";

/** Where the pages are, in px from the top of the window. */
export interface Band {
  top: number;
  bottom: number;
}

/** What of the document is before the reader's eyes. */
export interface Seen {
  /** The page at the middle of the window, from 0. */
  middle: number;
  /** All pages that can be read whole, or nearly, without moving. */
  whole: number[];
  /** So little of it is in the window that nobody reads it there. */
  out: boolean;
}

/** Before the document is there. */
export const nothingSeen: Seen = { middle: 0, whole: [], out: false };

/** A few lines, in px: with less in the window the document is out of sight. */
const fewLines = 96;

/** So much of a page within the window is as good as the whole. */
const nearly = 0.8;

/** The pages of a text, which has none of its own: equal shares of its height. */
export function shares({ top, bottom }: Band, pages: number): (page: number) => Band {
  const height = (bottom - top) / pages;
  return (page) => ({ top: top + page * height, bottom: top + (page + 1) * height });
}

/** What is seen in a window between two heights of pages that lie one below the other. */
export function seenIn(window: Band, count: number, band: (page: number) => Band): Seen {
  const line = (window.top + window.bottom) / 2;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const at = (low + high) >> 1;
    if (band(at).bottom > line) high = at;
    else low = at + 1;
  }
  const isWhole = (page: number) => {
    const { top, bottom } = band(page);
    const within = Math.min(bottom, window.bottom) - Math.max(top, window.top);
    return within >= (bottom - top) * nearly;
  };
  const whole: number[] = [];
  for (let p = low; p >= 0 && (p === low || isWhole(p)); p--) if (isWhole(p)) whole.unshift(p);
  for (let p = low + 1; p < count && isWhole(p); p++) whole.push(p);
  const [top, bottom] = [band(0).top, band(count - 1).bottom];
  const within = Math.min(bottom, window.bottom) - Math.max(top, window.top);
  return { middle: low, whole, out: within < Math.min(fewLines, bottom - top) };
}

export const sameSeen = (a: Seen, b: Seen) =>
  a.middle === b.middle &&
  a.out === b.out &&
  a.whole.length === b.whole.length &&
  a.whole.every((p, n) => p === b.whole[n]);

/** By how much to scroll so that a page is at the middle, or begins at the top when it is taller than the window. */
export function offsetTo(window: Band, { top, bottom }: Band): number {
  const room = window.bottom - window.top - (bottom - top);
  return top - window.top - Math.max(0, room / 2);
}

/**
 * The page that time counts for: the one at the middle, until it has enough;
 * then another that is as much in sight and still lacks some, so that short
 * pages do not have to be pushed to the middle one by one.
 */
export function countedOf({ middle, whole }: Seen, pages: PageTime[], layout: Layout): number {
  const lacks = (p: number) => {
    const page = pages[p];
    return page !== undefined && readS(page) < layout.page_min_s;
  };
  if (lacks(middle)) return middle;
  return whole.find(lacks) ?? middle;
}
