import { describe, expect, it } from "vitest";
import type { Layout } from "./pages";
import { countedOf, offsetTo, seenIn, shares } from "./seen";

const window = { top: 100, bottom: 900 };
const pagesOf = (first: number, height: number) => (p: number) => ({
  top: first + p * height,
  bottom: first + (p + 1) * height,
});

describe("what is seen", () => {
  it("is the page at the middle of the window", () => {
    expect(seenIn(window, 10, pagesOf(-2000, 1000))).toMatchObject({ middle: 2, whole: [2] });
    expect(seenIn(window, 10, pagesOf(-1450, 1000))).toMatchObject({ middle: 1, whole: [] });
  });
  it("is the first above the document, and the last below it", () => {
    expect(seenIn(window, 10, pagesOf(700, 1000)).middle).toBe(0);
    expect(seenIn(window, 10, pagesOf(-30_000, 1000)).middle).toBe(9);
  });
  it("are all the pages that are whole in the window", () => {
    expect(seenIn(window, 10, pagesOf(-90, 200))).toMatchObject({ middle: 2, whole: [1, 2, 3, 4] });
  });
  it("is everything when everything fits", () => {
    expect(seenIn(window, 3, pagesOf(150, 100))).toMatchObject({ middle: 2, whole: [0, 1, 2] });
  });
  it("is nothing while the document is below the window, or has been left above it", () => {
    const out = (first: number, pages = 3) => seenIn(window, pages, pagesOf(first, 1000)).out;
    expect([out(900), out(850), out(750), out(-2750), out(-2950)]).toEqual([true, true, false, false, true]);
  });
  it("of a very short document is the whole of it", () => {
    expect(seenIn(window, 1, pagesOf(860, 40)).out).toBe(false);
    expect(seenIn(window, 1, pagesOf(880, 40)).out).toBe(true);
  });
  it("of a text is a share of its height", () => {
    const band = shares({ top: -900, bottom: 2100 }, 3);
    expect(band(1)).toEqual({ top: 100, bottom: 1100 });
    expect(seenIn(window, 3, band).middle).toBe(1);
  });
});

describe("going to a page", () => {
  it("puts a short one at the middle", () => {
    expect(offsetTo(window, { top: 2000, bottom: 2200 })).toBe(2000 - 400);
  });
  it("begins a tall one at the top", () => {
    expect(offsetTo(window, { top: 2000, bottom: 4000 })).toBe(1900);
  });
});

describe("the page that counts", () => {
  const layout: Layout = { pages: 4, page_min_s: 10, page_max_s: 30 };
  const times = (...read: number[]) => read.map((verified) => ({ verified, pending: 0, waiting: 0 }));
  it("is the one at the middle while it lacks time", () => {
    expect(countedOf({ middle: 1, whole: [0, 1, 2], out: false }, times(0, 9, 0, 0), layout)).toBe(1);
  });
  it("is another in sight when that one has enough", () => {
    expect(countedOf({ middle: 1, whole: [0, 1, 2], out: false }, times(10, 10, 3, 0), layout)).toBe(2);
  });
  it("is never one out of sight", () => {
    expect(countedOf({ middle: 1, whole: [1], out: false }, times(0, 10, 0, 0), layout)).toBe(1);
  });
});
