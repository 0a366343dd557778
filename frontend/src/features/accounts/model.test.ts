import { describe, expect, it } from "vitest";
import { checkSignUp } from "./model";

describe("the sign-up form", () => {
  it("passes what is complete", () => {
    expect(checkSignUp({ name: "欧阳静怡", email: "a@b.example", password: "correct horse cart" })).toEqual(
      {},
    );
  });
  it("names every field that is not right at once", () => {
    expect(checkSignUp({ name: " ", email: "nobody", password: "short" })).toEqual({
      name: "needed",
      email: "emailBad",
      password: "short",
    });
  });
  it("counts characters, not code units", () => {
    expect(checkSignUp({ name: "x", email: "a@b", password: "😀😀😀😀😀😀😀😀" }).password).toBe("short");
  });
});
