import { describe, expect, it } from "vitest";
import { minus, piecesOf, timelineOf, total, union } from "./timeline";

const played = (from: number, to: number) => ({ from_ms: from * 1000, to_ms: to * 1000, rate: 1 });

describe("intervals", () => {
  it("join where they touch or overlap", () => {
    expect(
      union([
        [5, 9],
        [0, 3],
        [3, 4],
        [8, 12],
        [20, 20],
      ]),
    ).toEqual([
      [0, 4],
      [5, 12],
    ]);
  });
  it("are cut by others", () => {
    expect(
      minus(
        [[0, 10]],
        [
          [2, 3],
          [5, 20],
        ],
      ),
    ).toEqual([
      [0, 2],
      [3, 5],
    ]);
    expect(minus([[0, 10]], [])).toEqual([[0, 10]]);
    expect(minus([[0, 10]], [[0, 10]])).toEqual([]);
  });
});

describe("a lesson's time", () => {
  it("is verified, pending, on its way or missing, and no second is two of them", () => {
    const covered = [
      [0, 12],
      [20, 25],
    ];
    const t = timelineOf({ covered, pending: [[24, 28]], waiting: [played(27, 31)] }, 60);
    expect(t).toEqual({
      verified: covered,
      pending: [[25, 28]],
      waiting: [[28, 31]],
      missing: [[12, 20]],
    });
    expect(Object.values(t).reduce((sum, list) => sum + total(list), 0)).toBe(31);
    expect(piecesOf(t, 60).map((p) => p.texture)).toEqual(["v", "v", "p", "w", "m"]);
  });
  it("has nothing missing beyond the furthest place reached", () => {
    expect(timelineOf({ covered: [[0, 10]] }, 600).missing).toEqual([]);
    expect(timelineOf({ covered: [] }, 600)).toEqual({ verified: [], pending: [], waiting: [], missing: [] });
  });
  it("does not show slivers between a whole second and where it is played", () => {
    const t = timelineOf({ covered: [[0, 10]], waiting: [played(10.2, 15.4)] }, 60);
    expect(t.missing).toEqual([]);
  });
  it("never reaches beyond the lesson", () => {
    const pieces = piecesOf(timelineOf({ covered: [[0, 61]] }, 60), 60);
    expect(pieces).toEqual([{ from: 0, to: 1, texture: "v" }]);
    expect(piecesOf(timelineOf({ covered: [[0, 1]] }, 0), 0)).toEqual([]);
  });
});
