import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { Skeleton } from "../../ui/states";
import { myPrivacyQuery, noticeQuery, useWithdrawConsent } from "./api";
import { Deletion } from "./Deletion";
import { Exports } from "./Exports";
import { usePrivacy } from "./messages";
import "./privacy.css";

/** What one agreed to, when, and until when. */
function Consents({ mine, texts }: { mine: Schemas["MyPrivacy"]; texts: Schemas["ConsentText"][] }) {
  const t = usePrivacy();
  const f = useFormat();
  const withdraw = useWithdrawConsent();
  const title = (purpose: string) => f.text(texts.find((c) => c.purpose === purpose)?.title) || purpose;
  return (
    <section className="card" aria-labelledby="consents">
      <h2 id="consents">{t("consents")}</h2>
      {mine.consents.length === 0 && <p className="muted">{t("noConsents")}</p>}
      <ul className="pv-list">
        {mine.consents.map((c) => (
          <li key={c.purpose + c.given_at}>
            <span>
              <b>{title(c.purpose)}</b>
              <span className="small muted">
                {t("given", { date: f.date(c.given_at, "minute"), version: c.version })}
                {c.withdrawn_at && ` · ${t("withdrawn", { date: f.date(c.withdrawn_at, "minute") })}`}
              </span>
            </span>
            {!c.withdrawn_at && (
              <button
                className="btn"
                type="button"
                disabled={withdraw.isPending}
                onClick={() => withdraw.mutate(c.purpose)}
              >
                {t("withdraw")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function PrivacyPage() {
  const t = usePrivacy();
  const mine = useQuery(myPrivacyQuery);
  const notice = useQuery(noticeQuery);
  useTitle(t("title"));
  const failed = mine.error ?? notice.error;
  return (
    <main id="main" className="wrap pv-page">
      <p className="small">
        <Link to="/settings">{t("back")}</Link>
      </p>
      <h1>{t("title")}</h1>
      <p className="muted">{t("lead")}</p>
      <p className="small">
        <Link to="/privacy">{t("noticeLink")}</Link>
      </p>
      {failed && (
        <Failure error={failed} retry={() => void Promise.all([mine.refetch(), notice.refetch()])} />
      )}
      {!failed && !(mine.data && notice.data) && <Skeleton lines={6} tall />}
      {mine.data && notice.data && (
        <>
          <Exports mine={mine.data} days={notice.data.export_days} />
          <Consents mine={mine.data} texts={notice.data.consents} />
          <Deletion mine={mine.data} days={notice.data.deletion_days} />
        </>
      )}
    </main>
  );
}
