import { useState } from "react";
import { Area } from "../../ui/Area";
import { deeds, type Org, useDeed } from "./api";
import { Form } from "./Form";
import { useOrgs } from "./messages";

export function Apply({ org, onClose }: { org: Org; onClose: () => void }) {
  const t = useOrgs();
  const [statement, write] = useState("");
  const apply = useDeed(() => deeds.apply(org.id, statement), onClose);
  return (
    <Form
      title={t("apply")}
      text={t("accreditationText")}
      act={t("send")}
      busy={apply.isPending}
      error={apply.error}
      onAct={() => apply.mutate(undefined)}
      onClose={onClose}
    >
      <Area
        label={t("statement")}
        hint={t("statementHint")}
        rows={5}
        maxLength={2000}
        value={statement}
        onChange={(e) => write(e.target.value)}
      />
    </Form>
  );
}
