import type { TextareaHTMLAttributes } from "react";
import { Labelled, type Labels } from "./Labelled";

type Props = TextareaHTMLAttributes<HTMLTextAreaElement> & Labels;

/** A labelled text of several lines that grows with what is written. */
export function Area({ label, hint, error, rows = 3, ...area }: Props) {
  return (
    <Labelled label={label} hint={hint} error={error} id={area.id} look="area">
      {(ties) => (
        <textarea rows={rows} style={{ minHeight: `${rows * 1.55 + 1.35}em` }} {...area} {...ties} />
      )}
    </Labelled>
  );
}
