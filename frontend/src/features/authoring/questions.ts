import { type EditQuestion, newKey, noText, type QuestionKind } from "./model";

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

/** The question as another kind: true or false has its two words, and only several-right keeps several right. */
export function asKind(q: EditQuestion, kind: QuestionKind): EditQuestion {
  if (kind === q.kind) return q;
  if (kind === "true_false") return { ...q, kind, choices: verdicts() };
  const first = q.choices.findIndex((c) => c.correct);
  const choices =
    kind === "multiple_choice" ? q.choices : q.choices.map((c, n) => ({ ...c, correct: n === first }));
  return { ...q, kind, choices };
}

/** Marks a choice as right; where one alone is right the others stop being it. */
export function markRight(q: EditQuestion, key: string): EditQuestion {
  const choices = q.choices.map((c) => {
    if (q.kind !== "multiple_choice") return { ...c, correct: c.key === key };
    return c.key === key ? { ...c, correct: !c.correct } : c;
  });
  return { ...q, choices };
}

export const addChoice = (q: EditQuestion): EditQuestion => ({ ...q, choices: [...q.choices, blank()] });

export const removeChoice = (q: EditQuestion, key: string): EditQuestion => ({
  ...q,
  choices: q.choices.filter((c) => c.key !== key),
});
