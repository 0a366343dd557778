import { useId, useState } from "react";
import type { Text } from "../../api/client";
import { useCommon } from "../../lib/messages";
import { Markdown } from "../../ui/Markdown";
import { useAuthoring } from "./messages";
import { TextPair } from "./TextPair";

interface Props {
  id: string;
  label: string;
  value: Text;
  onChange: (value: Text) => void;
  maxLength: number;
  lines?: number;
}

function Preview({ language, text }: { language: "zh" | "en"; text: string }) {
  const t = useAuthoring();
  const common = useCommon();
  return (
    <section className="md-p" lang={language === "zh" ? "zh-CN" : "en"}>
      <h4 className="small muted">{common(`language.${language}`)}</h4>
      {text.trim() ? <Markdown text={text} /> : <p className="muted small">{t("nothingWritten")}</p>}
    </section>
  );
}

/** Markdown in both languages, to be written or looked at. */
export function MarkdownPair({ id, label, lines = 6, ...pair }: Props) {
  const t = useAuthoring();
  const [looking, look] = useState(false);
  const name = useId();
  return (
    <div className="md">
      <div className="md-h">
        <b id={name}>{label}</b>
        <fieldset className="seg" aria-labelledby={name}>
          <button type="button" aria-pressed={!looking} onClick={() => look(false)}>
            {t("write")}
          </button>
          <button type="button" aria-pressed={looking} onClick={() => look(true)}>
            {t("preview")}
          </button>
        </fieldset>
      </div>
      {looking ? (
        <div className="pair">
          <Preview language="zh" text={pair.value.zh} />
          <Preview language="en" text={pair.value.en} />
        </div>
      ) : (
        <TextPair id={id} label={label} lines={lines} hint={t("markdownHint")} {...pair} />
      )}
    </div>
  );
}
