import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { Message } from "../../ui/states";
import { useFormat } from "../format";
import { useCommon } from "../messages";
import { useHours } from "./messages";

type Entry = Schemas["HourEntry"];
type Year = Schemas["YearAccount"];

function State({ entry: e }: { entry: Entry }) {
  const t = useHours();
  const f = useFormat();
  if (e.kind === "correction") return <span className="st x">{t("taken")}</span>;
  if (e.counted >= e.hours) return <span className="st v">{t("isCounted")}</span>;
  if (e.counted <= 0) return <span className="st m">{t("notCounted")}</span>;
  return (
    <span className="st v">
      {t("partly", { counted: f.number(e.counted), over: f.number(e.hours - e.counted) })}
    </span>
  );
}

function Row({ entry: e }: { entry: Entry }) {
  const t = useHours();
  const common = useCommon();
  const f = useFormat();
  return (
    <tr>
      <td className="d">
        <time dateTime={e.earned_at}>{f.date(e.earned_at, "month-day")}</time>
      </td>
      <td className="w">
        <b>{f.text(e.title)}</b>
        <span className="src small">
          <Icon name={e.kind === "correction" ? "info" : "shield"} size="s" />
          {e.kind === "correction"
            ? t("correction", { reason: e.reason })
            : [t("online"), f.text(e.provider?.name)].filter(Boolean).join(" · ")}
        </span>
      </td>
      <td className="s">
        <span className={e.subject === "public" ? "badge pub" : "badge pro"}>{common(e.subject)}</span>
      </td>
      <td className="n h">
        <b>{f.number(e.hours)}</b>
        <span className="u">{t("unit")}</span>
      </td>
      <td className="c">
        <State entry={e} />
      </td>
      <td className="a">
        {e.certificate_serial && (
          <Link
            className="btn sm"
            to="/verify/$serial"
            params={{ serial: e.certificate_serial }}
            aria-label={t("certificateOf", { title: f.text(e.title) })}
          >
            <Icon name="medal" size="s" />
            {t("certificate")}
          </Link>
        )}
      </td>
    </tr>
  );
}

export function Entries({ year }: { year: Year }) {
  const t = useHours();
  const common = useCommon();
  const f = useFormat();
  const [subject, setSubject] = useState<"all" | "professional" | "public">("all");
  const shown = year.entries.filter((e) => subject === "all" || e.subject === subject);
  return (
    <section className="lst">
      <div className="sec-h">
        <h2>{t("entries")}</h2>
        <fieldset className="seg flt" aria-label={t("filter")}>
          {(["all", "professional", "public"] as const).map((s) => (
            <button key={s} type="button" aria-pressed={subject === s} onClick={() => setSubject(s)}>
              {s === "all" ? t("all") : common(s)}
            </button>
          ))}
        </fieldset>
      </div>
      <div className="card">
        {shown.length === 0 ? (
          <Message
            icon="clock"
            title={
              subject === "all" ? t("empty", { year: year.year }) : t("emptyFilter", { year: year.year })
            }
          >
            {subject === "all" && <p>{t("emptyText")}</p>}
          </Message>
        ) : (
          <table className="tbl">
            <thead>
              <tr>
                <th scope="col">{t("date")}</th>
                <th scope="col">{t("what")}</th>
                <th scope="col">{t("subject")}</th>
                <th scope="col" className="n">
                  {t("hours")}
                </th>
                <th scope="col">{t("state")}</th>
                <th scope="col">
                  <span className="vh">{t("actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((e) => (
                <Row key={e.index} entry={e} />
              ))}
            </tbody>
          </table>
        )}
        <div className="sum-f num">
          <span>
            {common("professional")} <b>{f.number(year.by_subject.professional)}</b>
          </span>
          <span>
            {common("public")} <b>{f.number(year.by_subject.public)}</b>
          </span>
          <span>
            {t("sumCounted")}{" "}
            <b>
              {f.number(year.counted)} / {f.number(year.required)}
            </b>
          </span>
        </div>
      </div>
    </section>
  );
}
