import { describe, expect, it } from "vitest";
import { actOf } from "./keys";
import { after, beside, withSentence } from "./model";

const items = ["a", "b", "c"];
const self = (item: string) => item;
const acts = { a: "approve", r: "return" };

describe("moving through the queue", () => {
  it("goes a step either way and stops at the ends", () => {
    expect(beside(items, self, "b", 1)).toBe("c");
    expect(beside(items, self, "b", -1)).toBe("a");
    expect(beside(items, self, "c", 1)).toBeUndefined();
  });
  it("starts at the end it comes from when nothing is open", () => {
    expect(beside(items, self, undefined, 1)).toBe("a");
    expect(beside(items, self, undefined, -1)).toBe("c");
  });
  it("goes on after a decision, or back from the last, or nowhere from the only one", () => {
    expect(after(items, self, "a")).toBe("b");
    expect(after(items, self, "c")).toBe("b");
    expect(after(items.slice(0, 1), self, "a")).toBeUndefined();
  });
});

describe("keys", () => {
  const key = (k: string, more = {}) => ({ key: k, ctrlKey: false, metaKey: false, altKey: false, ...more });
  const page = { tag: "BODY", editable: false };
  it.each([
    ["j", "next"],
    ["K", "previous"],
    ["Enter", "open"],
    ["a", "approve"],
    ["r", "return"],
    ["x", undefined],
  ])("%s means %s", (k, act) => {
    expect(actOf(key(k), page, acts)).toBe(act);
  });
  it("leave typing, shortcuts of the browser and pressed buttons alone", () => {
    expect(actOf(key("a"), { tag: "TEXTAREA", editable: false }, acts)).toBeUndefined();
    expect(actOf(key("r", { ctrlKey: true }), page, acts)).toBeUndefined();
    expect(actOf(key("Enter"), { tag: "BUTTON", editable: false }, acts)).toBeUndefined();
    expect(actOf(key("j"), { tag: "DIV", editable: true }, acts)).toBeUndefined();
  });
});

describe("ready-made sentences", () => {
  it("are added on a line of their own, once", () => {
    const one = withSentence("", "Too short.");
    expect(one).toBe("Too short.");
    expect(withSentence(withSentence("See above. ", "Too short."), "Too short.")).toBe(
      "See above.\nToo short.",
    );
  });
});
