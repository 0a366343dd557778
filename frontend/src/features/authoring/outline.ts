import type { Text } from "../../api/client";
import { type Asset, type EditChapter, type EditLesson, type LessonKind, noText } from "./model";

export type Step = -1 | 1;
export type OutlineAction =
  | { type: "add-chapter"; key: string; title: Text }
  | { type: "add-lesson"; chapter: string; key: string; kind: LessonKind; title: Text }
  | { type: "rename-chapter"; key: string; title: Text }
  | { type: "change-lesson"; key: string; patch: Partial<EditLesson> }
  | { type: "asset"; asset: Asset }
  | { type: "move"; key: string; step: Step }
  | { type: "remove"; key: string };

export function findLesson(chapters: EditChapter[], key: string): EditLesson | undefined {
  return chapters.flatMap((c) => c.lessons).find((l) => l.key === key || l.id === key);
}

export function findChapter(chapters: EditChapter[], key: string): EditChapter | undefined {
  return chapters.find((c) => c.key === key || c.id === key);
}

function newLesson(key: string, kind: LessonKind, title: Text): EditLesson {
  return {
    key,
    kind,
    title,
    required: kind !== "document", // much that is there to be read need not be; its author says what must
    text: noText,
    minS: 0,
    maxS: 0,
    quiz: kind === "quiz" ? { passMark: 60, questions: [] } : undefined,
  };
}

function swapped<T>(list: T[], a: number, b: number): T[] {
  const out = [...list];
  const [x, y] = [list[a], list[b]];
  if (x === undefined || y === undefined) return list;
  out[a] = y;
  out[b] = x;
  return out;
}

/** A lesson at the edge of its chapter goes on into the neighbouring one. */
function moveLesson(chapters: EditChapter[], key: string, step: Step): EditChapter[] {
  const i = chapters.findIndex((c) => c.lessons.some((l) => l.key === key));
  const from = chapters[i];
  if (!from) return chapters;
  const j = from.lessons.findIndex((l) => l.key === key);
  const lesson = from.lessons[j];
  if (!lesson) return chapters;
  if (from.lessons[j + step])
    return chapters.map((c) => (c === from ? { ...c, lessons: swapped(c.lessons, j, j + step) } : c));
  const to = chapters[i + step];
  if (!to) return chapters;
  return chapters.map((c) => {
    if (c === from) return { ...c, lessons: c.lessons.filter((l) => l !== lesson) };
    if (c === to) return { ...c, lessons: step === 1 ? [lesson, ...c.lessons] : [...c.lessons, lesson] };
    return c;
  });
}

function move(chapters: EditChapter[], key: string, step: Step): EditChapter[] {
  const i = chapters.findIndex((c) => c.key === key);
  return i < 0 ? moveLesson(chapters, key, step) : swapped(chapters, i, i + step);
}

const eachLesson = (chapters: EditChapter[], change: (l: EditLesson) => EditLesson) =>
  chapters.map((c) => ({ ...c, lessons: c.lessons.map(change) }));

export function outline(chapters: EditChapter[], action: OutlineAction): EditChapter[] {
  switch (action.type) {
    case "add-chapter":
      return [...chapters, { key: action.key, title: action.title, lessons: [] }];
    case "add-lesson": {
      const lesson = newLesson(action.key, action.kind, action.title);
      return chapters.map((c) => (c.key === action.chapter ? { ...c, lessons: [...c.lessons, lesson] } : c));
    }
    case "rename-chapter":
      return chapters.map((c) => (c.key === action.key ? { ...c, title: action.title } : c));
    case "change-lesson":
      return eachLesson(chapters, (l) => (l.key === action.key ? { ...l, ...action.patch } : l));
    case "asset":
      return eachLesson(chapters, (l) =>
        l.asset?.id === action.asset.id ? { ...l, asset: action.asset } : l,
      );
    case "move":
      return move(chapters, action.key, action.step);
    case "remove":
      return chapters
        .filter((c) => c.key !== action.key)
        .map((c) => ({ ...c, lessons: c.lessons.filter((l) => l.key !== action.key) }));
  }
}

/** Where a thing stands among its kin, for saying so: "2 of 5". */
export function placeOf(
  chapters: EditChapter[],
  key: string,
): { n: number; of: number; chapter?: EditChapter } {
  const i = chapters.findIndex((c) => c.key === key);
  if (i >= 0) return { n: i + 1, of: chapters.length };
  const chapter = chapters.find((c) => c.lessons.some((l) => l.key === key));
  const n = chapter?.lessons.findIndex((l) => l.key === key) ?? -1;
  return { n: n + 1, of: chapter?.lessons.length ?? 0, chapter };
}

export function mayMove(chapters: EditChapter[], key: string, step: Step): boolean {
  return move(chapters, key, step) !== chapters;
}
