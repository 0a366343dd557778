import { describe, expect, it } from "vitest";
import { clock, date, duration, exact, number, pick } from "./format";

describe("figures of time", () => {
  it("look like a clock", () => {
    expect([0, 59.9, 60, 3599, 3600, 3925, -5].map(clock)).toEqual([
      "0:00",
      "0:59",
      "1:00",
      "59:59",
      "1:00:00",
      "1:05:25",
      "0:00",
    ]);
  });
  it("are said in the reader's language", () => {
    expect(duration(51, "zh-CN")).toBe("51 秒");
    expect(duration(16_320, "zh-CN")).toBe("4 小时 32 分");
    expect(duration(16_320, "en")).toBe("4 h 32 min");
    expect(duration(3600, "en")).toBe("1 h");
    expect(duration(3599, "en")).toBe("1 h");
    expect(exact(243, "zh-CN")).toBe("4 分 03 秒");
    expect(exact(3925, "en")).toBe("1 h 05 min 25 s");
    expect(exact(9.4, "en")).toBe("9 s");
  });
});

describe("dates and numbers", () => {
  it("are written as each language writes them", () => {
    const day = "2026-11-24T04:00:00Z";
    expect(date(day, "zh-CN")).toBe("2026 年 11 月 24 日");
    expect(date(day, "en")).toBe("24 November 2026");
    expect(number(12480.5, "en")).toBe("12,480.5");
  });
});

describe("a text in two languages", () => {
  it("falls back to the one that was written", () => {
    expect(pick({ zh: "课", en: "Course" }, "en")).toBe("Course");
    expect(pick({ zh: "课", en: "" }, "en")).toBe("课");
    expect(pick(undefined, "zh-CN")).toBe("");
  });
});
