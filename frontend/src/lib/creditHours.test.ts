import { describe, expect, it } from "vitest";
import { readHours, stepHours } from "./creditHours";

describe("credit hours as typed", () => {
  it.each([
    ["0.25", 0.25],
    ["6", 6],
    ["1,5", 1.5],
    [" 200 ", 200],
    ["", undefined],
    ["  ", undefined],
    ["0", undefined],
    ["-1", undefined],
    ["0.3", undefined],
    ["200.25", undefined],
    ["six", undefined],
  ])("%j reads as %s", (text, hours) => {
    expect(readHours(text)).toBe(hours);
  });
  it("step by quarters and stop at both ends", () => {
    expect(stepHours(6, 1)).toBe(6.25);
    expect(stepHours(0.25, -1)).toBe(0.25);
    expect(stepHours(200, 1)).toBe(200);
  });
});
