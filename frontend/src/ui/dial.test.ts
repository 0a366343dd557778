import { describe, expect, it } from "vitest";
import { dialLines, type Year } from "./dial";

const year = (over: Partial<Year>): Year => ({
  required: 72,
  professional: 0,
  public: 0,
  publicCap: 24,
  over: 0,
  ...over,
});
const count = (y: Year, kind: string) => dialLines(y).filter((l) => l.kind === kind).length;

describe("the year's ring", () => {
  it("has a tick for every required hour", () => {
    expect(count(year({}), "m")).toBe(72);
    expect(count(year({ required: 90 }), "m")).toBe(90);
  });
  it("splits public ticks and leaves professional ones whole", () => {
    const y = year({ public: 2, professional: 3 });
    expect(count(y, "pu")).toBe(4);
    expect(count(y, "v")).toBe(3);
    expect(count(y, "m")).toBe(67);
  });
  it("draws a part of an hour as a shorter tick", () => {
    const [whole, part] = dialLines(year({ professional: 1.5 })).filter((l) => l.kind === "v");
    const length = (l: typeof whole) => Math.hypot((l?.x2 ?? 0) - (l?.x1 ?? 0), (l?.y2 ?? 0) - (l?.y1 ?? 0));
    expect(length(part)).toBeCloseTo(length(whole) / 2, 0);
  });
  it("gives a shared tick the look of its greater part", () => {
    expect(count(year({ public: 0.5 }), "v")).toBe(0);
    expect(count(year({ public: 0.25 }), "pu")).toBe(1);
    expect(count(year({ public: 0.25, professional: 0.75 }), "v")).toBe(1);
  });
  it("never draws more than the ring holds", () => {
    expect(count(year({ professional: 500 }), "v")).toBe(72);
  });
  it("marks the cap once and what is above it outside the ring", () => {
    const y = year({ public: 24, over: 2 });
    expect(count(y, "mark")).toBe(1);
    expect(count(y, "over")).toBe(2);
    expect(count(year({ publicCap: 0 }), "mark")).toBe(0);
  });
});
