export type Answers = Record<string, string[]>;

interface Question {
  id: string;
  kind: "single_choice" | "multiple_choice" | "true_false";
  answer: string[];
}

export function savedAnswers(questions: Question[]): Answers {
  return Object.fromEntries(questions.map((q) => [q.id, q.answer]));
}

/** The answer after pressing a choice: several may be on together only where several may be right. */
export function pressed(question: Question, answer: string[], choice: string): string[] {
  if (question.kind !== "multiple_choice") return [choice];
  return answer.includes(choice) ? answer.filter((c) => c !== choice) : [...answer, choice];
}

/** The numbers, from 1, of the questions without an answer. */
export function missingIn(questions: Question[], answers: Answers): number[] {
  return questions.flatMap((q, n) => ((answers[q.id] ?? []).length === 0 ? [n + 1] : []));
}
