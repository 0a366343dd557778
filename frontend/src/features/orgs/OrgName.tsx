import { useFormat } from "../../lib/format";
import type { Ref } from "./api";
import { useOrgs } from "./messages";

/** What kind of organisation it is, with the level of a department. */
export function useKind() {
  const t = useOrgs();
  return (org: Ref) =>
    [org.level && t(`level.${org.level}`), t(`kind.${org.kind}`)].filter(Boolean).join(" · ");
}

export function OrgName({ org }: { org: Ref }) {
  const f = useFormat();
  const kind = useKind();
  return (
    <>
      <b>{f.text(org.name)}</b>
      <span className="small muted">{kind(org)}</span>
    </>
  );
}
