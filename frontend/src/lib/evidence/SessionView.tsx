import type { Schemas } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { useFormat } from "../format";
import type { More } from "../More";
import "./evidence.css";
import { Lane, LaneKeys } from "./Lane";
import { useEvidence } from "./messages";
import { type Session, tally } from "./model";
import { Beats, Checks } from "./Tables";

function Figures({ session: e }: { session: Session }) {
  const t = useEvidence();
  const f = useFormat();
  const checks = tally(e.checks);
  return (
    <dl className="ev-sum num">
      <div>
        <dt className="st v">{t("confirmed")}</dt>
        <dd className="big">{f.exact(e.confirmed_s)}</dd>
      </div>
      <div>
        <dt className="st p">{t("pending")}</dt>
        <dd>{f.exact(e.pending_s)}</dd>
      </div>
      <div>
        <dt className="st x">{t("forfeited")}</dt>
        <dd>{f.exact(e.forfeited_s)}</dd>
      </div>
      <div>
        <dt className="eyebrow">{t("beats")}</dt>
        <dd>
          {f.number(e.beats)}
          {e.late_ms.length > 0 && (
            <span className="small">{t("lateCount", { count: e.late_ms.length })}</span>
          )}
        </dd>
      </div>
      <div>
        <dt className="eyebrow">{t("checks")}</dt>
        <dd>{t("passedOf", { passed: checks.passed, all: checks.ended })}</dd>
      </div>
    </dl>
  );
}

/** Whether the record can be trusted to be what was written then. */
function Chain({ session: e }: { session: Session }) {
  const t = useEvidence();
  if (!e.whole) {
    return (
      <p className="note">
        <Icon name="info" />
        <span>{t("compacted")}</span>
      </p>
    );
  }
  return (
    <p className={e.intact ? "note" : "note x"}>
      <Icon name={e.intact ? "shield" : "warn"} />
      <span>
        {t(e.intact ? "intact" : "broken")} <code className="ev-dig">{e.head}</code>
      </span>
    </p>
  );
}

/** Why time was not counted, each only where it happened. */
function Why({ session: e }: { session: Session }) {
  const t = useEvidence();
  const f = useFormat();
  const idle = Math.round(e.length_ms / 1000) - e.confirmed_s - e.pending_s - e.forfeited_s;
  const minutes = f.duration(e.window_s);
  return (
    <ul className="ev-why">
      {e.confirmed_s > 0 && <li className="st v">{t("why.confirmed", { time: f.exact(e.confirmed_s) })}</li>}
      {e.pending_s > 0 && <li className="st p">{t("why.pending", { time: f.exact(e.pending_s) })}</li>}
      {e.forfeited_s > 0 && (
        <li className="st x">{t("why.forfeited", { time: f.exact(e.forfeited_s), window: minutes })}</li>
      )}
      {idle > 2 && <li className="st m">{t("why.idle", { time: f.exact(idle) })}</li>}
      <li className="st m">{t("why.refused")}</li>
    </ul>
  );
}

interface Props {
  session: Session;
  rows: Schemas["BeatRecord"][];
  list: Parameters<typeof More>[0]["list"];
}

/** A session with what every second of it rests on. */
export function SessionView({ session, rows, list }: Props) {
  const t = useEvidence();
  return (
    <div className="ev">
      <Figures session={session} />
      <section>
        <h3>{t("timeline")}</h3>
        <LaneKeys />
        <Lane session={session} />
      </section>
      <section>
        <h3>{t("whyTitle")}</h3>
        <Why session={session} />
      </section>
      <section>
        <h3>{t("checks")}</h3>
        <Checks session={session} />
      </section>
      <section>
        <h3>{t("record")}</h3>
        <Chain session={session} />
        <Beats session={session} rows={rows} list={list} />
      </section>
    </div>
  );
}
