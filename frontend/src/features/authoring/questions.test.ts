import { describe, expect, it } from "vitest";
import { askAs, markAsk, momentOf, newAsk } from "./questions";

describe("a moment", () => {
  it.each([
    ["0:00", 0],
    ["3:20", 200_000],
    [" 90:05 ", 5_405_000],
    ["1:05:20", 3_920_000],
    ["3：20", 200_000],
    ["", undefined],
    ["200", undefined],
    ["3:60", undefined],
    ["1:60:00", undefined],
    ["3:2", undefined],
    ["-1:20", undefined],
    ["1:2:3:4", undefined],
  ])("%j is %s ms", (text, ms) => expect(momentOf(text)).toBe(ms));
});

describe("a lesson's own question", () => {
  const right = (q: ReturnType<typeof newAsk>) => q.choices.map((c) => c.correct);
  const key = (q: ReturnType<typeof newAsk>, n: number) => q.choices[n]?.key ?? "";
  it("begins where the one before it stands", () => {
    const first = { ...newAsk("video"), atMs: 61_000 };
    expect(newAsk("video", first)).toMatchObject({ atMs: 61_000 });
    expect(newAsk("document")).toMatchObject({ atMs: 0, page: 1 });
    expect(newAsk("document", { ...newAsk("document"), page: 4 }).page).toBe(4);
  });
  it("has one right choice, or several", () => {
    const q = newAsk("video");
    expect(right(q)).toEqual([true, false, false]);
    expect(right(markAsk(q, key(q, 2)))).toEqual([false, false, true]);
    const several = markAsk(askAs(q, "multiple"), key(q, 2));
    expect(right(several)).toEqual([true, false, true]);
    expect(right(askAs(several, "single"))).toEqual([true, false, false]);
  });
});
