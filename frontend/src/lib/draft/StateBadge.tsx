import type { Schemas } from "../../api/client";
import { useDraft } from "./messages";

const texture = { draft: "m", submitted: "p", returned: "x", published: "v" } as const;

/** Where a version stands on its way to publication, in word and texture. */
export function StateBadge({ state }: { state: Schemas["DraftSummary"]["state"] }) {
  const t = useDraft();
  return <span className={`st ${texture[state]}`}>{t(`state.${state}`)}</span>;
}
