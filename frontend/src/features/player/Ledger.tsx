import { useFormat } from "../../lib/format";
import { useNow } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { usePlayer } from "./messages";
import type { Study } from "./study";
import { type Timeline, total } from "./timeline";

interface Props {
  study: Study;
  timeline: Timeline;
  durationS: number;
  course: { covered: number; all: number };
  onGo: (seconds: number) => void;
}

/** Who confirmed the figure, and when. */
export function Confirmed({ study }: { study: Study }) {
  const t = usePlayer();
  const f = useFormat();
  const now = useNow(1000);
  const { kind } = study.status;
  if (kind === "fenced" || kind === "held") return t("elsewhere");
  if (study.confirmedAt === null) return t("notYet");
  if (kind === "offline") return t("confirmedAt", { time: f.date(study.confirmedAt, "second") });
  return t("confirmedAgo", { seconds: Math.max(0, Math.round((now - study.confirmedAt) / 1000)) });
}

/** Seconds that wait: for the next check, and for the server. */
export function PendingTime({
  study,
  credited,
  waiting,
}: {
  study: Study;
  credited: number;
  waiting: number;
}) {
  const t = usePlayer();
  const common = useCommon();
  const f = useFormat();
  return (
    <div>
      <span className="st p">{common("pending")}</span>
      <b className="mid num" data-testid="pending" data-credited={Math.floor(credited)}>
        {f.clock(credited + waiting)}
      </b>
      {credited >= 1 && <span className="small">{t(study.check ? "pendingAsked" : "pendingCheck")}</span>}
      {waiting >= 1 && <span className="small">{t("pendingHint", { time: f.clock(waiting) })}</span>}
      {credited + waiting < 1 && <span className="small">{t("nonePending")}</span>}
    </div>
  );
}

export function Forfeited({ study }: { study: Study }) {
  const t = usePlayer();
  const f = useFormat();
  if (study.forfeitedS <= 0) return null;
  return <span className="st x small num">{t("forfeited", { time: f.clock(study.forfeitedS) })}</span>;
}

/** Seconds of the whole course. */
export function CourseTime({ covered, all }: { covered: number; all: number }) {
  const t = usePlayer();
  const f = useFormat();
  return (
    <div>
      <span className="eyebrow">{t("course")}</span>
      <b className="mid num">{f.clock(Math.min(covered, all))}</b>
      <span className="small num">{t("of", { all: f.clock(all) })}</span>
    </div>
  );
}

/** The lesson's time in figures, each beside its texture. */
export function Ledger({ study, timeline, durationS, course, onGo }: Props) {
  const t = usePlayer();
  const common = useCommon();
  const f = useFormat();
  const gap = timeline.missing[0];
  return (
    <section className="card led" aria-label={t("lessonTime")}>
      <div>
        <span className="st v">{common("verified")}</span>
        <b className="big num" data-testid="verified">
          {f.clock(total(timeline.verified))} <span className="of">/ {f.clock(durationS)}</span>
        </b>
        <span className="small num">
          <Confirmed study={study} />
        </span>
      </div>
      <PendingTime study={study} credited={total(timeline.pending)} waiting={total(timeline.waiting)} />
      <div>
        <span className="st m">{common("missing")}</span>
        <b className="mid num">{f.clock(total(timeline.missing))}</b>
        {gap ? (
          <button className="go num" type="button" onClick={() => onGo(gap[0])}>
            {t("watchMissing", { time: f.clock(gap[0]) })}
          </button>
        ) : (
          <span className="small">{t("noneMissing")}</span>
        )}
        <Forfeited study={study} />
      </div>
      <CourseTime {...course} />
    </section>
  );
}
