import type { Schemas } from "../../api/client";
import type { EditChapter, EditLesson } from "./model";

type Missing = Schemas["Problem"];

/** What the list says of a missing thing; each is a message of the feature. */
const kinds = [
  "title",
  "summary",
  "description",
  "no-field",
  "no-hours",
  "nothing-required",
  "chapter-title",
  "no-lessons",
  "lesson-title",
  "no-content",
  "no-video",
  "asset-failed",
  "asset-not-ready",
  "no-questions",
  "stem",
  "choice",
  "one-right",
  "some-right",
  "after-end",
] as const;
export type MissingKind = (typeof kinds)[number];

export interface MissingPlace {
  /** Undefined for a code this program does not know yet; the server's words are shown then. */
  kind?: MissingKind;
  message: string;
  /** The part of the editor it is put right in. */
  at: string;
  /** The id of the element to go to there. */
  focus: string;
  language?: "zh" | "en";
  chapter?: EditChapter;
  lesson?: EditLesson;
  /** Counted from 1. */
  question?: number;
  choice?: number;
}

const place =
  /^chapters(?:\[(\d+)\](?:\.lessons\[(\d+)\])?)?(?:\.(title|asset|quiz))?(?:\.questions\[(\d+)\](?:\.(stem|prompt|choices)(?:\[(\d+)\])?)?)?/;

const known = (code: string): MissingKind | undefined => kinds.find((k) => k === code);

/** The text a place and the code "empty" speak of. */
function emptyKind(m: RegExpMatchArray): MissingKind {
  if (m[5] === "stem" || m[5] === "prompt") return "stem";
  if (m[6] !== undefined) return "choice";
  return m[2] === undefined ? "chapter-title" : "lesson-title";
}

function ofCourse(problem: Missing): MissingPlace {
  const [name = "", language] = problem.place.split(".");
  const kind = problem.code === "empty" ? known(name) : known(problem.code);
  return {
    kind,
    message: problem.message,
    at: "about",
    focus: language ? `${name}-${language}` : name,
    language: language === "zh" || language === "en" ? language : undefined,
  };
}

function focusOf(m: RegExpMatchArray): string {
  if (m[4] !== undefined) return `question-${m[4]}`;
  if (m[3] === "title") return "title";
  return m[3] ?? "content";
}

/** Translates a place the server names into where it is put right and what is said about it. */
export function missingPlace(problem: Missing, chapters: EditChapter[]): MissingPlace {
  const m = problem.place.match(place);
  if (!m) return ofCourse(problem);
  const chapter = m[1] === undefined ? undefined : chapters[Number(m[1])];
  const lesson = m[2] === undefined ? undefined : chapter?.lessons[Number(m[2])];
  return {
    kind: problem.code === "empty" ? emptyKind(m) : known(problem.code),
    message: problem.message,
    at: (lesson ?? chapter)?.key ?? "outline",
    focus: chapter ? focusOf(m) : "outline",
    chapter,
    lesson,
    question: m[4] === undefined ? undefined : Number(m[4]) + 1,
    choice: m[6] === undefined ? undefined : Number(m[6]) + 1,
  };
}
