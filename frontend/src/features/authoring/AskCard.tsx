import { Area } from "../../ui/Area";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import { Choice, Choices, letter } from "./Choice";
import { Moment } from "./Moment";
import { useAuthoring } from "./messages";
import type { AskKind, EditAsk, EditLesson } from "./model";
import { NumberField } from "./QuizPart";
import { addLine, askAs, markAsk, removeChoice } from "./questions";

interface Props {
  ask: EditAsk;
  n: number;
  lesson: EditLesson;
  language: "zh" | "en";
  onChange: (ask: EditAsk) => void;
  onRemove: () => void;
}

/** Where in the lesson it is asked, and how many choices are right. */
function Place({ ask: q, lesson, onChange }: Pick<Props, "ask" | "lesson" | "onChange">) {
  const t = useAuthoring();
  return (
    <div className="thirds">
      {lesson.kind === "document" ? (
        <NumberField
          label={t("askPage")}
          value={q.page}
          min={1}
          max={2000}
          onChange={(page) => onChange({ ...q, page: page ?? q.page })}
        />
      ) : (
        <Moment
          ms={q.atMs}
          endMs={lesson.asset?.state === "ready" ? lesson.asset.duration_ms : undefined}
          onChange={(atMs) => onChange({ ...q, atMs })}
        />
      )}
      <Select
        label={t("questionKind")}
        value={q.kind}
        onChange={(e) => onChange(askAs(q, e.target.value as AskKind))}
      >
        {(["single", "multiple"] as const).map((kind) => (
          <option key={kind} value={kind}>
            {t(`question.${kind}_choice`)}
          </option>
        ))}
      </Select>
    </div>
  );
}

export function AskCard({ ask: q, n, lesson, language, onChange, onRemove }: Props) {
  const t = useAuthoring();
  const lang = language === "zh" ? "zh-CN" : "en";
  return (
    <li className="qc" id={`question-${n}`} tabIndex={-1}>
      <div className="qc-h">
        <h4>{t("questionN", { n: n + 1 })}</h4>
        <button
          className="icon-btn"
          type="button"
          aria-label={t("removeQuestion", { n: n + 1 })}
          onClick={onRemove}
        >
          <Icon name="trash" size="s" />
        </button>
      </div>
      <Place ask={q} lesson={lesson} onChange={onChange} />
      <Area
        id={`prompt-${n}`}
        label={t("stem")}
        lang={lang}
        rows={2}
        value={q.prompt}
        maxLength={500}
        onChange={(e) => onChange({ ...q, prompt: e.target.value })}
      />
      <Choices
        hint={t(`rightHint.${q.kind}_choice`)}
        onAdd={q.choices.length < 8 ? () => onChange(addLine(q)) : undefined}
      >
        {q.choices.map((c, n) => (
          <Choice
            key={c.key}
            n={n}
            group={q.key}
            several={q.kind === "multiple"}
            right={c.correct}
            onRight={() => onChange(markAsk(q, c.key))}
            onRemove={() => onChange(removeChoice(q, c.key))}
            removable={q.choices.length > 2}
          >
            <span className="ch-t one field">
              <input
                lang={lang}
                value={c.text}
                maxLength={200}
                aria-label={t("choiceN", { letter: letter(n) })}
                onChange={(e) => {
                  const text = e.target.value;
                  onChange({ ...q, choices: q.choices.map((x) => (x.key === c.key ? { ...x, text } : x)) });
                }}
              />
            </span>
          </Choice>
        ))}
      </Choices>
    </li>
  );
}
