import { useState } from "react";
import { readHours } from "../../lib/creditHours";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import { FieldSelect } from "./FieldSelect";
import { MarkdownPair } from "./MarkdownPair";
import { useAuthoring } from "./messages";
import { noText } from "./model";
import { TextPair } from "./TextPair";
import { useEditor, useSnapshot } from "./useEditor";

function Hours() {
  const t = useAuthoring();
  const editor = useEditor();
  const { fields } = useSnapshot(editor);
  const kept = fields.proposed_hours;
  const [typed, setTyped] = useState<string>();
  const text = typed ?? (kept === undefined ? "" : String(kept));
  const wrong = text.trim() !== "" && readHours(text) === undefined;
  return (
    <Field
      id="proposed_hours"
      label={t("proposedHours")}
      inputMode="decimal"
      autoComplete="off"
      value={text}
      hint={t("hoursHint")}
      error={wrong ? t("hoursWrong") : undefined}
      onChange={(e) => {
        setTyped(e.target.value);
        const hours = readHours(e.target.value);
        if (hours !== undefined || e.target.value.trim() === "") editor.setFields({ proposed_hours: hours });
      }}
      onBlur={() => {
        if (!wrong) setTyped(undefined);
      }}
    />
  );
}

function Outcomes() {
  const t = useAuthoring();
  const editor = useEditor();
  const { outcomes } = useSnapshot(editor).fields;
  const set = (to: typeof outcomes) => editor.setFields({ outcomes: to });
  return (
    <fieldset className="fs">
      <legend>{t("outcomes")}</legend>
      {outcomes.map((o, n) => (
        <div className="fs-row" key={n}>
          <TextPair
            id={`outcome-${n}`}
            label={t("outcomeN", { n: n + 1 })}
            value={o}
            maxLength={300}
            onChange={(v) => set(outcomes.map((x, k) => (k === n ? v : x)))}
          />
          <button
            className="icon-btn"
            type="button"
            aria-label={t("removeOutcome", { n: n + 1 })}
            onClick={() => set(outcomes.filter((_, k) => k !== n))}
          >
            <Icon name="trash" size="s" />
          </button>
        </div>
      ))}
      {outcomes.length < 12 && (
        <button className="btn sm" type="button" onClick={() => set([...outcomes, noText])}>
          <Icon name="plus" size="s" />
          {t("addOutcome")}
        </button>
      )}
    </fieldset>
  );
}

/** What the course says of itself in the catalogue. */
export function AboutPanel() {
  const t = useAuthoring();
  const common = useCommon();
  const f = useFormat();
  const editor = useEditor();
  const { fields, draft } = useSnapshot(editor);
  return (
    <div className="card bx form">
      <h2>{t("about")}</h2>
      <p className="small row wrapping">
        <span className={fields.subject === "public" ? "badge pub" : "badge pro"}>
          {common(fields.subject)}
        </span>
        <span className="muted">{f.text(draft.provider.name)}</span>
      </p>
      <TextPair
        id="title"
        label={t("courseTitle")}
        value={fields.title}
        maxLength={200}
        onChange={(title) => editor.setFields({ title })}
      />
      <TextPair
        id="summary"
        label={t("summary")}
        value={fields.summary}
        maxLength={1000}
        lines={2}
        hint={t("summaryHint")}
        onChange={(summary) => editor.setFields({ summary })}
      />
      <MarkdownPair
        id="description"
        label={t("description")}
        value={fields.description}
        maxLength={20_000}
        onChange={(description) => editor.setFields({ description })}
      />
      <Outcomes />
      <div className="thirds">
        <Select
          label={t("language")}
          value={fields.language}
          hint={t("languageHint")}
          onChange={(e) => editor.setFields({ language: e.target.value === "en" ? "en" : "zh" })}
        >
          <option value="zh">{common("language.zh")}</option>
          <option value="en">{common("language.en")}</option>
        </Select>
        <FieldSelect
          id="field_id"
          value={fields.field_id ?? ""}
          optional={fields.subject === "public"}
          onChange={(id) => editor.setFields({ field_id: id || undefined })}
        />
        <Hours />
      </div>
    </div>
  );
}
