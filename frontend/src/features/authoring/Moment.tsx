import { useState } from "react";
import { clock } from "../../lib/format";
import { Field } from "../../ui/Field";
import { useAuthoring } from "./messages";
import { momentOf } from "./questions";

interface Props {
  ms: number;
  /** Where the video ends, once that is known. */
  endMs: number | undefined;
  onChange: (ms: number) => void;
}

/** A moment of a video as a clock shows it; what is none is shown as wrong and not kept. */
export function Moment({ ms, endMs, onChange }: Props) {
  const t = useAuthoring();
  const [typed, setTyped] = useState<string>();
  const text = typed ?? clock(ms / 1000);
  const at = momentOf(text);
  const late = at !== undefined && endMs !== undefined && at >= endMs;
  const error = late ? t("momentLate", { end: clock((endMs ?? 0) / 1000) }) : t("momentWrong");
  return (
    <Field
      label={t("askMoment")}
      inputMode="numeric"
      autoComplete="off"
      value={text}
      error={at === undefined || late ? error : undefined}
      onChange={(e) => {
        setTyped(e.target.value);
        const to = momentOf(e.target.value);
        if (to !== undefined) onChange(to);
      }}
      onBlur={() => {
        if (at !== undefined) setTyped(undefined);
      }}
    />
  );
}
