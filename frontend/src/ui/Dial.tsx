import { useMemo } from "react";
import { capLabelAt, dialLines, type Year } from "./dial";

/** The year as a ring of ticks. Without a label it only repeats what stands beside it. */
export function Dial({ year, label, cap }: { year: Year; label?: string; cap?: string }) {
  const lines = useMemo(() => dialLines(year), [year]);
  const named = label ? { role: "img", "aria-label": label } : { "aria-hidden": true };
  const at = capLabelAt(year);
  return (
    <svg className="dial" viewBox="0 0 400 400" {...named}>
      {lines.map((l) => (
        <line key={`${l.kind}${l.x1}:${l.y1}`} className={l.kind} x1={l.x1} y1={l.y1} x2={l.x2} y2={l.y2} />
      ))}
      {cap && (
        <text className="lb" x={at.x} y={at.y}>
          {cap}
        </text>
      )}
    </svg>
  );
}
