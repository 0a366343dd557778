import { describe, expect, it } from "vitest";
import { band, percent, share, unfinished } from "./model";

describe("shares", () => {
  it("of nobody are nothing", () => {
    expect([share(0, 0), percent(0, 0)]).toEqual([0, 0]);
  });
  it("are whole only when nobody is missing, and nothing only when nobody is there", () => {
    expect([percent(999, 1000), percent(1, 1000), percent(1000, 1000), percent(1, 3)]).toEqual([
      99, 1, 100, 33,
    ]);
  });
  it("are hollow under half and darker with more", () => {
    expect([0, 0.49, 0.5, 0.6, 0.75, 0.9, 1].map(band)).toEqual(["low", "low", "b1", "b2", "b3", "b4", "b4"]);
  });
});

describe("assigned courses", () => {
  it("are shown while somebody has still to do them, the first due first, and not all", () => {
    const of = (due_on: string, assigned: number, begun: number, overdue: number) => ({
      due_on,
      assigned,
      begun,
      overdue,
    });
    const given = [
      of("2026-12-01", 1, 0, 0),
      of("2026-11-01", 0, 0, 2),
      of("2026-10-01", 0, 0, 0),
      of("2026-11-15", 0, 3, 0),
    ];
    expect(unfinished(given).map((a) => a.due_on)).toEqual(["2026-11-01", "2026-11-15", "2026-12-01"]);
    expect(unfinished(Array.from({ length: 8 }, () => of("2026-12-01", 1, 0, 0)))).toHaveLength(5);
  });
});
