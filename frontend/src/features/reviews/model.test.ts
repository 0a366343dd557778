import { describe, expect, it } from "vitest";
import { actOf } from "./keys";
import { after, beside, withSentence } from "./model";

const items = ["a", "b", "c"].map((version_id) => ({ version_id }));
const id = (i: { version_id: string } | undefined) => i?.version_id;

describe("moving through the queue", () => {
  it("goes a step either way and stops at the ends", () => {
    expect(id(beside(items, "b", 1))).toBe("c");
    expect(id(beside(items, "b", -1))).toBe("a");
    expect(beside(items, "c", 1)).toBeUndefined();
  });
  it("starts at the end it comes from when nothing is open", () => {
    expect(id(beside(items, undefined, 1))).toBe("a");
    expect(id(beside(items, undefined, -1))).toBe("c");
  });
  it("goes on after a decision, or back from the last, or nowhere from the only one", () => {
    expect(id(after(items, "a"))).toBe("b");
    expect(id(after(items, "c"))).toBe("b");
    expect(after(items.slice(0, 1), "a")).toBeUndefined();
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
    expect(actOf(key(k), page)).toBe(act);
  });
  it("leave typing, shortcuts of the browser and pressed buttons alone", () => {
    expect(actOf(key("a"), { tag: "TEXTAREA", editable: false })).toBeUndefined();
    expect(actOf(key("r", { ctrlKey: true }), page)).toBeUndefined();
    expect(actOf(key("Enter"), { tag: "BUTTON", editable: false })).toBeUndefined();
    expect(actOf(key("j"), { tag: "DIV", editable: true })).toBeUndefined();
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
