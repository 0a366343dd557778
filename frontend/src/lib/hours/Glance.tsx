import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Trans } from "react-i18next";
import type { Schemas } from "../../api/client";
import { openEnrolmentsQuery } from "../../api/queries";
import { Dial } from "../../ui/Dial";
import { Icon } from "../../ui/Icon";
import { type Piece, Strip } from "../../ui/Strip";
import { useFormat } from "../format";
import { i18n } from "../i18n";
import { useCommon } from "../messages";
import { useHours } from "./messages";

type Year = Schemas["YearAccount"];

const overCap = (y: Year) => Math.max(0, y.recorded.public - y.by_subject.public);

function Ring({ year }: { year: Year }) {
  const t = useHours();
  const f = useFormat();
  const { professional, public: pub } = year.by_subject;
  const label = t("ring", {
    required: f.number(year.required),
    public: f.number(pub),
    professional: f.number(professional),
    missing: f.number(year.missing),
  });
  const [num, den] = year.policy.public_share;
  return (
    <div className="ringw">
      <Dial
        year={{
          required: year.required,
          professional,
          public: pub,
          publicCap: year.public_cap,
          over: overCap(year),
        }}
        label={label}
        cap={`${num}/${den}`}
      />
      <div className="ctr" aria-hidden="true">
        <b className="num">{f.number(year.counted)}</b>
        <span>{t("counted", { required: f.number(year.required) })}</span>
      </div>
    </div>
  );
}

function Say({ year, own }: { year: Year; own?: boolean }) {
  const t = useHours();
  const f = useFormat();
  const full = !year.met && year.by_subject.public >= year.public_cap;
  const key = year.met
    ? "sayMet"
    : year.days_left === 0
      ? "sayMissingPast"
      : own
        ? "sayMissing"
        : "sayMissingOther";
  const values = {
    missing: f.number(year.missing),
    days: year.days_left,
    counted: f.number(year.counted),
    required: f.number(year.required),
  };
  return (
    <p className="say">
      <Trans i18n={i18n} ns="hours" i18nKey={key} values={values} components={{ b: <b className="num" /> }} />
      {full && year.days_left > 0 && ` ${t("sayFull")}`}
    </p>
  );
}

function Split({ year }: { year: Year }) {
  const t = useHours();
  const common = useCommon();
  const f = useFormat();
  const share = (h: number) => h / year.required;
  const over = overCap(year);
  const pub = share(year.by_subject.public);
  const pieces: Piece[] = [{ from: 0, to: pub, texture: "pu" }];
  if (over > 0) pieces.push({ from: pub + 0.004, to: pub + 0.004 + share(over), texture: "m" });
  return (
    <div className="split">
      <div className="sp">
        <div className="l">
          <span className="badge pro">{common("professional")}</span>
          <b className="num">{f.number(year.by_subject.professional)}</b>
        </div>
        <Strip pieces={[{ from: 0, to: share(year.by_subject.professional), texture: "v" }]} />
      </div>
      <div className="sp">
        <div className="l">
          <span className="badge pub">{common("public")}</span>
          {over > 0 && (
            <span className="muted num">
              {t("recorded", { recorded: f.number(year.recorded.public), over: f.number(over) })}
            </span>
          )}
          <b className="num">{f.number(year.by_subject.public)}</b>
        </div>
        <Strip pieces={pieces} />
        <div className="third b">
          <i style={{ left: `${share(year.public_cap) * 100}%` }} />
          <span style={{ left: `${share(year.public_cap) * 100}%` }}>
            {t("cap", { cap: f.number(year.public_cap) })}
          </span>
        </div>
      </div>
    </div>
  );
}

/** The next thing that would fill the year. */
function Continue() {
  const t = useHours();
  const f = useFormat();
  const { data, isSuccess } = useQuery(openEnrolmentsQuery);
  const e = data?.items[0];
  if (!isSuccess) return null;
  if (!e) {
    return (
      <div className="cont">
        <div className="grow">
          <b>{t("findText")}</b>
        </div>
        <Link className="btn primary" to="/">
          {t("find")}
        </Link>
      </div>
    );
  }
  return (
    <div className="cont">
      <div className="grow">
        <b>{t("continue", { title: f.text(e.course.title) })}</b>
        <span className="small muted num">
          {t("continueMeta", {
            hours: f.number(e.course.hours),
            done: f.clock(e.covered_s),
            all: f.clock(e.course.duration_s),
          })}
        </span>
        <Strip pieces={[{ from: 0, to: e.covered_s / Math.max(1, e.course.duration_s), texture: "v" }]} />
      </div>
      <Link className="btn primary" to="/learn/$enrolmentId" params={{ enrolmentId: e.id }}>
        <Icon name="play" />
        {t("goOn")}
      </Link>
    </div>
  );
}

/** The year as a ring and in words; one's own offers what would fill it. */
export function Glance({ year, own }: { year: Year; own?: boolean }) {
  const t = useHours();
  return (
    <section className="card sum" aria-label={t("glance", { year: year.year })}>
      <Ring year={year} />
      <div className="side-c">
        <Say year={year} own={own} />
        <Split year={year} />
        <div className="keys">
          <span className="key v">{t("keyProfessional")}</span>
          <span className="key pu">{t("keyPublic")}</span>
          <span className="key m">{t("keyMissing")}</span>
        </div>
        {own && year.days_left > 0 && <Continue />}
      </div>
    </section>
  );
}
