import type { ReactNode } from "react";
import { Icon } from "../../ui/Icon";
import { useAuthoring } from "./messages";

/** What the n-th choice is called. */
export const letter = (n: number) => String.fromCharCode(65 + n);

interface Props {
  n: number;
  /** Of the question, which its choices are a group of. */
  group: string;
  /** Whether several may be right. */
  several: boolean;
  right: boolean;
  onRight: () => void;
  /** Without it the choice stays. */
  onRemove?: () => void;
  /** Whether it may go now: two are the fewest. */
  removable: boolean;
  children: ReactNode;
}

/** A choice of a question: whether it is right, what it says, and a way to take it away. */
export function Choice({ n, group, several, right, onRight, onRemove, removable, children }: Props) {
  const t = useAuthoring();
  return (
    <li className="ch" data-right={right || undefined}>
      <label className="ch-r">
        <input
          type={several ? "checkbox" : "radio"}
          name={`right-${group}`}
          checked={right}
          aria-label={t("choiceRight", { letter: letter(n) })}
          onChange={onRight}
        />
        <span aria-hidden="true">{letter(n)}</span>
      </label>
      {children}
      {onRemove && (
        <button
          className="icon-btn"
          type="button"
          disabled={!removable}
          aria-label={t("removeChoice", { letter: letter(n) })}
          onClick={onRemove}
        >
          <Icon name="trash" size="s" />
        </button>
      )}
    </li>
  );
}

interface AllProps {
  hint: string;
  /** Nothing where no more may come. */
  onAdd?: () => void;
  children: ReactNode;
}

/** The choices of a question, and a way to one more. */
export function Choices({ hint, onAdd, children }: AllProps) {
  const t = useAuthoring();
  return (
    <fieldset className="fs-plain">
      <legend className="small muted">{hint}</legend>
      <ul className="chs">{children}</ul>
      {onAdd && (
        <button className="btn quiet sm" type="button" onClick={onAdd}>
          <Icon name="plus" size="s" />
          {t("addChoice")}
        </button>
      )}
    </fieldset>
  );
}
