import type { Piece } from "../../../ui/Strip";
import { type Interval, type Known, minus, timelineOf, union } from "../timeline";
import type { Reading } from "../wire";

/** How a document's time is laid out: page p, from 0, is [p, p + 1) × page_max_s of the timeline. */
export type Layout = Pick<Reading, "pages" | "page_min_s" | "page_max_s">;

/** Seconds of one page, by state; no second is in two of them. */
export interface PageTime {
  verified: number;
  /** Credited, and waiting for the next passed presence check. */
  pending: number;
  /** Read here, and not yet acknowledged by the server. */
  waiting: number;
}

export type PageState =
  /** Enough of it is verified. */
  | "read"
  /** Enough of it was read, but not all of that is verified yet. */
  | "pending"
  | "begun"
  | "new";

/** Until the server has said how long a document is. */
export const onePage: Layout = { pages: 1, page_min_s: 1, page_max_s: 1 };

export const durationOf = ({ pages, page_max_s }: Layout) => pages * page_max_s;

/** What was read of every page. */
export function pagesOf(layout: Layout, known: Known): PageTime[] {
  const pages = Array.from({ length: layout.pages }, () => ({ verified: 0, pending: 0, waiting: 0 }));
  const times = timelineOf(known, durationOf(layout));
  for (const state of ["verified", "pending", "waiting"] as const)
    for (const [from, to] of times[state]) spread(pages, layout.page_max_s, state, from, to);
  return pages;
}

function spread(pages: PageTime[], maxS: number, state: keyof PageTime, from: number, to: number) {
  for (let p = Math.floor(from / maxS); p * maxS < to; p++) {
    const page = pages[p];
    if (page) page[state] += Math.min(to, (p + 1) * maxS) - Math.max(from, p * maxS);
  }
}

/** How much of the time that completes the document is there: what a page has beyond its own least is not another's. */
export const towardsMinimum = (pages: PageTime[], { page_min_s }: Layout) =>
  pages.reduce((sum, { verified }) => sum + Math.min(verified, page_min_s), 0);

export const readS = (page: PageTime) => page.verified + page.pending + page.waiting;

export function stateOf(page: PageTime, { page_min_s }: Layout): PageState {
  if (page.verified >= page_min_s) return "read";
  if (readS(page) >= page_min_s) return "pending";
  return readS(page) > 0 ? "begun" : "new";
}

/** The page that holds a position of the timeline. */
export const pageAt = ({ pages, page_max_s }: Layout, ms: number) =>
  Math.max(0, Math.min(pages - 1, Math.floor(ms / 1000 / page_max_s)));

/**
 * The second of the timeline that reading a page goes on with: the first that
 * is neither credited nor claimed. None when the page counts no more.
 */
export function nextSecond({ page_max_s }: Layout, page: number, known: Known): number | null {
  const of = (list: number[][]) => list.map(([a = 0, b = 0]): Interval => [a, b]);
  const waiting = (known.waiting ?? []).map((s): Interval => [s.from_ms / 1000, s.to_ms / 1000]);
  const taken = union([...of(known.covered), ...of(known.pending ?? []), ...waiting]);
  const end = (page + 1) * page_max_s;
  for (const [from, to] of minus([[page * page_max_s, end]], taken)) {
    const second = Math.ceil(from);
    if (second + 1 <= to) return second;
  }
  return null;
}

/** The first page after one, then from the beginning, of which something is missing; none when nothing is. */
export function nextMissing(pages: PageTime[], layout: Layout, after: number): number | null {
  const missing = (p: number) =>
    readS(pages[p] ?? { verified: 0, pending: 0, waiting: 0 }) < layout.page_min_s;
  for (let n = 1; n <= pages.length; n++) {
    const p = (after + n) % pages.length;
    if (missing(p)) return p;
  }
  return null;
}

/** Of a page's least time, by state: shares that add up to 1 at most. */
export function sharesOf(
  { verified, pending, waiting }: PageTime,
  min: number,
): [Piece["texture"], number][] {
  let left = min;
  const take = (s: number) => {
    const share = Math.min(s, left);
    left -= share;
    return share / min;
  };
  return [
    ["v", take(verified)],
    ["p", take(pending)],
    ["w", take(waiting)],
  ];
}

/** The document as a strip of its pages: each is solid when it is read, and an outline while it is not. */
export function stripOf(pages: PageTime[], layout: Layout): Piece[] {
  const n = pages.length;
  // So that pages can be told apart; of a book they flow together.
  const gap = n <= 80 ? 0.12 : 0;
  return pages.flatMap((page, p) => {
    const width = (1 - gap) / n;
    let from = p / n + (gap / 2) * (1 / n);
    const pieces: Piece[] = [];
    for (const [texture, share] of sharesOf(page, layout.page_min_s)) {
      pieces.push({ from, to: from + share * width, texture });
      from += share * width;
    }
    const end = p / n + (gap / 2) * (1 / n) + width;
    if (end - from > 1e-9) pieces.push({ from, to: end, texture: "m" });
    return pieces.filter((piece) => piece.to > piece.from);
  });
}

/** "2, 5–7": pages in few words, from 1; at most so many groups. */
export function ranges(pages: number[], most = 6): { text: string; more: boolean } {
  const groups: Interval[] = [];
  for (const p of pages) {
    const last = groups.at(-1);
    if (last && p === last[1] + 1) last[1] = p;
    else groups.push([p, p]);
  }
  const text = groups
    .slice(0, most)
    .map(([a, b]) => (a === b ? `${a + 1}` : `${a + 1}–${b + 1}`))
    .join(", ");
  return { text, more: groups.length > most };
}
