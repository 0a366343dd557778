import { describe, expect, it } from "vitest";
import type { EditChapter } from "./model";
import { mayMove, type OutlineAction, outline, placeOf } from "./outline";

const text = (zh: string) => ({ zh, en: "" });
const build = (shape: Record<string, string[]>): EditChapter[] => {
  let chapters: EditChapter[] = [];
  const apply = (action: OutlineAction) => {
    chapters = outline(chapters, action);
  };
  for (const [chapter, lessons] of Object.entries(shape)) {
    apply({ type: "add-chapter", key: chapter, title: text(chapter) });
    for (const key of lessons) apply({ type: "add-lesson", chapter, key, kind: "video", title: text(key) });
  }
  return chapters;
};
const shapeOf = (chapters: EditChapter[]) =>
  Object.fromEntries(chapters.map((c) => [c.key, c.lessons.map((l) => l.key)]));
const start = build({ A: ["1", "2"], B: ["3"], C: [] });
const after = (action: OutlineAction) => shapeOf(outline(start, action));

describe("the outline", () => {
  it.each([
    ["down within its chapter", "1", 1, { A: ["2", "1"], B: ["3"], C: [] }],
    ["up within its chapter", "2", -1, { A: ["2", "1"], B: ["3"], C: [] }],
    ["out of the end into the next chapter's beginning", "2", 1, { A: ["1"], B: ["2", "3"], C: [] }],
    [
      "out of the beginning into the chapter before, at its end",
      "3",
      -1,
      { A: ["1", "2", "3"], B: [], C: [] },
    ],
    ["into an empty chapter", "3", 1, { A: ["1", "2"], B: [], C: ["3"] }],
  ] as const)("moves a lesson %s", (_name, key, step, shape) => {
    expect(after({ type: "move", key, step })).toEqual(shape);
  });
  it("moves chapters with their lessons", () => {
    const moved = outline(start, { type: "move", key: "B", step: -1 });
    expect(moved.map((c) => c.key)).toEqual(["B", "A", "C"]);
    expect(moved[0]?.lessons.map((l) => l.key)).toEqual(["3"]);
  });
  it("moves nothing past either end, and says so beforehand", () => {
    for (const [key, step] of [
      ["1", -1],
      ["A", -1],
      ["C", 1],
      ["nobody", 1],
    ] as const) {
      expect(mayMove(start, key, step)).toBe(false);
      expect(after({ type: "move", key, step })).toEqual(shapeOf(start));
    }
    expect(mayMove(start, "2", 1)).toBe(true);
  });
  it("removes a lesson, or a chapter with all that is in it", () => {
    expect(after({ type: "remove", key: "1" })).toEqual({ A: ["2"], B: ["3"], C: [] });
    expect(after({ type: "remove", key: "A" })).toEqual({ B: ["3"], C: [] });
  });
  it("begins quizzes with a pass mark, and requires no document by itself", () => {
    const add = (kind: "quiz" | "document") =>
      outline(start, { type: "add-lesson", chapter: "C", key: "new", kind, title: text("") })[2]?.lessons[0];
    expect(add("quiz")).toMatchObject({ required: true, quiz: { passMark: 60, questions: [] } });
    expect(add("document")).toMatchObject({ required: false, quiz: undefined });
  });
  it("changes only the lesson it is told to", () => {
    const changed = outline(start, { type: "change-lesson", key: "2", patch: { title: text("two") } });
    expect(changed.flatMap((c) => c.lessons.map((l) => l.title.zh))).toEqual(["1", "two", "3"]);
  });
  it("tells where a thing stands among its kin", () => {
    expect(placeOf(start, "2")).toMatchObject({ n: 2, of: 2, chapter: { key: "A" } });
    expect(placeOf(start, "C")).toMatchObject({ n: 3, of: 3 });
  });
});
