import { useEffect, useState } from "react";
import { useFormat } from "../../lib/format";
import { Field } from "../../ui/Field";
import { useAuthoring } from "./messages";
import type { EditLesson } from "./model";
import { minutesOf, secondsOf, tooShort } from "./reading";
import { useEditor } from "./useEditor";

/** How long a document takes to read, and how much of it counts; empty: by its length. */
export function ReadingPart({ lesson }: { lesson: EditLesson }) {
  const t = useAuthoring();
  const f = useFormat();
  const editor = useEditor();
  const change = (patch: Partial<EditLesson>) =>
    editor.apply({ type: "change-lesson", key: lesson.key, patch });
  const { reading } = lesson;
  return (
    <fieldset className="fs">
      <legend>{t("readingTime")}</legend>
      <div className="pair">
        <Minutes
          id="min_s"
          label={t("readingMin")}
          seconds={lesson.minS}
          onChange={(minS) => change({ minS })}
        />
        <Minutes
          id="max_s"
          label={t("readingMax")}
          seconds={lesson.maxS}
          error={tooShort(lesson) ? t("readingBounds") : undefined}
          onChange={(maxS) => change({ maxS })}
        />
      </div>
      <p className="small muted num" role="status">
        {reading &&
          t("readingComes", {
            count: reading.pages,
            min: f.exact(reading.page_min_s),
            max: f.exact(reading.page_max_s),
            all: f.exact(reading.pages * reading.page_min_s),
          })}{" "}
        {t("readingHint")}
      </p>
    </fieldset>
  );
}

interface Props {
  id: string;
  label: string;
  seconds: number;
  error?: string;
  onChange: (seconds: number) => void;
}

/** A length in minutes, parts of a minute included. What is being typed is not rewritten under the hand. */
function Minutes({ id, label, seconds, error, onChange }: Props) {
  const [typed, setTyped] = useState(() => minutesOf(seconds));
  useEffect(() => setTyped((now) => (secondsOf(now) === seconds ? now : minutesOf(seconds))), [seconds]);
  return (
    <Field
      id={id}
      label={label}
      error={error}
      type="number"
      inputMode="decimal"
      min={0}
      max={1440}
      step="any"
      value={typed}
      onChange={(e) => {
        setTyped(e.target.value);
        onChange(secondsOf(e.target.value));
      }}
    />
  );
}
