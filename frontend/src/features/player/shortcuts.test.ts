import { describe, expect, it } from "vitest";
import { commandOf } from "./shortcuts";

const page = { tagName: "BODY" };

describe("keys of the player", () => {
  it("work from anywhere on the page, in either case", () => {
    expect(commandOf(" ", page)).toBe("toggle");
    expect(commandOf("C", page)).toBe("captions");
    expect(commandOf("?", page)).toBe("help");
    expect(commandOf("n", page)).toBe("note");
    expect(commandOf("x", page)).toBeUndefined();
  });
  it("stay out of the way of typing", () => {
    expect(commandOf("m", { tagName: "INPUT", type: "search" })).toBeUndefined();
    expect(commandOf("m", { tagName: "INPUT", type: "range" })).toBe("mute");
  });
  it("let space press the button that has the focus", () => {
    expect(commandOf(" ", { tagName: "BUTTON" })).toBeUndefined();
    expect(commandOf("f", { tagName: "BUTTON" })).toBe("full");
  });
  it("leave arrows to sliders and tabs", () => {
    expect(commandOf("ArrowLeft", { tagName: "INPUT", type: "range" })).toBeUndefined();
    expect(commandOf("ArrowLeft", { tagName: "BUTTON", role: "tab" })).toBeUndefined();
    expect(commandOf("ArrowLeft", page)).toBe("back5");
  });
});
