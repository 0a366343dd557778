import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, idempotent, type Schemas, take } from "../../api/client";

export type Kind = Schemas["MaskedDocument"]["kind"];
export type Merge = Schemas["MergeItem"];
export const kinds = [
  "resident_card",
  "passport",
  "mainland_permit",
  "taiwan_permit",
  "residence_permit",
  "other",
] as const satisfies Kind[];

export const identityQuery = queryOptions({
  queryKey: ["identity"],
  queryFn: () => take(api.GET("/me/identity")),
});

export const consentQuery = queryOptions({
  queryKey: ["privacy-notice"],
  queryFn: () => take(api.GET("/privacy")),
  staleTime: 5 * 60_000,
});

function useKept() {
  const queries = useQueryClient();
  return (answer: Schemas["MyIdentity"]) => {
    queries.setQueryData(identityQuery.queryKey, answer);
    void queries.invalidateQueries({ queryKey: ["my-privacy"] });
  };
}

export function useEnter(onDone: () => void) {
  const kept = useKept();
  return useMutation({
    mutationFn: (body: Schemas["EnterDocumentInputBody"]) => take(api.PUT("/me/identity", { body })),
    onSuccess: (answer) => {
      kept(answer);
      onDone();
    },
  });
}

/** One's own document in full; every look is noted, so it is asked for and never kept. */
export const useReveal = () =>
  useMutation({ mutationFn: () => take(api.GET("/me/identity/full")), gcTime: 0 });

export function useWithdrawMerge() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => take(api.DELETE("/me/identity/merge")),
    onSettled: () => void queries.invalidateQueries({ queryKey: identityQuery.queryKey }),
  });
}

export function useForget() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      take(api.DELETE("/me/consents/{purpose}", { params: { path: { purpose: "identity-number" } } })),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: identityQuery.queryKey });
      void queries.invalidateQueries({ queryKey: ["my-privacy"] });
    },
  });
}

export const mergeStates = ["open", "merged", "refused"] as const;
export type MergeState = (typeof mergeStates)[number];

export function mergesQuery(state: MergeState = "open") {
  return infiniteQueryOptions({
    queryKey: ["merges", state],
    queryFn: ({ pageParam }) =>
      take(api.GET("/merge-requests", { params: { query: { state, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

export function mergeQuery(id: string) {
  return queryOptions({
    queryKey: ["merge", id],
    queryFn: () => take(api.GET("/merge-requests/{id}", { params: { path: { id } } })),
  });
}

/** Decides; whoever came second learns that it is decided already and sees how. */
export function useDecide(id: string, onDone: () => void) {
  const queries = useQueryClient();
  const again = () => void queries.invalidateQueries({ queryKey: ["merges"] });
  return useMutation({
    mutationFn: (body: Schemas["DecideMergeInputBody"]) =>
      take(
        api.POST("/merge-requests/{id}/decision", { params: { path: { id } }, headers: idempotent(), body }),
      ),
    onSuccess: (review) => {
      queries.setQueryData(mergeQuery(id).queryKey, review);
      again();
      onDone();
    },
    onError: () => {
      again();
      void queries.invalidateQueries({ queryKey: mergeQuery(id).queryKey });
    },
  });
}
