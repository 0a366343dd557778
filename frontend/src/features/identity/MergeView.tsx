import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { Decision, useReason } from "../../lib/queue/Decision";
import { type At, Opened, Opening } from "../../lib/queue/Opened";
import { Icon } from "../../ui/Icon";
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

function Decide({ review, at }: { review: Review; at: At }) {
  const t = useIdentity();
  const decide = useDecide(review.id, at.onDone);
  const reason = useReason();
  const as = (decision: "merge" | "refuse") => reason.needed((reason) => decide.mutate({ decision, reason }));
  return (
    <Decision
      reason={reason}
      label={t("reason")}
      missing={t("reasonNeeded")}
      sentences={sentences.map((s) => t(`sentence.${s}`))}
      keys={at.keys}
      decide={decide}
      choices={[
        { id: "refuse", key: "R", words: t("refuse"), onPress: as("refuse") },
        { id: "merge", key: "M", words: t("mergeThem"), primary: true, onPress: as("merge") },
      ]}
    />
  );
}

/** Why there is nothing to decide here: who decided, or why not you. */
function Undecidable({ review }: { review: Review }) {
  const t = useIdentity();
  const f = useFormat();
  const date = review.decided_at && f.date(review.decided_at, "minute");
  return (
    <div className="bar">
      <p className="note">
        <Icon name="info" />
        <span>
          {date ? t("decidedBy", { name: review.decided_by, date, reason: review.reason }) : t("ownMerge")}
        </span>
      </p>
    </div>
  );
}

export function MergeView({ id, at }: { id: string; at: At }) {
  const t = useIdentity();
  const f = useFormat();
  const query = useQuery(mergeQuery(id));
  const review = query.data;
  if (!review) return <Opening at={at} query={query} />;
  const open = review.state === "open";
  const above = (
    <p className="small muted">
      {t(`state.${review.state}`)} · {f.date(review.created_at, "minute")}
    </p>
  );
  return (
    <>
      <Opened at={at} label={t("request")} above={above} title={t("question")}>
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
      </Opened>
      {review.may_decide ? <Decide review={review} at={at} /> : <Undecidable review={review} />}
    </>
  );
}
