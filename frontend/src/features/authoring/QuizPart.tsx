import { useState } from "react";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { useAuthoring } from "./messages";
import type { EditQuestion, EditQuiz, QuestionKind } from "./model";
import { QuestionCard } from "./QuestionCard";
import { newQuestion } from "./questions";

interface NumberProps {
  label: string;
  hint?: string;
  value: number | undefined;
  min: number;
  max: number;
  /** What an empty field means; without it a number is needed. */
  optional?: boolean;
  onChange: (value: number | undefined) => void;
}

/** A whole number; what is not one is shown as wrong and not kept. */
export function NumberField({ label, hint, value, min, max, optional, onChange }: NumberProps) {
  const t = useAuthoring();
  const [typed, setTyped] = useState<string>();
  const text = typed ?? (value === undefined ? "" : String(value));
  const read = (s: string) => {
    const n = Number(s);
    return s.trim() !== "" && Number.isInteger(n) && n >= min && n <= max ? n : undefined;
  };
  const blank = text.trim() === "";
  const wrong = blank ? !optional : read(text) === undefined;
  return (
    <Field
      label={label}
      hint={hint}
      inputMode="numeric"
      autoComplete="off"
      value={text}
      error={wrong ? t("numberWrong", { min, max }) : undefined}
      onChange={(e) => {
        setTyped(e.target.value);
        const n = read(e.target.value);
        if (n !== undefined || (optional && e.target.value.trim() === "")) onChange(n);
      }}
      onBlur={() => {
        if (!wrong) setTyped(undefined);
      }}
    />
  );
}

const kinds: QuestionKind[] = ["single_choice", "multiple_choice", "true_false"];

/** The rules of a quiz and its questions with their right answers. */
export function QuizPart({ quiz, onChange }: { quiz: EditQuiz; onChange: (quiz: EditQuiz) => void }) {
  const t = useAuthoring();
  const set = (questions: EditQuestion[]) => onChange({ ...quiz, questions });
  const move = (n: number, to: number) => {
    const list = [...quiz.questions];
    const [moved] = list.splice(n, 1);
    if (moved) list.splice(to, 0, moved);
    set(list);
  };
  return (
    <div className="form" id="quiz" tabIndex={-1}>
      <div className="thirds">
        <NumberField
          label={t("passMark")}
          value={quiz.passMark}
          min={1}
          max={100}
          onChange={(n) => onChange({ ...quiz, passMark: n ?? quiz.passMark })}
        />
        <NumberField
          label={t("attempts")}
          hint={t("attemptsHint")}
          value={quiz.attempts}
          min={1}
          max={100}
          optional
          onChange={(attempts) => onChange({ ...quiz, attempts })}
        />
        <NumberField
          label={t("timeLimit")}
          hint={t("timeLimitHint")}
          value={quiz.limitS === undefined ? undefined : Math.round(quiz.limitS / 60)}
          min={1}
          max={1440}
          optional
          onChange={(m) => onChange({ ...quiz, limitS: m === undefined ? undefined : m * 60 })}
        />
      </div>
      <h3>{t("questions", { count: quiz.questions.length })}</h3>
      {quiz.questions.length === 0 && <p className="muted small">{t("questionsEmpty")}</p>}
      <ol className="qs">
        {quiz.questions.map((q, n) => (
          <QuestionCard
            key={q.key}
            question={q}
            n={n}
            count={quiz.questions.length}
            onChange={(to) => set(quiz.questions.map((x) => (x.key === q.key ? to : x)))}
            onMove={(to) => move(n, to)}
            onRemove={() => set(quiz.questions.filter((x) => x.key !== q.key))}
          />
        ))}
      </ol>
      <fieldset className="row wrapping fs-plain" aria-label={t("addQuestion")}>
        {kinds.map((kind) => (
          <button
            key={kind}
            className="btn sm"
            type="button"
            onClick={() => set([...quiz.questions, newQuestion(kind)])}
          >
            <Icon name="plus" size="s" />
            {t(`question.${kind}`)}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
