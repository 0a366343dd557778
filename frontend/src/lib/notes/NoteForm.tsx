import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { useFormat } from "../format";
import { useNotesText } from "./messages";
import { maxText } from "./model";

/** So many characters before the end it begins to say how many are left. */
const nearEnd = 200;

interface Props {
  atMs: number;
  text: string;
  onText: (text: string) => void;
  onSave: (text: string) => void;
  onCancel: () => void;
}

/** Writes or changes one note; the focus goes to its text. */
export function NoteForm({ atMs, text, onText, onSave, onCancel }: Props) {
  const t = useNotesText();
  const f = useFormat();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const ready = text.trim() !== "";
  useEffect(() => area.current?.focus(), []);
  const keys = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return;
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && ready) onSave(text.trim());
    else if (e.key === "Escape") onCancel();
  };
  const left = maxText - text.length;
  return (
    <form
      className="nt-form"
      onSubmit={(e) => {
        e.preventDefault();
        if (ready) onSave(text.trim());
      }}
    >
      <label htmlFor={id}>{t("at", { at: f.clock(atMs / 1000) })}</label>
      <textarea
        ref={area}
        id={id}
        rows={3}
        value={text}
        maxLength={maxText}
        placeholder={t("text")}
        aria-describedby={`${id}h`}
        onChange={(e) => onText(e.target.value)}
        onKeyDown={keys}
      />
      <p className="small muted" id={`${id}h`}>
        {left <= nearEnd ? t("left", { count: left }) : t("hint")}
      </p>
      <div className="nt-acts">
        <button className="btn primary sm" type="submit" disabled={!ready}>
          {t("save")}
        </button>
        <button className="btn sm" type="button" onClick={onCancel}>
          {t("cancel")}
        </button>
      </div>
    </form>
  );
}
