import { describe, expect, it } from "vitest";
import { chosen, meantBy } from "./keys";

const body = { tagName: "BODY" };

describe("keys during a presence check", () => {
  it("choose by number and send with Enter", () => {
    expect(meantBy("1", body, 3)).toBe(0);
    expect(meantBy("3", { tagName: "INPUT", type: "radio" }, 3)).toBe(2);
    expect(meantBy("Enter", body, 3)).toBe("send");
    expect(meantBy("Enter", body, 0)).toBe("send");
  });

  it("mean nothing where there is no such choice", () => {
    for (const key of ["4", "9", "0", "a", "Escape", " "]) expect(meantBy(key, body, 3)).toBeUndefined();
  });

  it("are left to somebody who types a note", () => {
    for (const focus of [
      { tagName: "TEXTAREA" },
      { tagName: "INPUT", type: "search" },
      { tagName: "INPUT" },
      { tagName: "SELECT" },
      { tagName: "DIV", editable: true },
    ])
      for (const key of ["1", "Enter"]) expect(meantBy(key, focus, 3)).toBeUndefined();
  });

  it("press the button that has the focus rather than send", () => {
    expect(meantBy("Enter", { tagName: "BUTTON" }, 3)).toBeUndefined();
    expect(meantBy("2", { tagName: "BUTTON" }, 3)).toBe(1);
  });

  it("change a single choice, and add to several", () => {
    expect(chosen([1], 0, false)).toEqual([0]);
    expect(chosen([2], 0, true)).toEqual([0, 2]);
    expect(chosen([0, 2], 0, true)).toEqual([2]);
  });
});
