import { describe, expect, it } from "vitest";
import type { EditChapter, EditLesson, Fields } from "./model";
import { overlayFields, overlayOutline } from "./overlay";

const t = (zh: string) => ({ zh, en: "" });
const fields = (patch: Partial<Fields>): Fields => ({
  subject: "professional",
  language: "zh",
  title: t("old"),
  summary: t("old"),
  description: t("old"),
  outcomes: [],
  ...patch,
});
const lesson = (id: string, title = id): EditLesson => ({
  key: id,
  id,
  kind: "video",
  title: t(title),
  required: true,
  minS: 0,
  maxS: 0,
  text: t(""),
});
const unsaved = (key: string): EditLesson => ({ ...lesson(key), id: undefined });
const chapter = (id: string, lessons: EditLesson[], title = id): EditChapter => ({
  key: id,
  id,
  title: t(title),
  lessons,
});
const titles = (chapters: EditChapter[]) =>
  chapters.map((c) => [c.title.zh, ...c.lessons.map((l) => `${l.title.zh}${l.id ? "" : " (new)"}`)]);

describe("laying my edits over theirs", () => {
  it("keeps the fields I changed and takes the rest from them", () => {
    const merged = overlayFields(
      fields({}),
      fields({ title: t("mine"), proposed_hours: 2 }),
      fields({ title: t("theirs"), summary: t("theirs") }),
    );
    expect(merged).toMatchObject({ title: t("mine"), summary: t("theirs"), proposed_hours: 2 });
  });
  it("drops a field I emptied though they kept it", () => {
    const merged = overlayFields(
      fields({ field_id: "it" }),
      fields({ field_id: undefined }),
      fields({ field_id: "it" }),
    );
    expect(merged.field_id).toBeUndefined();
  });

  const base = [chapter("A", [lesson("1"), lesson("2")])];
  it("takes the outline of whoever alone changed it", () => {
    const other = [chapter("A", [lesson("2"), lesson("1")])];
    expect(overlayOutline(base, base, other)).toBe(other);
    expect(overlayOutline(base, other, base)).toBe(other);
  });
  it("joins changes to different lessons, in their order", () => {
    const mine = [chapter("A", [lesson("1", "mine"), lesson("2"), unsaved("3")])];
    const theirs = [chapter("A", [lesson("2", "theirs"), lesson("1")], "renamed")];
    expect(titles(overlayOutline(base, mine, theirs))).toEqual([["renamed", "theirs", "mine", "3 (new)"]]);
  });
  it("keeps as new what I changed and they removed, and lets the rest of it go", () => {
    const mine = [chapter("A", [lesson("1", "mine"), lesson("2")])];
    expect(titles(overlayOutline(base, mine, [chapter("A", [])]))).toEqual([["A", "mine (new)"]]);
    expect(titles(overlayOutline(base, mine, []))).toEqual([["A", "mine (new)"]]);
  });
});
