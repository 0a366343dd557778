import type { Schemas } from "../../api/client";

export const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);

/** Whole percent; 100 only when nobody is missing, 0 only when nobody is there. */
export function percent(part: number, whole: number): number {
  const exact = share(part, whole) * 100;
  if (exact > 0 && exact < 1) return 1;
  if (exact > 99 && exact < 100) return 99;
  return Math.round(exact);
}

export type Band = "low" | "b1" | "b2" | "b3" | "b4";

/** How dark a share is drawn; under half it is hollow. */
export function band(of: number): Band {
  if (of < 0.5) return "low";
  if (of < 0.6) return "b1";
  if (of < 0.75) return "b2";
  return of < 0.9 ? "b3" : "b4";
}

type Given = Pick<Schemas["Assignment"], "due_on" | "assigned" | "begun" | "overdue">;

/** What somebody has still to do, the first due first; at most five. */
export const unfinished = <T extends Given>(given: T[]): T[] =>
  given
    .filter((a) => a.assigned + a.begun + a.overdue > 0)
    .toSorted((a, b) => a.due_on.localeCompare(b.due_on))
    .slice(0, 5);
