import { type FormEvent, useState } from "react";
import { explain } from "../../lib/Failure";
import { useCommon } from "../../lib/messages";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { type Made, type Scope, scopes, useMakeToken } from "./api";
import { useAccess } from "./messages";

const lives = [7, 30, 90, 180, 365];

export function MakeToken({ onMade, onCancel }: { onMade: (made: Made) => void; onCancel: () => void }) {
  const t = useAccess();
  const common = useCommon();
  const make = useMakeToken(onMade);
  const [name, setName] = useState("");
  const [chosen, choose] = useState<Scope[]>([]);
  const [days, setDays] = useState(90);
  const [tried, setTried] = useState(false);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    setTried(true);
    if (name.trim() && chosen.length) make.mutate({ name: name.trim(), scopes: chosen, days });
  };
  return (
    <>
      <form className="acs-form" onSubmit={submit} noValidate aria-label={t("make")}>
        {make.isError && (
          <p className="note x" role="alert">
            {explain(make.error, common)}
          </p>
        )}
        <Field
          label={t("name")}
          hint={t("nameHint")}
          maxLength={60}
          value={name}
          onChange={(e) => setName(e.target.value)}
          error={tried && !name.trim() ? t("nameNeeded") : undefined}
        />
        <fieldset>
          <legend>{t("scopes")}</legend>
          {scopes.map((s) => (
            <label key={s} className="acs-scope">
              <input
                type="checkbox"
                checked={chosen.includes(s)}
                onChange={() => choose(chosen.includes(s) ? chosen.filter((c) => c !== s) : [...chosen, s])}
              />
              {t(`scope.${s}`)}
            </label>
          ))}
          {tried && chosen.length === 0 && (
            <p className="lf-e" role="alert">
              {t("scopesNeeded")}
            </p>
          )}
        </fieldset>
        <Select label={t("days")} value={days} onChange={(e) => setDays(Number(e.target.value))}>
          {lives.map((n) => (
            <option key={n} value={n}>
              {t("day", { n })}
            </option>
          ))}
        </Select>
        <div className="acs-acts">
          <button className="btn" type="button" onClick={onCancel}>
            {t("cancel")}
          </button>
          <button className="btn primary" type="submit" disabled={make.isPending}>
            {t("create")}
          </button>
        </div>
      </form>
      {make.dialog}
    </>
  );
}
