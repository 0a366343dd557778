import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { meQuery } from "../../api/queries";
import { History } from "../../lib/draft/History";
import { Reader } from "../../lib/draft/Reader";
import { StateBadge } from "../../lib/draft/StateBadge";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { reviewQuery } from "./api";
import { Decide } from "./Decide";
import { useReviews } from "./messages";

interface Props {
  id: string;
  place?: { n: number; of: number };
  keys: boolean;
  onPrevious: () => void;
  onNext: () => void;
  onDone: () => void;
}

function Pager({ place, onPrevious, onNext }: Pick<Props, "place" | "onPrevious" | "onNext">) {
  const t = useReviews();
  return (
    <div className="pg num">
      <Link className="btn quiet sm to-list" to="." search={(s) => ({ ...s, id: undefined })}>
        <Icon name="list" size="s" />
        {t("toQueue")}
      </Link>
      {place && (
        <>
          <span>
            {place.n} / {place.of}
          </span>
          <button
            className="icon-btn"
            type="button"
            aria-label={t("previous")}
            disabled={place.n === 1}
            onClick={onPrevious}
          >
            <Icon name="left" />
          </button>
          <button
            className="icon-btn"
            type="button"
            aria-label={t("next")}
            disabled={place.n === place.of}
            onClick={onNext}
          >
            <Icon name="right" />
          </button>
        </>
      )}
    </div>
  );
}

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

export function Review({ id, place, keys, onPrevious, onNext, onDone }: Props) {
  const t = useReviews();
  const common = useCommon();
  const f = useFormat();
  const review = useQuery(reviewQuery(id));
  const pager = <Pager place={place} onPrevious={onPrevious} onNext={onNext} />;
  if (review.isError) {
    return (
      <div className="d-s">
        {pager}
        <Failure error={review.error} retry={() => void review.refetch()} />
      </div>
    );
  }
  if (!review.data) {
    return (
      <div className="d-s">
        {pager}
        <Skeleton lines={8} tall />
      </div>
    );
  }
  const r = review.data;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div className="d-s" tabIndex={0} role="group" aria-label={f.text(r.title)}>
        <div className="d-h">
          <div>
            <p className="row">
              <span className={r.subject === "public" ? "badge pub" : "badge pro"}>{common(r.subject)}</span>
              <StateBadge state={r.state} />
            </p>
            <h2 id="review-title" tabIndex={-1}>
              {f.text(r.title)}
            </h2>
          </div>
          {pager}
        </div>
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
      </div>
      {r.may_decide ? <Decide review={r} keys={keys} onDone={onDone} /> : <Undecidable review={r} />}
    </>
  );
}
