import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, idempotent, type Schemas, take } from "../../api/client";

export type Org = Schemas["Org"];
export type Ref = Schemas["OrgRef"];
export type Node = Schemas["OrgNode"];
export type Member = Schemas["Member"];
export type Invitation = Schemas["Invitation"];
export type Role = Member["role"];
export type Kind = Ref["kind"];

const page = { initialPageParam: undefined as string | undefined };
const next = (last: { next_cursor: string | null }) => last.next_cursor ?? undefined;
const at = (id: string) => ({ path: { id } });

export function orgQuery(id: string) {
  return queryOptions({
    queryKey: ["orgs", id],
    queryFn: () => take(api.GET("/organisations/{id}", { params: at(id) })),
    enabled: id !== "",
  });
}

/** Open organisations with a part of a name, for choosing one. */
export function searchQuery(q: string, kind?: Kind) {
  return queryOptions({
    queryKey: ["orgs", "search", kind ?? "any", q],
    queryFn: () => take(api.GET("/organisations", { params: { query: { q, kind, limit: 20 } } })),
  });
}

export interface BranchFilter {
  kind?: Kind;
  q?: string;
  state?: "open" | "closed";
}

export function branchQuery(id: string, filter: BranchFilter) {
  return infiniteQueryOptions({
    queryKey: ["orgs", id, "below", filter],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/organisations/{id}/below", {
          params: { ...at(id), query: { ...filter, limit: 50, cursor: pageParam } },
        }),
      ),
    ...page,
    getNextPageParam: next,
  });
}

export const applicationsQuery = infiniteQueryOptions({
  queryKey: ["orgs", "applications"],
  queryFn: ({ pageParam }) =>
    take(api.GET("/accreditations", { params: { query: { limit: 50, cursor: pageParam } } })),
  ...page,
  getNextPageParam: next,
});

export interface MemberFilter {
  role?: Role;
  q?: string;
  state?: "current" | "past";
}

export function membersQuery(id: string, filter: MemberFilter) {
  return infiniteQueryOptions({
    queryKey: ["orgs", id, "members", filter],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/organisations/{id}/members", {
          params: { ...at(id), query: { ...filter, limit: 50, cursor: pageParam } },
        }),
      ),
    ...page,
    getNextPageParam: next,
  });
}

export function invitationsQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ["orgs", id, "invitations"],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/organisations/{id}/invitations", {
          params: { ...at(id), query: { state: "all", limit: 50, cursor: pageParam } },
        }),
      ),
    ...page,
    getNextPageParam: next,
  });
}

export function shownQuery(token: string) {
  return queryOptions({
    queryKey: ["invitation", token],
    queryFn: () => take(api.POST("/invitations/shown", { body: { token } })),
    retry: false,
  });
}

/** What can be done, each one request. */
export const deeds = {
  create: (body: Schemas["CreateOrgInputBody"]) =>
    take(api.POST("/organisations", { headers: idempotent(), body })),
  change: (id: string, body: Schemas["ChangeOrgInputBody"]) =>
    take(api.PATCH("/organisations/{id}", { params: at(id), body })),
  move: (id: string, parent_id: string) =>
    take(
      api.POST("/organisations/{id}/move", { params: at(id), headers: idempotent(), body: { parent_id } }),
    ),
  close: (id: string, reason: string) =>
    take(
      api.POST("/organisations/{id}/closure", { params: at(id), headers: idempotent(), body: { reason } }),
    ),
  merge: (id: string, into: string, reason: string) =>
    take(
      api.POST("/organisations/{id}/merger", {
        params: at(id),
        headers: idempotent(),
        body: { into, reason },
      }),
    ),
  apply: (id: string, statement: string) =>
    take(
      api.POST("/organisations/{id}/accreditation/application", {
        params: at(id),
        headers: idempotent(),
        body: { statement },
      }),
    ),
  decide: (id: string, body: Schemas["AccreditInputBody"]) =>
    take(
      api.POST("/organisations/{id}/accreditation/decision", {
        params: at(id),
        headers: idempotent(),
        body,
      }),
    ),
  give: (id: string, person_id: string, role: Role) =>
    take(
      api.POST("/organisations/{id}/members", {
        params: at(id),
        headers: idempotent(),
        body: { person_id, role },
      }),
    ),
  end: (id: string, body: Schemas["EndRoleInputBody"]) =>
    take(api.POST("/memberships/{id}/end", { params: at(id), headers: idempotent(), body })),
  transfer: (id: string, org_id: string) =>
    take(api.POST("/memberships/{id}/transfer", { params: at(id), headers: idempotent(), body: { org_id } })),
  invite: (id: string, body: Schemas["InviteInputBody"]) =>
    take(api.POST("/organisations/{id}/invitations", { params: at(id), headers: idempotent(), body })),
  resend: (id: string) =>
    take(api.POST("/invitations/{id}/resend", { params: at(id), headers: idempotent() })),
  revoke: (id: string) => take(api.DELETE("/invitations/{id}", { params: at(id) })),
  accept: (token: string, move: boolean) =>
    take(api.POST("/invitations/acceptance", { headers: idempotent(), body: { token, move } })),
};

/** Does one of them; afterwards everything about organisations is read anew. */
export function useDeed<T, R>(deed: (input: T) => Promise<R>, onDone?: (result: R) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: deed,
    onSuccess: (result) => {
      void queries.invalidateQueries({ queryKey: ["orgs"] });
      onDone?.(result);
    },
  });
}
