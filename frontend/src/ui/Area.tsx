import { type TextareaHTMLAttributes, useId } from "react";
import "./forms.css";

interface Props extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  label: string;
  hint?: string;
  error?: string;
}

/** A labelled text of several lines that grows with what is written. */
export function Area({ label, hint, error, rows = 3, ...area }: Props) {
  const own = useId();
  const id = area.id ?? own;
  const notes = [hint && `${id}h`, error && `${id}e`].filter(Boolean).join(" ");
  return (
    <div className="lf">
      <label htmlFor={id}>{label}</label>
      <span className={error ? "field area bad" : "field area"}>
        <textarea
          rows={rows}
          style={{ minHeight: `${rows * 1.55 + 1.35}em` }}
          {...area}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={notes || undefined}
        />
      </span>
      {hint && (
        <p id={`${id}h`} className="lf-h">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}e`} className="lf-e">
          {error}
        </p>
      )}
    </div>
  );
}
