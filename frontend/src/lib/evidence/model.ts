import type { Schemas } from "../../api/client";

export type Session = Schemas["SessionEvidence"];
export type Check = Schemas["CheckRecord"];

/** The texture a fate is drawn in; the word stands in the legend. */
export const textureOf = { confirmed: "v", pending: "p", forfeited: "x" } as const;

/** Where a moment lies along the session, from 0 to 1. */
export function share(ms: number, lengthMs: number): number {
  return lengthMs <= 0 ? 0 : Math.min(1, Math.max(0, ms / lengthMs));
}

/** One mark a beat, as the path of an image a thousand wide. */
export function marks(at: number[], lengthMs: number, height: number): string {
  return at.map((ms) => `M${(share(ms, lengthMs) * 1000).toFixed(1)} 0v${height}`).join("");
}

/** The beats that are not late, so that each is drawn once. */
export function onTime(e: Pick<Session, "beats_ms" | "late_ms">): number[] {
  const late = new Set(e.late_ms);
  return e.beats_ms.filter((ms) => !late.has(ms));
}

export function tally(checks: Check[]): { passed: number; ended: number; missed: number } {
  const ended = checks.filter((c) => c.outcome !== "open");
  return {
    ended: ended.length,
    passed: ended.filter((c) => c.outcome === "passed").length,
    missed: ended.filter((c) => c.outcome === "missed").length,
  };
}
