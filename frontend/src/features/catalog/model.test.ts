import { describe, expect, it } from "vitest";
import { chosenIn, marked, toggled, withoutFilters } from "./model";

describe("filters in the address", () => {
  it("turn on and off, leaving no empty list behind", () => {
    const on = toggled({ q: "x" }, { facet: "subject", value: "public" });
    expect(on).toEqual({ q: "x", subject: ["public"] });
    expect(toggled(on, { facet: "subject", value: "public" }).subject).toBeUndefined();
  });
  it("hold one band of hours at a time", () => {
    const one = toggled({}, { facet: "hours", value: "1-4" });
    expect(toggled(one, { facet: "hours", value: "4-8" }).hours).toBe("4-8");
    expect(toggled(one, { facet: "hours", value: "1-4" }).hours).toBeUndefined();
  });
  it("are listed, and cleared without losing the words and the order", () => {
    const search = { q: "x", sort: "title" as const, field: ["a", "b"], hours: "1-4" };
    expect(chosenIn(search)).toHaveLength(3);
    expect(withoutFilters(search)).toEqual({ q: "x", sort: "title" });
  });
});

describe("marked titles", () => {
  it("mark every hit, whatever its case", () => {
    expect(marked("Energy saves energy", ["energy"]).map((p) => p.hit)).toEqual([true, false, true]);
  });
  it("prefer the longer term and survive signs of regular expressions", () => {
    expect(marked("a(b) c", ["a(b)", "a"])[0]).toEqual({ text: "a(b)", hit: true });
  });
  it("leave a title whole without terms", () => {
    expect(marked("碳达峰", [])).toEqual([{ text: "碳达峰", hit: false }]);
  });
  it("never lose a character", () => {
    expect(
      marked("从节能政策到节能行动", ["节能"])
        .map((p) => p.text)
        .join(""),
    ).toBe("从节能政策到节能行动");
  });
});
