import { describe, expect, it } from "vitest";
import { band, percent, share } from "./model";

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
