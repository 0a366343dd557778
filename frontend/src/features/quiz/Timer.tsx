import { useEffect, useRef } from "react";
import { useFormat } from "../../lib/format";
import { useNow } from "../../lib/hooks";
import { useQuiz } from "./messages";

const ticks = 31;

/** What is left as a ring of ticks and in figures; calls once when it is over. */
export function Timer({
  startedAt,
  dueAt,
  onOver,
}: {
  startedAt: string;
  dueAt: string;
  onOver: () => void;
}) {
  const t = useQuiz();
  const f = useFormat();
  const now = useNow(500);
  const left = Math.max(0, (Date.parse(dueAt) - now) / 1000);
  const whole = (Date.parse(dueAt) - Date.parse(startedAt)) / 1000;
  const told = useRef(false);
  useEffect(() => {
    if (left > 0 || told.current) return;
    told.current = true;
    onOver();
  }, [left, onOver]);
  const full = Math.ceil((left / Math.max(1, whole)) * ticks);
  return (
    <div
      className={left < 60 ? "timer soon" : "timer"}
      role="timer"
      aria-label={t("timer", { time: f.duration(left) })}
    >
      <svg className="dial" viewBox="0 0 320 320" aria-hidden="true">
        {Array.from({ length: ticks }, (_, n) => {
          const a = ((n + 0.5) / ticks) * 2 * Math.PI;
          const [r1, r2] = n < full ? [92, 146] : [111, 128];
          return (
            <line
              key={a}
              className={n < full ? "v" : "m"}
              x1={160 + r1 * Math.sin(a)}
              y1={160 - r1 * Math.cos(a)}
              x2={160 + r2 * Math.sin(a)}
              y2={160 - r2 * Math.cos(a)}
            />
          );
        })}
      </svg>
      <b>{f.clock(left)}</b>
    </div>
  );
}
