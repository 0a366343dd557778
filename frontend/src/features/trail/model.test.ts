import { describe, expect, it } from "vitest";
import en from "./locale/en.json";
import { actions, changes, known, objects } from "./model";

describe("what a deed changed", () => {
  it("shows what is new, what went and what became something else", () => {
    expect(
      changes({ role: "a", until: null, same: 1 }, { role: "b", note: "x", same: 1, list: [1, 2] }),
    ).toEqual([
      { name: "role", before: "a", after: "b" },
      { name: "note", before: undefined, after: "x" },
      { name: "list", before: undefined, after: "[1,2]" },
    ]);
  });
  it("is nothing when nothing is kept", () => {
    expect(changes(undefined, undefined)).toEqual([]);
    expect(changes(null, {})).toEqual([]);
  });
  it("takes a value that is no object as it is", () => {
    expect(changes(undefined, "x")).toEqual([{ name: "", before: undefined, after: "x" }]);
  });
});

it("has a sentence for every deed and a name for every object", () => {
  for (const a of actions) expect(en, a).toHaveProperty([`act.${a}`]);
  for (const o of objects) expect(en, o).toHaveProperty([`of.${o}`]);
  expect(known("course.submit")).toBe("course.submit");
  expect(known("course.burn")).toBeUndefined();
});
