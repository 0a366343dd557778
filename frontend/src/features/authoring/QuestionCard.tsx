import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import { Choice, Choices, letter } from "./Choice";
import { useAuthoring } from "./messages";
import type { EditChoice, EditQuestion, QuestionKind } from "./model";
import { NumberField } from "./QuizPart";
import { addChoice, asKind, markRight, removeChoice } from "./questions";
import { TextPair } from "./TextPair";

interface Props {
  question: EditQuestion;
  n: number;
  count: number;
  onChange: (question: EditQuestion) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

interface TextsProps {
  question: EditQuestion;
  choice: EditChoice;
  n: number;
  /** Of the question, for names that are each other's alone. */
  at: number;
  onChange: (question: EditQuestion) => void;
}

/** What a choice says, in both languages. */
function Texts({ question: q, choice: c, n, at, onChange }: TextsProps) {
  const t = useAuthoring();
  const common = useCommon();
  const { locale } = useFormat();
  const order = locale === "en" ? (["en", "zh"] as const) : (["zh", "en"] as const);
  const write = (lang: "zh" | "en", text: string) =>
    onChange({
      ...q,
      choices: q.choices.map((x) => (x.key === c.key ? { ...x, text: { ...x.text, [lang]: text } } : x)),
    });
  return (
    <div className="ch-t">
      {order.map((lang) => (
        <span className="field" key={lang}>
          <input
            id={`choice-${at}-${n}-${lang}`}
            lang={lang === "zh" ? "zh-CN" : "en"}
            value={c.text[lang]}
            maxLength={4000}
            placeholder={common(`language.${lang}`)}
            aria-label={t("choiceIn", { letter: letter(n), language: common(`language.${lang}`) })}
            onChange={(e) => write(lang, e.target.value)}
          />
        </span>
      ))}
    </div>
  );
}

function Tools({ n, count, onMove, onRemove }: Pick<Props, "n" | "count" | "onMove" | "onRemove">) {
  const t = useAuthoring();
  const name = t("questionN", { n: n + 1 });
  return (
    <span className="q-t">
      <button
        className="icon-btn"
        type="button"
        aria-label={t("moveUp", { name })}
        disabled={n === 0}
        onClick={() => onMove(n - 1)}
      >
        <Icon name="up" size="s" />
      </button>
      <button
        className="icon-btn"
        type="button"
        aria-label={t("moveDown", { name })}
        disabled={n === count - 1}
        onClick={() => onMove(n + 1)}
      >
        <Icon name="down" size="s" />
      </button>
      <button
        className="icon-btn"
        type="button"
        aria-label={t("removeQuestion", { n: n + 1 })}
        onClick={onRemove}
      >
        <Icon name="trash" size="s" />
      </button>
    </span>
  );
}

export function QuestionCard({ question: q, n, count, onChange, onMove, onRemove }: Props) {
  const t = useAuthoring();
  const free = q.kind !== "true_false";
  return (
    <li className="qc" id={`question-${n}`} tabIndex={-1}>
      <div className="qc-h">
        <h4>{t("questionN", { n: n + 1 })}</h4>
        <Tools n={n} count={count} onMove={onMove} onRemove={onRemove} />
      </div>
      <TextPair
        id={`stem-${n}`}
        label={t("stem")}
        value={q.stem}
        maxLength={4000}
        lines={2}
        onChange={(stem) => onChange({ ...q, stem })}
      />
      <Choices
        hint={t(`rightHint.${q.kind}`)}
        onAdd={free && q.choices.length < 10 ? () => onChange(addChoice(q)) : undefined}
      >
        {q.choices.map((c, k) => (
          <Choice
            key={c.key}
            n={k}
            group={q.key}
            several={q.kind === "multiple_choice"}
            right={c.correct}
            onRight={() => onChange(markRight(q, c.key))}
            onRemove={free ? () => onChange(removeChoice(q, c.key)) : undefined}
            removable={q.choices.length > 2}
          >
            <Texts question={q} choice={c} n={k} at={n} onChange={onChange} />
          </Choice>
        ))}
      </Choices>
      <TextPair
        id={`explanation-${n}`}
        label={t("explanation")}
        value={q.explanation}
        maxLength={4000}
        lines={2}
        onChange={(explanation) => onChange({ ...q, explanation })}
      />
      <div className="thirds">
        <Select
          label={t("questionKind")}
          value={q.kind}
          onChange={(e) => onChange(asKind(q, e.target.value as QuestionKind))}
        >
          {(["single_choice", "multiple_choice", "true_false"] as const).map((k) => (
            <option key={k} value={k}>
              {t(`question.${k}`)}
            </option>
          ))}
        </Select>
        <NumberField
          label={t("points")}
          value={q.points}
          min={1}
          max={100}
          onChange={(points) => onChange({ ...q, points: points ?? q.points })}
        />
      </div>
    </li>
  );
}
