import {
  type AskKind,
  type EditAsk,
  type EditQuestion,
  type LessonKind,
  newKey,
  noText,
  type QuestionKind,
} from "./model";

const blank = () => ({ key: newKey(), text: noText, correct: false });
const verdicts = () => [
  { key: newKey(), text: { zh: "正确", en: "True" }, correct: true },
  { key: newKey(), text: { zh: "错误", en: "False" }, correct: false },
];

export function newQuestion(kind: QuestionKind): EditQuestion {
  return {
    key: newKey(),
    kind,
    stem: noText,
    explanation: noText,
    points: 1,
    choices:
      kind === "true_false" ? verdicts() : [{ ...blank(), correct: kind === "single_choice" }, blank()],
  };
}

interface Markable {
  key: string;
  correct: boolean;
}

const firstAlone = <C extends Markable>(choices: C[]): C[] => {
  const first = choices.findIndex((c) => c.correct);
  return choices.map((c, n) => ({ ...c, correct: n === first }));
};

/** Marks a choice as right; where one alone is right the others stop being it. */
const marked = <C extends Markable>(choices: C[], key: string, several: boolean): C[] =>
  choices.map((c) => {
    if (!several) return { ...c, correct: c.key === key };
    return c.key === key ? { ...c, correct: !c.correct } : c;
  });

/** The question as another kind: true or false has its two words, and only several-right keeps several right. */
export function asKind(q: EditQuestion, kind: QuestionKind): EditQuestion {
  if (kind === q.kind) return q;
  if (kind === "true_false") return { ...q, kind, choices: verdicts() };
  return { ...q, kind, choices: kind === "multiple_choice" ? q.choices : firstAlone(q.choices) };
}

export const markRight = (q: EditQuestion, key: string): EditQuestion => ({
  ...q,
  choices: marked(q.choices, key, q.kind === "multiple_choice"),
});

export const addChoice = (q: EditQuestion): EditQuestion => ({ ...q, choices: [...q.choices, blank()] });

export const removeChoice = <Q extends { choices: Markable[] }>(q: Q, key: string): Q => ({
  ...q,
  choices: q.choices.filter((c) => c.key !== key),
});

const blankLine = () => ({ key: newKey(), text: "", correct: false });

/** A question of a lesson's own, after the one before it. */
export function newAsk(lesson: LessonKind, before?: EditAsk): EditAsk {
  const place = lesson === "document" ? { atMs: 0, page: before?.page ?? 1 } : { atMs: before?.atMs ?? 0 };
  const choices = [{ ...blankLine(), correct: true }, blankLine(), blankLine()];
  return { key: newKey(), ...place, kind: "single", prompt: "", choices };
}

export const askAs = (q: EditAsk, kind: AskKind): EditAsk => ({
  ...q,
  kind,
  choices: kind === "multiple" ? q.choices : firstAlone(q.choices),
});

export const markAsk = (q: EditAsk, key: string): EditAsk => ({
  ...q,
  choices: marked(q.choices, key, q.kind === "multiple"),
});

export const addLine = (q: EditAsk): EditAsk => ({ ...q, choices: [...q.choices, blankLine()] });

/** A moment as a clock shows it, "3:20" or "1:05:20", in milliseconds; undefined for what is none. */
export function momentOf(text: string): number | undefined {
  const m = text.trim().match(/^(?:(\d{1,2})[:：])?(\d{1,3})[:：](\d{2})$/);
  if (!m) return undefined;
  const [h, min, s] = [Number(m[1] ?? 0), Number(m[2]), Number(m[3])];
  if (s > 59 || (m[1] !== undefined && min > 59)) return undefined;
  return ((h * 60 + min) * 60 + s) * 1000;
}
