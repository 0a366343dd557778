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
  it("is verified, pending or missing, and no second is two of them", () => {
    const t = timelineOf(
      [
        [0, 12],
        [20, 25],
      ],
      [played(24, 31)],
      60,
    );
    expect(t).toEqual({
      verified: [
        [0, 12],
        [20, 25],
      ],
      pending: [[25, 31]],
      missing: [[12, 20]],
    });
    expect(total(t.verified) + total(t.pending) + total(t.missing)).toBe(31);
  });
  it("has nothing missing beyond the furthest place reached", () => {
    expect(timelineOf([[0, 10]], [], 600).missing).toEqual([]);
    expect(timelineOf([], [], 600)).toEqual({ verified: [], pending: [], missing: [] });
  });
  it("does not show slivers between a whole second and where it is played", () => {
    const t = timelineOf([[0, 10]], [played(10.2, 15.4)], 60);
    expect(t.missing).toEqual([]);
  });
  it("never reaches beyond the lesson", () => {
    const pieces = piecesOf(timelineOf([[0, 61]], [], 60), 60);
    expect(pieces).toEqual([{ from: 0, to: 1, texture: "v" }]);
    expect(piecesOf({ verified: [[0, 1]], pending: [], missing: [] }, 0)).toEqual([]);
  });
});
