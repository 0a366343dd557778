import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { Schemas } from "../../api/client";
import { explain, Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { withSentence } from "../../lib/queue/model";
import { Icon } from "../../ui/Icon";
import "../../ui/forms.css";
import { Skeleton } from "../../ui/states";
import { mergeQuery, useDecide } from "./api";
import { useIdentity } from "./messages";

type Review = Schemas["MergeReview"];
type Side = Schemas["MergeSide"];
const sentences = ["same", "different", "unclear"] as const;

/** Both records side by side, masked, in the same order of rows. */
function Sides({ review }: { review: Review }) {
  const t = useIdentity();
  const f = useFormat();
  const none = <span className="muted">{t("none")}</span>;
  const rows: [string, (s: Side) => ReactNode][] = [
    [t("name"), (s) => s.document?.name ?? none],
    [t("number"), (s) => (s.document ? <span className="num">{s.document.number}</span> : none)],
    [t("address"), (s) => s.address || none],
    [t("since"), (s) => f.date(s.since)],
    [
      t("roles"),
      (s) =>
        s.roles.length ? (
          <ul>
            {s.roles.map((r) => (
              <li key={r.org.id + r.role}>
                {f.text(r.org.name)} · {t(`role.${r.role}`)}
              </li>
            ))}
          </ul>
        ) : (
          none
        ),
    ],
    [
      t("hours"),
      (s) =>
        s.years.length ? (
          <ul className="num">
            {s.years.map((y) => (
              <li key={y.year}>
                {t("yearHours", { year: y.year, hours: f.number(y.hours), count: y.courses })}
              </li>
            ))}
          </ul>
        ) : (
          none
        ),
    ],
    [t("openCourses"), (s) => f.number(s.open_courses)],
    [t("openFlags"), (s) => f.number(s.open_flags)],
  ];
  return (
    <table className="mg">
      <caption className="vh">{t("sides")}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{t("keeper")}</th>
          <th scope="col">{t("joining")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([term, of]) => (
          <tr key={term}>
            <th scope="row">{term}</th>
            <td>{of(review.keeper)}</td>
            <td>{of(review.joining)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Decide({ review, onDone }: { review: Review; onDone: () => void }) {
  const t = useIdentity();
  const common = useCommon();
  const decide = useDecide(review.id, onDone);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const missing = tried && reason.trim() === "";
  const as = (decision: "merge" | "refuse") => () => {
    setTried(true);
    if (reason.trim() === "") document.getElementById("merge-reason")?.focus();
    else decide.mutate({ decision, reason });
  };
  return (
    <fieldset className="bar" aria-label={t("decide")}>
      {decide.isError && (
        <p className="note x" role="alert">
          {explain(decide.error, common)}
        </p>
      )}
      <div className="why">
        <label className="l" htmlFor="merge-reason">
          {t("reason")}
        </label>
        <span className={missing ? "field bad area" : "field area"}>
          <textarea
            id="merge-reason"
            rows={1}
            maxLength={2000}
            value={reason}
            aria-invalid={missing || undefined}
            aria-describedby={missing ? "merge-reason-e" : undefined}
            onChange={(e) => setReason(e.target.value)}
          />
        </span>
        {missing && (
          <p id="merge-reason-e" className="lf-e" role="alert">
            {t("reasonNeeded")}
          </p>
        )}
        <div className="qr-s">
          {sentences.map((s) => (
            <button
              key={s}
              type="button"
              onClick={() => setReason((old) => withSentence(old, t(`sentence.${s}`)))}
            >
              {t(`sentence.${s}`)}
            </button>
          ))}
        </div>
      </div>
      <div className="dec">
        <button
          className="btn"
          id="merge-refuse"
          type="button"
          disabled={decide.isPending}
          onClick={as("refuse")}
        >
          {t("refuse")}
        </button>
        <button
          className="btn primary"
          id="merge-merge"
          type="button"
          disabled={decide.isPending}
          onClick={as("merge")}
        >
          {t("mergeThem")}
        </button>
      </div>
    </fieldset>
  );
}

export function MergeView({ id, onDone }: { id: string; onDone: () => void }) {
  const t = useIdentity();
  const f = useFormat();
  const query = useQuery(mergeQuery(id));
  const review = query.data;
  const toQueue = (
    <div className="pg">
      <Link className="btn quiet sm to-list" to="." search={(s) => ({ ...s, id: undefined })}>
        <Icon name="list" size="s" />
        {t("toQueue")}
      </Link>
    </div>
  );
  if (!review)
    return (
      <div className="d-s">
        {toQueue}
        {query.isError ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Skeleton lines={8} tall />
        )}
      </div>
    );
  const open = review.state === "open";
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div className="d-s" tabIndex={0} role="group" aria-label={t("request")}>
        <div className="d-h">
          <div>
            <p className="small muted">
              {t(`state.${review.state}`)} · {f.date(review.created_at, "minute")}
            </p>
            <h2 id="merge-title" tabIndex={-1}>
              {t("question")}
            </h2>
          </div>
          {toQueue}
        </div>
        <div className="mg-b">
          <section className="card">
            <Sides review={review} />
          </section>
          <section className="card">
            <ul className="mg-facts">
              {open && <li>{review.same_name ? t("sameName") : t("otherName")}</li>}
              <li>
                {review.courses_in_both ? t("twice", { count: review.courses_in_both }) : t("nothingTwice")}
              </li>
              <li>{t("effect")}</li>
              {review.note && <li>{t("theirNote", { note: review.note })}</li>}
            </ul>
          </section>
        </div>
      </div>
      {review.may_decide ? (
        <Decide review={review} onDone={onDone} />
      ) : (
        <div className="bar">
          <p className="note">
            <Icon name="info" />
            <span>
              {review.decided_at
                ? t("decidedBy", {
                    name: review.decided_by,
                    date: f.date(review.decided_at, "minute"),
                    reason: review.reason,
                  })
                : t("ownMerge")}
            </span>
          </p>
        </div>
      )}
    </>
  );
}
