import { Icon } from "../../ui/Icon";
import type { Flag } from "./api";
import { useIntegrity } from "./messages";

/** How much room a rule leaves for an ordinary explanation, in word and sign. */
export function SeverityBadge({ severity }: { severity: Flag["severity"] }) {
  const t = useIntegrity();
  return (
    <span className={`badge plain sev ${severity}`}>
      <Icon name={severity === "serious" ? "warn" : "info"} size="s" />
      {t(`severity.${severity}`)}
    </span>
  );
}
