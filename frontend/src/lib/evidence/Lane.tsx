import { Icon, type IconName } from "../../ui/Icon";
import { useFormat } from "../format";
import { useEvidence } from "./messages";
import { type Check, marks, onTime, type Session, share, textureOf } from "./model";

const percent = (n: number) => `${(n * 100).toFixed(3)}%`;
const looks: Record<Check["outcome"], { icon: IconName; look: string }> = {
  passed: { icon: "check", look: "" },
  wrong: { icon: "warn", look: "no" },
  missed: { icon: "close", look: "no" },
  open: { icon: "clock", look: "wait" },
};

/** What the textures and marks of a lane mean. */
export function LaneKeys() {
  const t = useEvidence();
  return (
    <div className="keys">
      <span className="key v">{t("confirmed")}</span>
      <span className="key p">{t("pending")}</span>
      <span className="key x">{t("forfeited")}</span>
      <span className="key kn">{t("nothing")}</span>
      <span className="key kb">{t("beat")}</span>
      <span className="key kl">{t("late")}</span>
    </div>
  );
}

/** A session along the server's clock: what was credited, the beats below it, the checks above. The tables say the same. */
export function Lane({ session: e }: { session: Session }) {
  const t = useEvidence();
  const f = useFormat();
  const at = (ms: number) => percent(share(ms, e.length_ms));
  const start = Date.parse(e.opened_at);
  const label = t("lane", {
    from: f.date(start, "second"),
    to: f.date(start + e.length_ms, "second"),
    credit: f.exact(e.confirmed_s),
    count: e.beats_ms.length,
  });
  return (
    <div className="lane-w">
      <div className="lane" role="img" aria-label={label}>
        <span className="lane-n" />
        {e.timeline.map((s) => (
          <i
            key={s.from_ms}
            className={textureOf[s.fate]}
            style={{ left: at(s.from_ms), width: at(s.to_ms - s.from_ms) }}
          />
        ))}
        <svg viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">
          <path className="bt" d={marks(onTime(e), e.length_ms, 8)} />
          <path className="lt" d={marks(e.late_ms, e.length_ms, 14)} />
        </svg>
        {e.checks.map((c) => (
          <span
            key={`${c.asked_ms}-${c.ended_ms}`}
            className={`ck ${looks[c.outcome].look}`}
            style={{ left: at(c.ended_ms ?? c.asked_ms) }}
          >
            <Icon name={looks[c.outcome].icon} size="s" />
          </span>
        ))}
      </div>
      <div className="lane-x num" aria-hidden="true">
        <span>{f.date(start, "second")}</span>
        <span>{f.date(start + e.length_ms, "second")}</span>
      </div>
    </div>
  );
}
