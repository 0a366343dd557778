import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { meQuery } from "../../api/queries";
import { manages } from "../../lib/roles";
import { useWorkspace } from "../../lib/useWorkspace";

/** The organisations whose people one looks after, and the one that is looked at. */
export function useOrg(chosen?: string): { orgs: Schemas["OrgRef"][]; org?: Schemas["OrgRef"] } {
  const { data: me } = useQuery(meQuery);
  const ws = useWorkspace();
  const orgs = me ? manages(me) : [];
  return { orgs, org: orgs.find((o) => o.id === (chosen ?? ws?.org.id)) ?? orgs[0] };
}
