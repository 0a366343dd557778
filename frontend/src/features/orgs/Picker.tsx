import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useId, useState } from "react";
import { useFormat } from "../../lib/format";
import { Field } from "../../ui/Field";
import { type Kind, type Ref, searchQuery } from "./api";
import { useOrgs } from "./messages";
import { useKind } from "./OrgName";

interface Props {
  label: string;
  /** Only of this kind, and only what this lets through. */
  kind?: Kind;
  fits?: (org: Ref) => boolean;
  chosen: Ref | undefined;
  onChoose: (org: Ref) => void;
  error?: string;
}

/** Chooses one organisation by a part of its name. */
export function Picker({ label, kind, fits = () => true, chosen, onChoose, error }: Props) {
  const t = useOrgs();
  const f = useFormat();
  const kindOf = useKind();
  const group = useId();
  const [typed, type] = useState("");
  const found = useQuery(searchQuery(useDeferredValue(typed.trim()), kind));
  const items = (found.data?.items ?? []).filter(fits);
  return (
    <div className="og-pick">
      <Field
        label={label}
        hint={t("pickHint")}
        error={error}
        type="search"
        value={typed}
        maxLength={100}
        onChange={(e) => type(e.target.value)}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <fieldset className="og-found" tabIndex={0}>
        <legend className="vh">{label}</legend>
        {items.map((o) => (
          <label key={o.id}>
            <input type="radio" name={group} checked={chosen?.id === o.id} onChange={() => onChoose(o)} />
            <span>
              {f.text(o.name)}
              <span className="small muted">{kindOf(o)}</span>
            </span>
          </label>
        ))}
        {found.isSuccess && items.length === 0 && <p className="muted">{t("pickNone")}</p>}
      </fieldset>
    </div>
  );
}
