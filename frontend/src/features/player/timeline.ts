import type { Piece } from "../../ui/Strip";
import type { Span } from "./model";

/** Half-open [from, to) in seconds. */
export type Interval = [number, number];

export function union(intervals: Interval[]): Interval[] {
  const out: Interval[] = [];
  for (const [from, to] of [...intervals].filter(([a, b]) => b > a).sort((x, y) => x[0] - y[0])) {
    const last = out.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

/** What of a is not in b; both as union gives them. */
export function minus(a: Interval[], b: Interval[]): Interval[] {
  const out: Interval[] = [];
  for (const [start, end] of a) {
    let from = start;
    for (const [x, y] of b) {
      if (y <= from || x >= end) continue;
      if (x > from) out.push([from, x]);
      from = Math.max(from, y);
    }
    if (from < end) out.push([from, end]);
  }
  return out;
}

export const total = (intervals: Interval[]) => intervals.reduce((sum, [a, b]) => sum + b - a, 0);

export interface Timeline {
  verified: Interval[];
  /** Credited, and waiting for the next passed presence check. */
  pending: Interval[];
  /** Played here, and not yet acknowledged by the server. */
  waiting: Interval[];
  /** Passed over: gaps before the furthest place reached. */
  missing: Interval[];
}

/** What the server and the player know of a lesson's time. */
export interface Known {
  covered: number[][];
  pending?: number[][];
  waiting?: Span[];
}

/** A lesson's time by state; no moment is in two of them. */
export function timelineOf({ covered, pending = [], waiting = [] }: Known, durationS: number): Timeline {
  const within = (list: number[][]) =>
    union(list.map(([a = 0, b = 0]): Interval => [a, Math.min(b, durationS)]));
  const verified = within(covered);
  const credited = minus(within(pending), verified);
  const judged = union([...verified, ...credited]);
  const played = within(waiting.map((s) => [s.from_ms / 1000, s.to_ms / 1000]));
  const unheard = minus(played, judged).filter(([a, b]) => b - a >= 0.5);
  const reached = Math.max(0, ...[...judged, ...unheard].map(([, to]) => to));
  // Seconds are judged whole: slivers between what was played and what was credited are not gaps.
  const missing = minus([[0, reached]], union([...judged, ...played])).filter(([a, b]) => b - a >= 1);
  return { verified, pending: credited, waiting: unheard, missing };
}

export function piecesOf(timeline: Timeline, durationS: number): Piece[] {
  if (durationS <= 0) return [];
  const as = (texture: Piece["texture"], list: Interval[]) =>
    list.map(([from, to]) => ({ from: from / durationS, to: to / durationS, texture }));
  const { verified, pending, waiting, missing } = timeline;
  return [...as("v", verified), ...as("p", pending), ...as("w", waiting), ...as("m", missing)];
}
