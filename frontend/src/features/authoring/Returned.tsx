import { useFormat } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { useAuthoring } from "./messages";
import type { Draft } from "./model";

/** The reason of the last return, first thing to be read. */
export function Returned({ draft }: { draft: Draft }) {
  const t = useAuthoring();
  const f = useFormat();
  const last = draft.reviews.findLast((r) => r.decision === "returned");
  if (draft.state !== "returned" || !last) return null;
  return (
    <div className="note x ed-conflict">
      <Icon name="warn" />
      <div>
        <b>{t("returnedBy", { name: last.by.name, date: f.date(last.at, "minute") })}</b>
        <p className="pre">{last.reason}</p>
      </div>
    </div>
  );
}
