import { expect, it } from "vitest";
import { ownPath } from "./ownPath";

it.each(["/", "/hours", "/hours?year=2026#x", "/learn/a/b", "/a//b"])("%s is ours", (to) => {
  expect(ownPath(to)).toBe(to);
});

it.each([
  "https://evil.example/",
  "//evil.example/",
  "///evil.example/",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/.//evil.example",
  "/x/..//evil.example",
  "javascript:alert(1)",
  " /hours",
  "hours",
  "",
  undefined,
  7,
])("%s is not", (to) => {
  expect(ownPath(to)).toBeUndefined();
});
