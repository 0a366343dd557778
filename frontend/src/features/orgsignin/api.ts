import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, take } from "../../api/client";
import { takeTagged } from "../../api/tagged";
import { useConfirmed } from "../../lib/guard/useConfirmed";

export type Provider = Schemas["SignInProvider"];
export type Rule = Schemas["ProviderRule"];

export const offeredQuery = (q: string) =>
  queryOptions({
    queryKey: ["sign-in-organisations", q],
    queryFn: () => take(api.GET("/auth/organisations", { params: { query: { q } } })),
    enabled: q.length > 0,
  });

/** Leaves for the organisation's sign-in; with `link`, to tie its account to who is signed in. */
export function useBegin(link: boolean, back: string | undefined) {
  return useConfirmed(
    (id: string) => {
      const how = { params: { path: { id } }, body: { back } };
      return take(
        link ? api.POST("/me/sign-in-links/{id}", how) : api.POST("/auth/organisations/{id}/sign-in", how),
      );
    },
    ({ url }) => location.assign(url),
  );
}

export const providerQuery = (id: string) =>
  queryOptions({
    queryKey: ["sign-in-provider", id],
    queryFn: () => takeTagged(api.GET("/organisations/{id}/sign-in-provider", { params: { path: { id } } })),
    // An edit under way must not be overwritten by a fresh look.
    refetchOnWindowFocus: false,
  });

export function useSaveProvider(id: string, etag: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["SaveProviderInputBody"]) =>
      takeTagged(
        api.PUT("/organisations/{id}/sign-in-provider", {
          params: { path: { id }, header: { "If-Match": etag } },
          body,
        }),
      ),
    onSuccess: (answer) => queries.setQueryData(providerQuery(id).queryKey, answer),
  });
}

export function useConfirm(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (domains: string[]) =>
      takeTagged(
        api.PUT("/organisations/{id}/sign-in-domains", { params: { path: { id } }, body: { domains } }),
      ),
    onSuccess: (answer) => queries.setQueryData(providerQuery(id).queryKey, answer),
  });
}

export const organisationsQuery = (q: string) =>
  queryOptions({
    queryKey: ["organisations", "for-sign-in", q],
    queryFn: () => take(api.GET("/organisations", { params: { query: { q, limit: 10 } } })),
    enabled: q.length > 0,
  });
