import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, idempotent, type Schemas, take } from "../../api/client";

export type Export = Schemas["DataExport"];

export const noticeQuery = queryOptions({
  queryKey: ["privacy-notice"],
  queryFn: () => take(api.GET("/privacy")),
  staleTime: 5 * 60_000,
});

export const myPrivacyQuery = queryOptions({
  queryKey: ["my-privacy"],
  queryFn: () => take(api.GET("/me/privacy")),
  // Putting an export together takes some seconds.
  refetchInterval: ({ state }) => (state.data?.exports.some((e) => e.state === "building") ? 2000 : false),
});

/** Does something about one's own data, and reads all of it again. */
function useDeed<T>(deed: (what: T) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: deed,
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: myPrivacyQuery.queryKey });
      void queries.invalidateQueries({ queryKey: ["identity"] });
    },
  });
}

export const useRequestExport = () =>
  useDeed(() => take(api.POST("/me/data-exports", { headers: idempotent() })));

export const useWithdrawConsent = () =>
  useDeed((purpose: string) => take(api.DELETE("/me/consents/{purpose}", { params: { path: { purpose } } })));

export const useRequestDeletion = () =>
  useDeed(() => take(api.PUT("/me/deletion", { body: { confirm: "delete" } })));

export const useCancelDeletion = () => useDeed(() => take(api.DELETE("/me/deletion")));
