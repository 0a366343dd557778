import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { meQuery } from "../../api/queries";
import { History } from "../../lib/draft/History";
import { Reader } from "../../lib/draft/Reader";
import { StateBadge } from "../../lib/draft/StateBadge";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { type At, Opened, Opening } from "../../lib/queue/Opened";
import { Icon } from "../../ui/Icon";
import { reviewQuery } from "./api";
import { Decide } from "./Decide";
import { useReviews } from "./messages";

function Facts({ review: r }: { review: Schemas["ReviewDetail"] }) {
  const t = useReviews();
  const common = useCommon();
  const f = useFormat();
  const rows: [string, string][] = [
    [t("provider"), f.text(r.provider.name)],
    [t("submittedBy"), `${r.submitted_by.name} · ${f.date(r.submitted_at, "minute")}`],
    [t("field"), f.text(r.field?.name) || "—"],
    [t("language"), common(`language.${r.draft.language}`)],
    [t("version"), String(r.draft.version)],
    [t("length"), r.duration_s > 0 ? f.duration(r.duration_s) : "—"],
    [t("lessons"), f.number(r.lessons)],
    [t("questions"), f.number(r.questions)],
    [
      t("proposed"),
      r.proposed_hours === undefined ? "—" : t("hoursShort", { n: f.number(r.proposed_hours) }),
    ],
  ];
  return (
    <section className="card bx">
      <h3>{t("facts")}</h3>
      <dl className="dl">
        {rows.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Why there is nothing to decide here. */
function Undecidable({ review: r }: { review: Schemas["ReviewDetail"] }) {
  const t = useReviews();
  const f = useFormat();
  const { data: me } = useQuery(meQuery);
  const own = r.state === "submitted" && r.submitted_by.id === me?.id;
  const words = own
    ? t("ownText")
    : r.decided_by && r.decided_at
      ? t(`decided.${r.state === "returned" ? "returned" : "approved"}`, {
          name: r.decided_by.name,
          date: f.date(r.decided_at, "minute"),
          hours: f.number(r.hours ?? 0),
        })
      : t("withdrawn");
  return (
    <div className="bar">
      <p className={own ? "note p" : "note"}>
        <Icon name={own ? "lock" : "info"} />
        {words}
      </p>
    </div>
  );
}

export function Review({ id, at }: { id: string; at: At }) {
  const t = useReviews();
  const common = useCommon();
  const f = useFormat();
  const query = useQuery(reviewQuery(id));
  const r = query.data;
  if (!r) return <Opening at={at} query={query} />;
  const above = (
    <p className="row">
      <span className={r.subject === "public" ? "badge pub" : "badge pro"}>{common(r.subject)}</span>
      <StateBadge state={r.state} />
    </p>
  );
  return (
    <>
      <Opened at={at} label={f.text(r.title)} above={above} title={f.text(r.title)}>
        <div className="d-g">
          <Reader draft={r.draft} />
          <div className="col">
            <Facts review={r} />
            <section className="card bx">
              <h3>{t("history")}</h3>
              <History events={r.draft.reviews} />
            </section>
          </div>
        </div>
      </Opened>
      {r.may_decide ? <Decide review={r} at={at} /> : <Undecidable review={r} />}
    </>
  );
}
