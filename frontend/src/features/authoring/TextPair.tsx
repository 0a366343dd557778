import type { Text } from "../../api/client";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Area } from "../../ui/Area";
import { Field } from "../../ui/Field";
import { useAuthoring } from "./messages";

interface Props {
  /** The beginning of the fields' ids, by which a missing one is gone to. */
  id: string;
  label: string;
  value: Text;
  onChange: (value: Text) => void;
  maxLength: number;
  lines?: number;
  hint?: string;
  disabled?: boolean;
}

/** One text in both languages, the reader's own first. */
export function TextPair({ id, label, value, onChange, maxLength, lines, hint, disabled }: Props) {
  const common = useCommon();
  const t = useAuthoring();
  const { locale } = useFormat();
  const order = locale === "en" ? (["en", "zh"] as const) : (["zh", "en"] as const);
  return (
    <div className="pair">
      {order.map((lang) => {
        const props = {
          id: `${id}-${lang}`,
          label: t("inLanguage", { what: label, language: common(`language.${lang}`) }),
          lang: lang === "zh" ? "zh-CN" : "en",
          value: value[lang],
          maxLength,
          disabled,
        };
        const change = (text: string) => onChange({ ...value, [lang]: text });
        return lines ? (
          <Area key={lang} {...props} rows={lines} onChange={(e) => change(e.target.value)} />
        ) : (
          <Field key={lang} {...props} onChange={(e) => change(e.target.value)} />
        );
      })}
      {hint && <p className="lf-h pair-h">{hint}</p>}
    </div>
  );
}
