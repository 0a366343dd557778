import { describe, expect, it } from "vitest";
import { canZoom, zoomed } from "./zoom";

describe("zooming", () => {
  it("goes by steps, and ends", () => {
    expect([1, 1.25, 2].map((z) => zoomed(z, 1))).toEqual([1.25, 1.5, 3]);
    expect([1, 0.75, 3].map((z) => zoomed(z, -1))).toEqual([0.75, 0.5, 2]);
    expect([zoomed(3, 1), zoomed(0.5, -1)]).toEqual([3, 0.5]);
    expect([canZoom(3, 1), canZoom(3, -1), canZoom(0.5, -1)]).toEqual([false, true, false]);
  });
});
