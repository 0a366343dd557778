import type { Schemas, Text } from "../../api/client";

export type Draft = Schemas["Draft"];
export type Asset = Schemas["Asset"];
export type Fields = Schemas["DraftFields"];
export type LessonKind = Schemas["DraftLesson"]["kind"];
export type AskKind = Schemas["LessonQuestion"]["kind"];
export type QuestionKind = Schemas["DraftQuestion"]["kind"];

/** Things under work carry a key of their own: the server names new ones only when they are saved. */
export interface EditChoice {
  key: string;
  text: Text;
  correct: boolean;
}
export interface EditQuestion {
  key: string;
  id?: string;
  kind: QuestionKind;
  stem: Text;
  explanation: Text;
  points: number;
  choices: EditChoice[];
}
export interface EditQuiz {
  passMark: number;
  attempts?: number;
  limitS?: number;
  questions: EditQuestion[];
}
/** One of a lesson's own questions, in the course's language. */
export interface EditAsk {
  key: string;
  /** Of a video; 0 in a document, which has pages from 1. */
  atMs: number;
  page?: number;
  kind: AskKind;
  prompt: string;
  choices: { key: string; text: string; correct: boolean }[];
}
export interface EditLesson {
  key: string;
  id?: string;
  kind: LessonKind;
  title: Text;
  required: boolean;
  asset?: Asset;
  text: Text;
  /** Of a document: the least and the most seconds of reading; 0: by its length. */
  minS: number;
  maxS: number;
  /** What these come to a page, as the server last said. */
  reading?: Schemas["ReadingTime"];
  quiz?: EditQuiz;
  asks?: EditAsk[];
}
export interface EditChapter {
  key: string;
  id?: string;
  title: Text;
  lessons: EditLesson[];
}

export const noText: Text = { zh: "", en: "" };
export const isEmpty = (t: Text) => t.zh.trim() === "" && t.en.trim() === "";
export const newKey = () => crypto.randomUUID();

export function fieldsOf(d: Draft): Fields {
  return {
    subject: d.subject,
    field_id: d.field?.id,
    language: d.language,
    title: d.title,
    summary: d.summary,
    description: d.description,
    outcomes: d.outcomes,
    proposed_hours: d.proposed_hours,
  };
}

/** An outcome nobody wrote is not sent: it only stands for the line to write into. */
export function fieldsToSend(f: Fields): Fields {
  return { ...f, outcomes: f.outcomes.filter((o) => !isEmpty(o)) };
}

function quizOf(q: Schemas["DraftQuiz"]): EditQuiz {
  return {
    passMark: q.pass_mark,
    attempts: q.attempts_allowed,
    limitS: q.time_limit_s,
    questions: q.questions.map((x) => ({
      key: x.id ?? newKey(),
      id: x.id,
      kind: x.kind,
      stem: x.stem,
      explanation: x.explanation,
      points: x.points ?? 1,
      choices: x.choices.map((c) => ({ key: newKey(), ...c })),
    })),
  };
}

const askOf = (q: Schemas["LessonQuestion"]): EditAsk => ({
  key: newKey(),
  atMs: q.at_ms,
  page: q.page,
  kind: q.kind,
  prompt: q.prompt,
  choices: q.choices.map((c) => ({ key: newKey(), ...c })),
});

export function chaptersOf(d: Pick<Draft, "chapters">): EditChapter[] {
  return d.chapters.map((c) => ({
    key: c.id,
    id: c.id,
    title: c.title,
    lessons: c.lessons.map((l) => ({
      key: l.id,
      id: l.id,
      kind: l.kind,
      title: l.title,
      required: l.required,
      asset: l.asset,
      text: l.text ?? noText,
      minS: l.min_s,
      maxS: l.max_s,
      reading: l.reading,
      quiz: l.quiz ? quizOf(l.quiz) : undefined,
      asks: l.questions.map(askOf),
    })),
  }));
}

function quizToSend(q: EditQuiz): Schemas["DraftQuiz"] {
  return {
    pass_mark: q.passMark,
    attempts_allowed: q.attempts,
    time_limit_s: q.limitS,
    questions: q.questions.map((x) => ({
      id: x.id,
      kind: x.kind,
      stem: x.stem,
      explanation: x.explanation,
      points: x.points,
      choices: x.choices.map((c) => ({ text: c.text, correct: c.correct })),
    })),
  };
}

const askToSend = (q: EditAsk): Schemas["LessonQuestion"] => ({
  at_ms: q.atMs,
  page: q.page,
  kind: q.kind,
  prompt: q.prompt,
  choices: q.choices.map((c) => ({ text: c.text, correct: c.correct })),
});

export function lessonToSend(l: EditLesson): Schemas["OutlineLesson"] {
  return {
    id: l.id,
    kind: l.kind,
    title: l.title,
    required: l.required,
    asset_id: l.asset?.id,
    ...(l.kind === "document" && { text: l.text, min_s: l.minS, max_s: l.maxS }),
    quiz: l.quiz ? quizToSend(l.quiz) : undefined,
    questions: l.asks?.map(askToSend),
  };
}

export function chaptersToSend(chapters: EditChapter[]): Schemas["OutlineChapter"][] {
  return chapters.map((c) => ({ id: c.id, title: c.title, lessons: c.lessons.map(lessonToSend) }));
}

/** Whether two things would be sent as the same. */
export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/**
 * Gives what is under work the ids the server chose. The answer has the order
 * of what was sent; what is under work may have been moved meanwhile.
 */
export function adoptIds(work: EditChapter[], sent: EditChapter[], answer: Draft["chapters"]): EditChapter[] {
  const ids = new Map<string, string>();
  const assets = new Map<string, Asset>();
  const readings = new Map<string, EditLesson["reading"]>();
  sent.forEach((c, i) => {
    const got = answer[i];
    if (!got) return;
    ids.set(c.key, got.id);
    c.lessons.forEach((l, j) => {
      const lesson = got.lessons[j];
      if (!lesson) return;
      ids.set(l.key, lesson.id);
      readings.set(l.key, lesson.reading);
      if (lesson.asset) assets.set(lesson.asset.id, lesson.asset);
      l.quiz?.questions.forEach((q, k) => {
        const id = lesson.quiz?.questions[k]?.id;
        if (id) ids.set(q.key, id);
      });
    });
  });
  const named = <T extends { key: string; id?: string }>(x: T): T => ({ ...x, id: ids.get(x.key) ?? x.id });
  return work.map((c) => ({
    ...named(c),
    lessons: c.lessons.map((l) => ({
      ...named(l),
      reading: readings.get(l.key) ?? l.reading,
      asset: l.asset && (assets.get(l.asset.id) ?? l.asset),
      quiz: l.quiz && { ...l.quiz, questions: l.quiz.questions.map(named) },
    })),
  }));
}
