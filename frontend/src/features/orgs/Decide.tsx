import { useState } from "react";
import { useFormat } from "../../lib/format";
import { Area } from "../../ui/Area";
import { Field } from "../../ui/Field";
import { deeds, type Node, useDeed } from "./api";
import { Form } from "./Form";
import { useOrgs } from "./messages";
import { type Decision, dayOf, decisionsOn } from "./model";

/** Two years from now, to the end of the year: what is usual. */
const usual = () => `${new Date().getFullYear() + 2}-12-31`;

/** A department's decision on an institution. Saying no wants a reason. */
export function Decide({ node, onClose }: { node: Node; onClose: () => void }) {
  const t = useOrgs();
  const f = useFormat();
  const choices = node.accreditation ? decisionsOn(node.accreditation) : [];
  const [decision, choose] = useState<Decision>(choices[0] ?? "accredit");
  const [until, setUntil] = useState(usual);
  const [reason, write] = useState("");
  const [tried, setTried] = useState(false);
  const accredits = decision === "accredit";
  const lacks = accredits ? until === "" : reason.trim() === "";
  const decide = useDeed(
    () => deeds.decide(node.id, { decision, reason, ...(accredits ? { until } : {}) }),
    onClose,
  );
  return (
    <Form
      title={t("decideTitle", { org: f.text(node.name) })}
      act={t(`decision.${decision}`)}
      danger={!accredits}
      busy={decide.isPending}
      error={decide.error}
      onAct={() => {
        setTried(true);
        if (!lacks) decide.mutate(undefined);
      }}
      onClose={onClose}
    >
      <fieldset className="seg og-dec" aria-label={t("decide")}>
        {choices.map((d) => (
          <button key={d} type="button" aria-pressed={decision === d} onClick={() => choose(d)}>
            {t(`decision.${d}`)}
          </button>
        ))}
      </fieldset>
      {accredits && (
        <Field
          label={t("lastDay")}
          type="date"
          required
          min={dayOf(new Date())}
          value={until}
          error={tried && lacks ? t("dayNeeded") : undefined}
          onChange={(e) => setUntil(e.target.value)}
        />
      )}
      <Area
        label={t("publicReason")}
        hint={t("publicReasonHint")}
        error={tried && lacks && !accredits ? t("reasonNeeded") : undefined}
        maxLength={2000}
        value={reason}
        onChange={(e) => write(e.target.value)}
      />
    </Form>
  );
}
