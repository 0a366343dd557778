import type { Schemas } from "../../api/client";

export type Note = Schemas["Note"];

/** As many characters as the server takes. */
export const maxText = 2000;

/** What a note is to become, until the server has said that it is so. */
export interface Change {
  lessonId: string;
  atMs: number;
  /** null: it is to be deleted. */
  text: string | null;
  /** Tells this change from a later one of the same note. */
  stamp: number;
  /** The server's code, if it will not have it. */
  refused?: string;
}

export type Changes = Readonly<Record<string, Change>>;

/** A note as its writer sees it. */
export interface Item {
  id: string;
  lessonId: string;
  atMs: number;
  text: string;
  /** On this device alone so far. */
  waiting: boolean;
  refused?: string;
}

const byMoment = (a: Item, b: Item) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1);

/** A lesson's notes by their moment: the server's, as changed on this device. */
export function itemsOf(notes: Note[], changes: Changes, lessonId: string): Item[] {
  const kept = notes.filter((n) => !(n.id in changes)).map(itemOf);
  const changed = Object.entries(changes)
    .filter(([, c]) => c.lessonId === lessonId)
    .flatMap(([id, c]) => changedItem(id, c));
  return [...kept, ...changed].sort(byMoment);
}

export function itemOf(n: Note): Item {
  return { id: n.id, lessonId: n.lesson.id, atMs: n.at_ms, text: n.text, waiting: false };
}

/** As changed here; nothing if it is to be deleted. */
export function changedItem(id: string, { stamp: _, text, ...c }: Change): Item[] {
  return text === null ? [] : [{ id, ...c, text, waiting: true }];
}

/** Notes in the order they are listed in, those of a course and of a lesson together. */
export function byCourse(notes: Note[]) {
  const courses: { id: string; title: Schemas["Text"]; lessons: { of: Note; notes: Note[] }[] }[] = [];
  for (const n of notes) {
    let course = courses.at(-1);
    if (course?.id !== n.enrolment_id) {
      course = { id: n.enrolment_id, title: n.course.title, lessons: [] };
      courses.push(course);
    }
    const lesson = course.lessons.at(-1);
    if (lesson?.of.lesson.id === n.lesson.id) lesson.notes.push(n);
    else course.lessons.push({ of: n, notes: [n] });
  }
  return courses;
}
