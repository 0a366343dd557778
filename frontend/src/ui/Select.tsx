import { type ReactNode, type SelectHTMLAttributes, useId } from "react";
import "./forms.css";
import { Icon } from "./Icon";

interface Props extends SelectHTMLAttributes<HTMLSelectElement> {
  label: string;
  hint?: string;
  error?: string;
  children: ReactNode;
}

/** A labelled choice among few things. */
export function Select({ label, hint, error, children, ...select }: Props) {
  const own = useId();
  const id = select.id ?? own;
  const notes = [hint && `${id}h`, error && `${id}e`].filter(Boolean).join(" ");
  return (
    <div className="lf">
      <label htmlFor={id}>{label}</label>
      <span className={error ? "field sel bad" : "field sel"}>
        <select
          {...select}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={notes || undefined}
        >
          {children}
        </select>
        <Icon name="down" size="s" />
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
