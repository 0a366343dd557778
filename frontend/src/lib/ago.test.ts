import { describe, expect, it } from "vitest";
import { ago } from "./ago";
import { bytes } from "./bytes";

const now = Date.parse("2026-11-24T12:00:00Z");

describe("how long ago", () => {
  it.each([
    ["2026-11-24T11:59:40Z", "this minute"],
    ["2026-11-24T11:55:00Z", "5 minutes ago"],
    ["2026-11-24T09:30:00Z", "2 hours ago"],
    ["2026-11-21T12:00:00Z", "3 days ago"],
    ["2026-11-24T12:00:30Z", "this minute"],
  ])("%s is %s", (iso, words) => {
    expect(ago(iso, now, "en")).toBe(words);
  });
});

describe("sizes", () => {
  it.each([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [1000, "1 kB"],
    [12_400_000, "12.4 MB"],
    [3_100_000_000, "3.1 GB"],
    [9e12, "9,000 GB"],
  ])("%d bytes are %s", (n, words) => {
    expect(bytes(n, "en")).toBe(words);
  });
});
