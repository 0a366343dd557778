import { type ReactNode, useId } from "react";
import "./forms.css";

export interface Labels {
  label: string;
  hint?: string;
  error?: string;
}

/** What ties a control to its label and its notes. */
export interface Ties {
  id: string;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
}

interface Props extends Labels {
  id?: string;
  /** Beside "field": how the control's frame looks. */
  look?: string;
  children: (ties: Ties) => ReactNode;
}

/** A control with its label, its hint and what is wrong with it. */
export function Labelled({ label, hint, error, id: given, look, children }: Props) {
  const own = useId();
  const id = given ?? own;
  const notes = [hint && `${id}h`, error && `${id}e`].filter(Boolean).join(" ");
  return (
    <div className="lf">
      <label htmlFor={id}>{label}</label>
      <span className={["field", look, error && "bad"].filter(Boolean).join(" ")}>
        {children({ id, "aria-invalid": error ? true : undefined, "aria-describedby": notes || undefined })}
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
