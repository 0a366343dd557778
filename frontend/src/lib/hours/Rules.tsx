import type { Schemas } from "../../api/client";
import { useFormat } from "../format";
import { useHours } from "./messages";

/** The policy the year was counted by, in a sentence. */
export function Rules({ year }: { year: Schemas["YearAccount"] }) {
  const t = useHours();
  const f = useFormat();
  return (
    <p className="rules small muted">
      {t("policy", {
        title: f.text(year.policy.title),
        minutes: year.policy.hour_minutes,
        num: year.policy.public_share[0],
        den: year.policy.public_share[1],
      })}
    </p>
  );
}
