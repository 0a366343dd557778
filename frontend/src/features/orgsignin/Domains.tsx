import { type FormEvent, useState } from "react";
import { Problem } from "../../api/problem";
import { explain } from "../../lib/Failure";
import { useCommon } from "../../lib/messages";
import { Area } from "../../ui/Area";
import { type Provider, useConfirm } from "./api";
import { useOrgSignIn } from "./messages";

/** Whose addresses the provider may vouch for: shown to the organisation, confirmed from above. */
export function Domains({ id, provider }: { id: string; provider: Provider }) {
  const t = useOrgSignIn();
  const common = useCommon();
  const confirm = useConfirm(id);
  const [text, setText] = useState(provider.domains.join("\n"));
  const failed = confirm.error instanceof Problem ? confirm.error : undefined;
  const submit = (e: FormEvent) => {
    e.preventDefault();
    confirm.mutate(text.split(/[\s,;，；]+/).filter(Boolean));
  };
  return (
    <section className="card" aria-labelledby="domains">
      <h2 id="domains">{t("domains")}</h2>
      <p className="muted">{t("domainsWhy")}</p>
      {provider.domains.length === 0 && <p>{t("domainsNone")}</p>}
      <ul className="prv-domains">
        {provider.domains.map((d) => (
          <li key={d} className="badge plain mono">
            {d}
          </li>
        ))}
      </ul>
      {provider.may_confirm ? (
        <form onSubmit={submit}>
          <Area
            label={t("domainsField")}
            rows={3}
            value={text}
            onChange={(e) => setText(e.target.value)}
            error={failed && (failed.fields[0]?.message ?? explain(failed, common))}
          />
          <div>
            <button className="btn" type="submit" disabled={confirm.isPending}>
              {t("confirm")}
            </button>
          </div>
        </form>
      ) : (
        <p className="small muted">{t("domainsAsk")}</p>
      )}
    </section>
  );
}
