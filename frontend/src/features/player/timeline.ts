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
  /** Played here, and not yet confirmed by the server. */
  pending: Interval[];
  /** Passed over: gaps before the furthest place reached. */
  missing: Interval[];
}

/** A lesson's time by state. */
export function timelineOf(covered: number[][], waiting: Span[], durationS: number): Timeline {
  const verified = union(covered.map(([a = 0, b = 0]): Interval => [a, Math.min(b, durationS)]));
  const played = union(waiting.map((s): Interval => [s.from_ms / 1000, Math.min(s.to_ms / 1000, durationS)]));
  const pending = minus(played, verified).filter(([a, b]) => b - a >= 0.5);
  const reached = Math.max(0, ...[...verified, ...pending].map(([, to]) => to));
  // Seconds are judged whole: slivers between what is pending and what is verified are not gaps.
  const missing = minus([[0, reached]], union([...verified, ...played])).filter(([a, b]) => b - a >= 1);
  return { verified, pending, missing };
}

export function piecesOf(timeline: Timeline, durationS: number): Piece[] {
  if (durationS <= 0) return [];
  const as = (texture: Piece["texture"], list: Interval[]) =>
    list.map(([from, to]) => ({ from: from / durationS, to: to / durationS, texture }));
  return [...as("v", timeline.verified), ...as("p", timeline.pending), ...as("m", timeline.missing)];
}
