import type { InputHTMLAttributes } from "react";
import { Labelled, type Labels } from "./Labelled";

type Props = InputHTMLAttributes<HTMLInputElement> & Labels;

/** A labelled line of input. */
export function Field({ label, hint, error, ...input }: Props) {
  return (
    <Labelled label={label} hint={hint} error={error} id={input.id}>
      {(ties) => <input {...input} {...ties} />}
    </Labelled>
  );
}
