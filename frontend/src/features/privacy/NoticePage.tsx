import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { meQuery } from "../../api/queries";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { Skeleton } from "../../ui/states";
import { noticeQuery } from "./api";
import { usePrivacy } from "./messages";
import "./privacy.css";

/** What is kept of people, why and for how long, in plain words, for anybody. */
export function NoticePage() {
  const t = usePrivacy();
  const f = useFormat();
  const notice = useQuery(noticeQuery);
  const { data: me } = useQuery(meQuery);
  useTitle(t("notice"));
  return (
    <main id="main" className="wrap pv-page pv-notice">
      <h1>{t("notice")}</h1>
      <p className="pv-lead">{t("noticeLead")}</p>
      {notice.isError && <Failure error={notice.error} retry={() => void notice.refetch()} />}
      {notice.isPending && <Skeleton lines={8} tall />}
      {notice.data?.holdings.map((h) => (
        <section key={h.key} className="pv-h" aria-labelledby={`h-${h.key}`}>
          <h2 id={`h-${h.key}`}>{f.text(h.name)}</h2>
          <dl>
            <div>
              <dt>{t("what")}</dt>
              <dd>{f.text(h.what)}</dd>
            </div>
            <div>
              <dt>{t("why")}</dt>
              <dd>{f.text(h.why)}</dd>
            </div>
            <div>
              <dt>{t("long")}</dt>
              <dd>{f.text(h.how_long)}</dd>
            </div>
          </dl>
        </section>
      ))}
      {notice.data && (
        <section className="pv-h" aria-labelledby="rights">
          <h2 id="rights">{t("rights")}</h2>
          <p>{t("rightsText", { count: notice.data.deletion_days })}</p>
          {me && (
            <Link className="btn" to="/settings/privacy">
              {t("toMine")}
            </Link>
          )}
        </section>
      )}
    </main>
  );
}
