import type { Schemas } from "../../api/client";
import { Decision, useReason } from "../../lib/queue/Decision";
import type { At } from "../../lib/queue/Opened";
import { useDecide } from "./api";
import { useIntegrity } from "./messages";

const sentences = ["explained", "course", "confirmed"] as const;

/** The decision, which wants a reason either way. It changes no credit. */
export function Decide({ flag, at }: { flag: Schemas["FlagDetail"]; at: At }) {
  const t = useIntegrity();
  const decide = useDecide(flag.id, at.onDone);
  const reason = useReason();
  const as = (decision: "uphold" | "dismiss") =>
    reason.needed((reason) => decide.mutate({ decision, reason }));
  return (
    <Decision
      reason={reason}
      label={t("reason")}
      missing={t("reasonNeeded")}
      sentences={sentences.map((s) => t(`sentence.${s}`))}
      keys={at.keys}
      decide={decide}
      choices={[
        { id: "uphold", key: "U", words: t("uphold"), onPress: as("uphold") },
        { id: "dismiss", key: "D", words: t("dismiss"), primary: true, onPress: as("dismiss") },
      ]}
    />
  );
}
