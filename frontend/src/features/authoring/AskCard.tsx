import { Area } from "../../ui/Area";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
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

const letter = (n: number) => String.fromCharCode(65 + n);

function Choices({ ask: q, lang, onChange }: Pick<Props, "ask" | "onChange"> & { lang: string }) {
  const t = useAuthoring();
  return (
    <ul className="chs">
      {q.choices.map((c, n) => (
        <li key={c.key} className="ch" data-right={c.correct || undefined}>
          <label className="ch-r">
            <input
              type={q.kind === "multiple" ? "checkbox" : "radio"}
              name={`right-${q.key}`}
              checked={c.correct}
              aria-label={t("choiceRight", { letter: letter(n) })}
              onChange={() => onChange(markAsk(q, c.key))}
            />
            <span aria-hidden="true">{letter(n)}</span>
          </label>
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
          <button
            className="icon-btn"
            type="button"
            disabled={q.choices.length <= 2}
            aria-label={t("removeChoice", { letter: letter(n) })}
            onClick={() => onChange(removeChoice(q, c.key))}
          >
            <Icon name="trash" size="s" />
          </button>
        </li>
      ))}
    </ul>
  );
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
      <fieldset className="fs-plain">
        <legend className="small muted">{t(`rightHint.${q.kind}_choice`)}</legend>
        <Choices ask={q} lang={lang} onChange={onChange} />
        {q.choices.length < 8 && (
          <button className="btn quiet sm" type="button" onClick={() => onChange(addLine(q))}>
            <Icon name="plus" size="s" />
            {t("addChoice")}
          </button>
        )}
      </fieldset>
    </li>
  );
}
