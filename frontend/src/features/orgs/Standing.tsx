import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { useOrgs } from "./messages";

type Accreditation = Schemas["Accreditation"];

const looks: Record<Accreditation["state"], string> = {
  never: "st m",
  accredited: "st v",
  refused: "st x",
  suspended: "st p",
  revoked: "st x",
  expired: "st m",
};

/** What an institution is at this moment, never by colour alone. */
export function Standing({ of }: { of: Accreditation }) {
  const t = useOrgs();
  const f = useFormat();
  return (
    <span className="og-st">
      <span className={looks[of.state]}>{t(`standing.${of.state}`)}</span>
      {of.until && <span className="small muted">{t("until", { date: f.date(of.until) })}</span>}
      {of.pending && <span className="small og-wait">{t("pending")}</span>}
    </span>
  );
}

/** All that was decided, the newest first. */
export function Steps({ steps }: { steps: Schemas["AccreditStep"][] }) {
  const t = useOrgs();
  const f = useFormat();
  if (steps.length === 0) return <p className="muted">{t("noHistory")}</p>;
  return (
    <ol className="og-steps">
      {steps.map((s) => (
        <li key={s.at + s.state}>
          <time dateTime={s.at}>{f.date(s.at)}</time>
          <div>
            <b>{t(`step.${s.state}`)}</b>
            {s.until && <span className="muted"> · {t("until", { date: f.date(s.until) })}</span>}
            {s.by && <span className="muted"> · {s.by.name}</span>}
            {s.reason && <p>{s.reason}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}
