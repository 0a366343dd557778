import { type ReactNode, useState } from "react";
import "../../ui/forms.css";
import { explain } from "../Failure";
import { useCommon } from "../messages";
import { useQueue } from "./messages";
import { withSentence } from "./model";

/** Of the field a decision is explained in. */
export const reasonId = "reason";

/** A reason as it is written, and whether one was asked for and is still missing. */
export function useReason() {
  const [text, write] = useState("");
  const [asked, ask] = useState(false);
  const empty = text.trim() === "";
  /** Does what needs a reason, or leads to the field for it. */
  const needed = (act: (reason: string) => void) => () => {
    ask(true);
    if (empty) document.getElementById(reasonId)?.focus();
    else act(text);
  };
  return { text, write, missing: asked && empty, needed };
}

interface Choice {
  /** By which its key finds it. */
  id?: string;
  key: string;
  words: string;
  primary?: boolean;
  disabled?: boolean;
  onPress: () => void;
}

interface Props {
  reason: ReturnType<typeof useReason>;
  label: string;
  hint?: string;
  /** What is said when the reason is missing. */
  missing: string;
  /** Ready-made sentences, added at a press. */
  sentences: string[];
  /** What else is decided, beside the reason. */
  beside?: ReactNode;
  keys: boolean;
  decide: { isPending: boolean; error: Error | null };
  choices: Choice[];
  children?: ReactNode;
}

/** A decision with its reason. */
export function Decision({ reason, decide, keys, ...p }: Props) {
  const t = useQueue();
  const common = useCommon();
  const wrong = reason.missing ? `${reasonId}-e` : undefined;
  const why = (
    <div className="why">
      <label className="l" htmlFor={reasonId}>
        {p.label}
      </label>
      <span className={wrong ? "field bad area" : "field area"}>
        <textarea
          id={reasonId}
          rows={1}
          maxLength={2000}
          value={reason.text}
          placeholder={p.hint}
          aria-invalid={reason.missing || undefined}
          aria-describedby={wrong}
          onChange={(e) => reason.write(e.target.value)}
        />
      </span>
      {wrong && (
        <p id={wrong} className="lf-e" role="alert">
          {p.missing}
        </p>
      )}
      <div className="qr-s">
        {p.sentences.map((s) => (
          <button key={s} type="button" onClick={() => reason.write((old) => withSentence(old, s))}>
            {s}
          </button>
        ))}
      </div>
    </div>
  );
  return (
    <fieldset className="bar" aria-label={t("decide")}>
      {decide.error && (
        <p className="note x" role="alert">
          {explain(decide.error, common)}
        </p>
      )}
      {p.beside ? (
        <div className="bar-in">
          {why}
          {p.beside}
        </div>
      ) : (
        why
      )}
      <div className="dec">
        {p.choices.map((c) => (
          <button
            key={c.key}
            id={c.id}
            className={c.primary ? "btn primary" : "btn"}
            type="button"
            disabled={decide.isPending || c.disabled}
            onClick={c.onPress}
          >
            {c.words}
            {keys && (
              <span className="kbd" aria-hidden="true">
                {c.key}
              </span>
            )}
          </button>
        ))}
      </div>
      {p.children}
    </fieldset>
  );
}
