import { describe, expect, it } from "vitest";
import { missingPlace } from "./missing";
import type { EditChapter, EditLesson } from "./model";

const lesson = (key: string): EditLesson => ({
  key,
  kind: "quiz",
  title: { zh: key, en: key },
  required: true,
  minS: 0,
  maxS: 0,
  text: { zh: "", en: "" },
});
const chapters: EditChapter[] = [
  { key: "c0", title: { zh: "", en: "" }, lessons: [lesson("l00")] },
  { key: "c1", title: { zh: "", en: "" }, lessons: [lesson("l10"), lesson("l11")] },
];
const at = (place: string, code: string) => missingPlace({ place, code, message: "as written" }, chapters);

describe("what is missing", () => {
  // Every place and code that the server's Version.Missing, of its lessons and of Quiz.Missing tell of.
  it.each([
    ["title.zh", "empty", "title", "about", "title-zh"],
    ["summary.en", "empty", "summary", "about", "summary-en"],
    ["description.zh", "empty", "description", "about", "description-zh"],
    ["field_id", "no-field", "no-field", "about", "field_id"],
    ["proposed_hours", "no-hours", "no-hours", "about", "proposed_hours"],
    ["chapters", "nothing-required", "nothing-required", "outline", "outline"],
    ["chapters[0].title", "empty", "chapter-title", "c0", "title"],
    ["chapters[1]", "no-lessons", "no-lessons", "c1", "content"],
    ["chapters[1].lessons[0].title", "empty", "lesson-title", "l10", "title"],
    ["chapters[1].lessons[1]", "no-content", "no-content", "l11", "content"],
    ["chapters[0].lessons[0].asset", "no-video", "no-video", "l00", "asset"],
    ["chapters[0].lessons[0].asset", "asset-failed", "asset-failed", "l00", "asset"],
    ["chapters[0].lessons[0].asset", "asset-not-ready", "asset-not-ready", "l00", "asset"],
    ["chapters[0].lessons[0].quiz", "no-questions", "no-questions", "l00", "quiz"],
    ["chapters[0].lessons[0].quiz.questions[2].stem", "empty", "stem", "l00", "question-2"],
    ["chapters[0].lessons[0].quiz.questions[2].choices[1].text", "empty", "choice", "l00", "question-2"],
    ["chapters[0].lessons[0].quiz.questions[0].choices", "one-right", "one-right", "l00", "question-0"],
    ["chapters[0].lessons[0].quiz.questions[0].choices", "some-right", "some-right", "l00", "question-0"],
    ["chapters[1].lessons[0].questions[3].prompt", "empty", "stem", "l10", "question-3"],
    ["chapters[1].lessons[0].questions[3].choices[0].text", "empty", "choice", "l10", "question-3"],
    ["chapters[1].lessons[0].questions[0].choices", "one-right", "one-right", "l10", "question-0"],
    ["chapters[1].lessons[0].questions[1]", "after-end", "after-end", "l10", "question-1"],
  ])("%s, %s is said as %s and put right in %s at %s", (place, code, kind, part, focus) => {
    expect(at(place, code)).toMatchObject({ kind, at: part, focus });
  });
  it("names language, question and choice as people count them", () => {
    expect(at("summary.en", "empty").language).toBe("en");
    const choice = at("chapters[0].lessons[0].quiz.questions[2].choices[1].text", "empty");
    expect(choice).toMatchObject({ question: 3, choice: 2, lesson: { key: "l00" }, chapter: { key: "c0" } });
  });
  it("falls back on the server's words for a code it does not know", () => {
    expect(at("chapters[0].lessons[0].asset", "too-loud")).toMatchObject({
      kind: undefined,
      message: "as written",
      at: "l00",
    });
  });
  it("leads to the outline when the lesson is gone already", () => {
    expect(at("chapters[7].lessons[0].asset", "no-video").at).toBe("outline");
  });
});
