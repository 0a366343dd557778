import { describe, expect, it } from "vitest";
import { hoursBounds, readCatalogSearch } from "./catalogSearch";

describe("the catalogue's address", () => {
  it("keeps what makes sense", () => {
    expect(
      readCatalogSearch({
        q: "节能",
        subject: "public",
        language: ["zh", "xx"],
        hours: "4-8",
        sort: "-hours",
      }),
    ).toEqual({
      q: "节能",
      subject: ["public"],
      language: ["zh"],
      hours: "4-8",
      sort: "-hours",
    });
  });
  it("leaves out what does not", () => {
    expect(readCatalogSearch({ q: "  ", subject: ["other"], hours: "x", sort: "best", field: [3] })).toEqual(
      {},
    );
  });
  it("reads a number somebody searched for as words", () => {
    expect(readCatalogSearch({ q: 2026 })).toEqual({ q: "2026" });
  });
  it("turns a band into bounds", () => {
    expect(hoursBounds("4-8")).toEqual({ hours_min: 4, hours_max: 8 });
    expect(hoursBounds("12-")).toEqual({ hours_min: 12, hours_max: undefined });
    expect(hoursBounds("0-1")).toEqual({ hours_min: undefined, hours_max: 1 });
    expect(hoursBounds(undefined)).toEqual({});
  });
});
