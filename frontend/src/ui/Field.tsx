import { type InputHTMLAttributes, useId } from "react";

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string;
  error?: string;
}

/** A labelled line of input with its hint and what is wrong with it. */
export function Field({ label, hint, error, ...input }: Props) {
  const own = useId();
  const id = input.id ?? own;
  const notes = [hint && `${id}h`, error && `${id}e`].filter(Boolean).join(" ");
  return (
    <div className="lf">
      <label htmlFor={id}>{label}</label>
      <span className={error ? "field bad" : "field"}>
        <input
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={notes || undefined}
          {...input}
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
