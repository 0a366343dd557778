import { describe, expect, it } from "vitest";
import { type Attention, attend, awayOf } from "./attention";
import { ReadingClock } from "./clock";

const here: Attention = { visible: true, blurredAt: null, activeAt: 0 };

describe("somebody reads", () => {
  it("while the page is seen and something was done within a minute", () => {
    expect(awayOf(here, 59_999)).toBeNull();
    expect(awayOf(here, 60_000)).toBe("idle");
    expect(awayOf(attend(here, { type: "active" }, 59_000), 118_000)).toBeNull();
  });

  it("never in the background", () => {
    const hidden = attend(here, { type: "visible", visible: false }, 10);
    expect(awayOf(hidden, 11)).toBe("hidden");
    expect(awayOf(attend(hidden, { type: "visible", visible: true }, 90_000), 90_001)).toBeNull();
  });

  it("for a while beside another window, but not for long", () => {
    const aside = attend(attend(here, { type: "blur" }, 1000), { type: "blur" }, 30_000);
    const moving = attend(aside, { type: "active" }, 60_500);
    expect(awayOf(moving, 60_999)).toBeNull();
    expect(awayOf(moving, 61_000)).toBe("blurred");
    expect(awayOf(attend(moving, { type: "focus" }, 70_000), 70_000)).toBeNull();
  });
});

describe("the reading clock", () => {
  const run = (ticks: [number | null, number][]) => {
    const clock = new ReadingClock();
    return ticks.map(([page, now]) => clock.tick(page, now));
  };

  it("counts whole seconds of one page", () => {
    expect(
      run([
        [0, 0],
        [0, 500],
        [0, 1000],
        [0, 1600],
        [0, 2100],
      ]),
    ).toEqual([false, false, true, false, true]);
  });
  it("begins anew with another page", () => {
    expect(
      run([
        [0, 0],
        [0, 900],
        [1, 1100],
        [1, 1900],
        [1, 2100],
      ]),
    ).toEqual([false, false, false, false, true]);
  });
  it("stands still while nothing counts", () => {
    expect(
      run([
        [0, 0],
        [0, 900],
        [null, 1000],
        [0, 1100],
        [0, 2000],
      ]),
    ).toEqual([false, false, false, false, false]);
  });
  it("does not count a sleep", () => {
    expect(
      run([
        [0, 0],
        [0, 900],
        [0, 3_600_000],
        [0, 3_600_900],
      ]),
    ).toEqual([false, false, false, false]);
  });
  it("does not go back", () => {
    expect(
      run([
        [0, 5000],
        [0, 4000],
        [0, 4900],
        [0, 5000],
      ]),
    ).toEqual([false, false, false, true]);
  });
});
