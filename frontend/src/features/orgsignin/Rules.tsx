import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import type { Provider, Rule } from "./api";
import { useOrgSignIn } from "./messages";

interface Props {
  rules: Rule[];
  kind: Provider["org"]["kind"];
  error: string | undefined;
  onChange: (rules: Rule[]) => void;
}

/** Which value of the claim makes what of somebody, in order. */
export function Rules({ rules, kind, error, onChange }: Props) {
  const t = useOrgSignIn();
  const teaches = kind === "teaching_institution" || kind === "association";
  const put = (at: number, change: Partial<Rule>) =>
    onChange(rules.map((r, i) => (i === at ? { ...r, ...change } : r)));
  return (
    <fieldset>
      <legend>{t("rules")}</legend>
      <p className="small muted">{t("rulesWhy")}</p>
      <div className="prv-rules">
        {rules.map((r, i) => (
          <div key={i} className="prv-rule">
            <Field
              label={t("value")}
              maxLength={200}
              value={r.value}
              onChange={(e) => put(i, { value: e.target.value })}
            />
            <Select
              label={t("role")}
              value={r.role}
              onChange={(e) => put(i, { role: e.target.value as Rule["role"] })}
            >
              <option value="professional">{t("role.professional")}</option>
              {teaches && <option value="instructor">{t("role.instructor")}</option>}
            </Select>
            <button
              className="icon-btn"
              type="button"
              aria-label={t("removeRule", { n: i + 1 })}
              onClick={() => onChange(rules.filter((_, j) => j !== i))}
            >
              <Icon name="trash" />
            </button>
          </div>
        ))}
        {error && <p className="lf-e">{error}</p>}
        <div>
          <button
            className="btn sm"
            type="button"
            disabled={rules.length >= 20}
            onClick={() => onChange([...rules, { value: "", role: "professional" }])}
          >
            <Icon name="plus" size="s" />
            {t("addRule")}
          </button>
        </div>
      </div>
    </fieldset>
  );
}
