import { describe, expect, it } from "vitest";
import { type Check, marks, onTime, share, tally } from "./model";

describe("the drawing of a session", () => {
  it("keeps every moment within its line", () => {
    expect(share(500, 1000)).toBe(0.5);
    expect(share(-5, 1000)).toBe(0);
    expect(share(2000, 1000)).toBe(1);
    expect(share(10, 0)).toBe(0);
  });
  it("has one mark a beat, and late ones apart", () => {
    expect(marks([0, 500], 1000, 8)).toBe("M0.0 0v8M500.0 0v8");
    expect(marks([], 1000, 8)).toBe("");
    expect(onTime({ beats_ms: [1, 2, 3], late_ms: [2] })).toEqual([1, 3]);
  });
});

describe("the tally of checks", () => {
  const check = (outcome: Check["outcome"]): Check => ({ asked_ms: 0, question: false, outcome });
  it("leaves out the one that is still open", () => {
    expect(tally([check("passed"), check("missed"), check("wrong"), check("open")])).toEqual({
      ended: 3,
      passed: 1,
      missed: 1,
    });
  });
});
