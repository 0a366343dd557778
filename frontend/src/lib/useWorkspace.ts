import { useQuery } from "@tanstack/react-query";
import { useRouterState, useSearch } from "@tanstack/react-router";
import type { Schemas } from "../api/client";
import { meQuery } from "../api/queries";
import { manages } from "./roles";
import { standing, type Workspace } from "./workspaces";

const kept = "hourglass.workspace";

/** The tab's last workspace, for links that name none. */
export function lastWorkspace(): string | null {
  try {
    return sessionStorage.getItem(kept);
  } catch {
    return null;
  }
}

export function keepWorkspace(id: string) {
  try {
    sessionStorage.setItem(kept, id);
  } catch {
    // Without storage a link that names no workspace opens in the first.
  }
}

/** The workspace the page is open in. */
export function useWorkspace(): Workspace | undefined {
  const { data: me } = useQuery(meQuery);
  const { ws } = useSearch({ strict: false });
  const path = useRouterState({ select: (s) => s.location.pathname });
  if (!me) return undefined;
  const at = standing(me, ws, path);
  return "open" in at ? at.open : undefined;
}

/** The organisations whose people one looks after, and the one of them that is looked at. */
export function useManaged(chosen?: string): { orgs: Schemas["OrgRef"][]; org?: Schemas["OrgRef"] } {
  const { data: me } = useQuery(meQuery);
  const ws = useWorkspace();
  const orgs = me ? manages(me) : [];
  return { orgs, org: orgs.find((o) => o.id === (chosen ?? ws?.org.id)) ?? orgs[0] };
}
