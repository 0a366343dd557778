import type { ReactNode, SelectHTMLAttributes } from "react";
import { Icon } from "./Icon";
import { Labelled, type Labels } from "./Labelled";

type Props = SelectHTMLAttributes<HTMLSelectElement> & Labels & { children: ReactNode };

/** A labelled choice among few things. */
export function Select({ label, hint, error, children, ...select }: Props) {
  return (
    <Labelled label={label} hint={hint} error={error} id={select.id} look="sel">
      {(ties) => (
        <>
          <select {...select} {...ties}>
            {children}
          </select>
          <Icon name="down" size="s" />
        </>
      )}
    </Labelled>
  );
}
