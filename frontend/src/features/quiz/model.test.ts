import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../../api/problem";
import { missingIn, pressed, savedAnswers } from "./model";
import { Saver, type SaveState } from "./saver";

const q = (
  id: string,
  kind: "single_choice" | "multiple_choice" | "true_false" = "single_choice",
  answer: string[] = [],
) => ({ id, kind, answer });

describe("an answer", () => {
  it("is one choice where one may be right", () => {
    expect(pressed(q("1"), ["a"], "b")).toEqual(["b"]);
    expect(pressed(q("1", "true_false"), ["a"], "a")).toEqual(["a"]);
  });
  it("is any number of choices where several may be right", () => {
    expect(pressed(q("1", "multiple_choice"), ["a"], "b")).toEqual(["a", "b"]);
    expect(pressed(q("1", "multiple_choice"), ["a", "b"], "a")).toEqual(["b"]);
  });
  it("is missing until something is chosen", () => {
    const questions = [q("1", "single_choice", ["a"]), q("2"), q("3", "multiple_choice", [])];
    expect(missingIn(questions, savedAnswers(questions))).toEqual([2, 3]);
    expect(missingIn(questions, { 1: ["a"], 2: ["b"], 3: ["c"] })).toEqual([]);
  });
});

describe("saving", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const setUp = (save: (question: string, choices: string[]) => Promise<{ saved_at: string }>) => {
    const states: SaveState[] = [];
    const refused = vi.fn();
    return { saver: new Saver(save, (s) => states.push(s), refused), states, refused };
  };

  it("goes in order and says when", async () => {
    const sent: string[] = [];
    const { saver, states } = setUp(async (question) => {
      sent.push(question);
      return { saved_at: `at ${question}` };
    });
    saver.put("1", ["a"]);
    saver.put("2", ["b"]);
    await saver.settled();
    expect(sent).toEqual(["1", "2"]);
    expect(states.at(-1)).toEqual({ kind: "saved", at: "at 2" });
  });

  it("sends only the last of several answers to one question that wait", async () => {
    const sent: string[][] = [];
    const { saver } = setUp(async (_q, choices) => {
      sent.push(choices);
      return { saved_at: "" };
    });
    saver.put("1", ["a"]);
    saver.put("2", ["x"]);
    saver.put("2", ["y"]);
    await saver.settled();
    expect(sent).toEqual([["a"], ["y"]]);
  });

  it("tries again until it is saved when nothing answers", async () => {
    let calls = 0;
    const { saver, states } = setUp(async () => {
      if (++calls < 3) throw Problem.network();
      return { saved_at: "now" };
    });
    saver.put("1", ["a"]);
    await vi.advanceTimersByTimeAsync(6000);
    expect(calls).toBe(3);
    expect(states.some((s) => s.kind === "offline")).toBe(true);
    expect(states.at(-1)).toEqual({ kind: "saved", at: "now" });
  });

  it("stops at a refusal and says which", async () => {
    const over = new Problem(409, { type: "/problems/attempt-overdue" });
    const save = vi.fn(async () => {
      throw over;
    });
    const { saver, refused } = setUp(save);
    saver.put("1", ["a"]);
    saver.put("2", ["b"]);
    await saver.settled();
    expect(save).toHaveBeenCalledTimes(1);
    expect(refused).toHaveBeenCalledWith(over);
  });
});
