import { useState } from "react";
import { Icon } from "../../ui/Icon";
import { useOrgs } from "./messages";

interface Props<C extends string> {
  /** What is searched for, and what the field is called. */
  q?: string;
  find: string;
  onFind: (q?: string) => void;
  choice?: C;
  label: string;
  all: string;
  choices: readonly C[];
  nameOf: (choice: C) => string;
  onChoose: (choice?: C) => void;
}

/** Narrows a list by name and by one choice; the address remembers both. */
export function Filters<C extends string>({ q, choice, choices, ...p }: Props<C>) {
  const t = useOrgs();
  const [typed, type] = useState(q ?? "");
  return (
    <div className="og-filter">
      <search>
        <form
          onSubmit={(e) => {
            e.preventDefault();
            p.onFind(typed.trim() || undefined);
          }}
        >
          <span className="field">
            <Icon name="search" size="s" />
            <input
              type="search"
              aria-label={p.find}
              placeholder={p.find}
              maxLength={100}
              value={typed}
              onChange={(e) => type(e.target.value)}
            />
          </span>
          <button className="btn" type="submit">
            {t("findShort")}
          </button>
        </form>
      </search>
      <span className="field sel">
        <select
          aria-label={p.label}
          value={choice ?? ""}
          onChange={(e) => p.onChoose(choices.find((c) => c === e.target.value))}
        >
          <option value="">{p.all}</option>
          {choices.map((c) => (
            <option key={c} value={c}>
              {p.nameOf(c)}
            </option>
          ))}
        </select>
        <Icon name="down" size="s" />
      </span>
    </div>
  );
}
