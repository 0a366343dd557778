import { describe, expect, it } from "vitest";
import { type Layout, nextMissing, nextSecond, pageAt, pagesOf, ranges, stateOf, stripOf } from "./pages";

const layout: Layout = { pages: 4, page_min_s: 10, page_max_s: 30 };
const span = (from: number, to: number) => ({ from_ms: from * 1000, to_ms: to * 1000, rate: 1 });

describe("a document's time", () => {
  it("is told page by page, each second in one state", () => {
    const pages = pagesOf(layout, {
      covered: [
        [0, 12],
        [25, 35],
      ],
      pending: [
        [10, 14],
        [60, 70],
      ],
      waiting: [span(13, 16), span(90, 95)],
    });
    expect(pages).toEqual([
      { verified: 17, pending: 2, waiting: 2 },
      { verified: 5, pending: 0, waiting: 0 },
      { verified: 0, pending: 10, waiting: 0 },
      { verified: 0, pending: 0, waiting: 5 },
    ]);
    expect(pages.map((p) => stateOf(p, layout))).toEqual(["read", "begun", "pending", "begun"]);
  });

  it("of nothing is nothing", () => {
    const pages = pagesOf(layout, { covered: [] });
    expect(pages.map((p) => stateOf(p, layout))).toEqual(["new", "new", "new", "new"]);
  });

  it("beyond the last page is dropped", () => {
    expect(pagesOf(layout, { covered: [[119, 500]] }).map((p) => p.verified)).toEqual([0, 0, 0, 1]);
  });
});

describe("reading a page", () => {
  it("goes on where its stretch ends", () => {
    expect(nextSecond(layout, 1, { covered: [[0, 34]] })).toBe(34);
    expect(nextSecond(layout, 1, { covered: [[0, 34]], pending: [[34, 36]], waiting: [span(36, 37)] })).toBe(
      37,
    );
  });

  it("begins at the page's own beginning", () => {
    expect(nextSecond(layout, 2, { covered: [[0, 30]] })).toBe(60);
  });

  it("fills what was forfeited between", () => {
    expect(
      nextSecond(layout, 0, {
        covered: [
          [0, 5],
          [8, 20],
        ],
      }),
    ).toBe(5);
  });

  it("claims whole seconds, and skips less than one", () => {
    expect(nextSecond(layout, 0, { covered: [], waiting: [span(0, 2.4)] })).toBe(3);
    expect(nextSecond(layout, 0, { covered: [[0, 29]], waiting: [span(29, 29.5)] })).toBeNull();
  });

  it("claims nothing more when the page is full", () => {
    expect(nextSecond(layout, 0, { covered: [[0, 30]] })).toBeNull();
  });
});

describe("a position", () => {
  it("lies in a page, and the very end in the last", () => {
    expect([0, 29_999, 30_000, 119_999, 120_000, -5].map((ms) => pageAt(layout, ms))).toEqual([
      0, 0, 1, 3, 3, 0,
    ]);
  });
});

describe("what is missing", () => {
  const pages = pagesOf(layout, {
    covered: [
      [0, 10],
      [60, 70],
    ],
  });
  it("is looked for after the present page first", () => {
    expect(nextMissing(pages, layout, 0)).toBe(1);
    expect(nextMissing(pages, layout, 1)).toBe(3);
    expect(nextMissing(pages, layout, 3)).toBe(1);
  });
  it("is nothing when every page has its least time", () => {
    const whole = pagesOf(layout, {
      covered: [
        [0, 10],
        [30, 40],
        [60, 70],
      ],
      waiting: [span(90, 100)],
    });
    expect(nextMissing(whole, layout, 0)).toBeNull();
  });
});

describe("the strip of pages", () => {
  it("is solid where a page is read, and an outline where it is not", () => {
    const pieces = stripOf(
      pagesOf(layout, {
        covered: [
          [0, 20],
          [30, 35],
        ],
        pending: [[60, 63]],
      }),
      layout,
    );
    const of = (p: number) => pieces.filter((x) => x.from >= p / 4 - 1e-9 && x.to <= (p + 1) / 4 + 1e-9);
    expect(of(0).map((x) => x.texture)).toEqual(["v"]);
    expect(of(1).map((x) => x.texture)).toEqual(["v", "m"]);
    expect(of(2).map((x) => x.texture)).toEqual(["p", "m"]);
    expect(of(3).map((x) => x.texture)).toEqual(["m"]);
    expect(pieces.length).toBe(6);
  });
  it("fills a page by its least time, however much longer it was read", () => {
    const [first] = stripOf(pagesOf(layout, { covered: [[0, 5]] }), layout);
    expect((first?.to ?? 0) - (first?.from ?? 0)).toBeCloseTo(0.5 * 0.88 * 0.25);
  });
});

describe("pages in few words", () => {
  it("are numbered from one, neighbours together", () => {
    expect(ranges([1, 4, 5, 6, 9])).toEqual({ text: "2, 5–7, 10", more: false });
    expect(ranges([])).toEqual({ text: "", more: false });
  });
  it("end after some groups", () => {
    expect(ranges([0, 2, 4, 6], 3)).toEqual({ text: "1, 3, 5", more: true });
  });
});
