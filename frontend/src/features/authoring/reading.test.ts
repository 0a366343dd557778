import { describe, expect, it } from "vitest";
import { minutesOf, secondsOf, tooShort } from "./reading";

describe("minutes of reading", () => {
  it("are kept in whole seconds, and come back as they were written", () => {
    for (const written of ["10", "0.5", "1.25", "1440"]) expect(minutesOf(secondsOf(written))).toBe(written);
    expect([secondsOf("0.2"), secondsOf("0.005")]).toEqual([12, 0]);
    for (let s = 1; s < 4000; s++) expect(secondsOf(minutesOf(s))).toBe(s);
  });
  it("are left to the document's length when nothing, or nonsense, is written", () => {
    expect(["", "0", "-3", "x", "1e999"].map(secondsOf)).toEqual([0, 0, 0, 0, 0]);
    expect(minutesOf(0)).toBe("");
  });
  it("end at a day", () => {
    expect(secondsOf("999999")).toBe(86_400);
  });
  it("must leave room between the least and the most", () => {
    expect(tooShort({ minS: 60, maxS: 59 })).toBe(true);
    expect([tooShort({ minS: 60, maxS: 60 }), tooShort({ minS: 60, maxS: 0 })]).toEqual([false, false]);
  });
});
