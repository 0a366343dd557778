import { describe, expect, it } from "vitest";
import type { Answer, Check } from "../wire";
import { attending, leftS, toldOf } from "./attending";

const check = (part: Partial<Check> = {}): Check => ({
  id: "c1",
  kind: "confirm",
  window_s: 120,
  paused: false,
  can_extend: true,
  answer_by: "2031-01-01T00:02:00Z",
  ...part,
});

describe("the time that is left for a check", () => {
  it("is its window from when it arrived, whatever the device's date is", () => {
    const a = attending(null, check(), 5000);
    expect(a && leftS(a, 5000)).toBe(120);
    expect(a && leftS(a, 64_400)).toBe(61);
    expect(a && leftS(a, 999_000)).toBe(0);
  });

  it("does not begin anew when the check is repeated, nor with another question", () => {
    const first = attending(null, check(), 0);
    const again = attending(first, check(), 30_000);
    expect(again && leftS(again, 30_000)).toBe(90);
    const other = attending(again, check({ id: "c2", kind: "question" }), 40_000);
    expect(other && leftS(other, 40_000)).toBe(80);
  });

  it("grows by what the server gave", () => {
    const first = attending(null, check(), 0);
    const longer = attending(first, check({ answer_by: "2031-01-01T00:04:00Z", can_extend: false }), 100_000);
    expect(longer && leftS(longer, 100_000)).toBe(140);
  });

  it("has no end while study is paused, and is a new one after that", () => {
    const first = attending(null, check(), 0);
    const paused = attending(first, check({ answer_by: undefined, paused: true }), 130_000);
    expect(paused && leftS(paused, 500_000)).toBeNull();
    expect(attending(paused, undefined, 501_000)).toBeNull();
    const next = attending(paused, check({ answer_by: "2031-01-01T01:00:00Z" }), 600_000);
    expect(next && leftS(next, 600_000)).toBe(120);
  });
});

describe("what a check came to", () => {
  const answer = (part: Partial<Answer>): Answer => ({
    token: "t",
    seq: 2,
    verified_s: 300,
    covered: [],
    lesson_completed: false,
    ...part,
  });
  const before = { verifiedS: 57, forfeitedS: 10 };

  it("is what was confirmed, or what was lost", () => {
    expect(toldOf(answer({ presence_outcome: "passed" }), before)).toEqual({
      outcome: "passed",
      seconds: 243,
    });
    expect(toldOf(answer({ presence_outcome: "missed", forfeited_s: 70 }), before)).toEqual({
      outcome: "missed",
      seconds: 60,
    });
    expect(toldOf(answer({ presence_outcome: "wrong" }), before)?.outcome).toBe("wrong");
    expect(toldOf(answer({}), before)).toBeNull();
  });
});
