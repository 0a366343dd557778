import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, take } from "../../api/client";
import { useConfirmed } from "../../lib/guard/useConfirmed";

export type Token = Schemas["AccessToken"];
export type Made = Schemas["MadeAccessToken"];
export type Link = Schemas["SignInLink"];
export type Scope = Schemas["MakeAccessTokenInputBody"]["scopes"][number];

export const scopes = [
  "profile:read",
  "learning:read",
  "learning:write",
  "authoring",
  "review",
  "people:read",
  "people:write",
] as const satisfies Scope[];

export const tokensQuery = queryOptions({
  queryKey: ["access-tokens"],
  queryFn: () => take(api.GET("/me/access-tokens")),
});

export const linksQuery = queryOptions({
  queryKey: ["sign-in-links"],
  queryFn: () => take(api.GET("/me/sign-in-links")),
});

function useChanged(key: readonly string[]) {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: key });
}

export function useMakeToken(onMade: (made: Made) => void) {
  const changed = useChanged(tokensQuery.queryKey);
  return useConfirmed(
    (body: Schemas["MakeAccessTokenInputBody"]) => take(api.POST("/me/access-tokens", { body })),
    (made) => {
      onMade(made);
      return changed();
    },
  );
}

export function useRevoke() {
  return useMutation({
    mutationFn: (id: string) => take(api.DELETE("/me/access-tokens/{id}", { params: { path: { id } } })),
    onSuccess: useChanged(tokensQuery.queryKey),
  });
}

export function useUnlink() {
  return useMutation({
    mutationFn: (id: string) => take(api.DELETE("/me/sign-in-links/{id}", { params: { path: { id } } })),
    onSuccess: useChanged(linksQuery.queryKey),
  });
}
