import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, idempotent, type Schemas, take } from "../../api/client";

export type ReviewState = "submitted" | "published" | "returned";
export interface Filter {
  state?: ReviewState;
  subject?: "professional" | "public";
}

export function queueQuery({ state = "submitted", subject }: Filter) {
  return infiniteQueryOptions({
    queryKey: ["reviews", state, subject ?? "all"],
    queryFn: ({ pageParam }) =>
      take(api.GET("/reviews", { params: { query: { state, subject, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

export function reviewQuery(id: string) {
  return queryOptions({
    queryKey: ["review", id],
    queryFn: () => take(api.GET("/reviews/{id}", { params: { path: { id } } })),
  });
}

/** Decides; whoever came second learns that it is decided already and sees how. */
export function useDecide(id: string, onDone: () => void) {
  const queries = useQueryClient();
  const again = () => {
    void queries.invalidateQueries({ queryKey: ["reviews"] });
    void queries.invalidateQueries({ queryKey: ["drafts"] });
  };
  return useMutation({
    mutationFn: (body: Schemas["DecideInputBody"]) =>
      take(api.POST("/reviews/{id}/decision", { params: { path: { id } }, headers: idempotent(), body })),
    onSuccess: (detail) => {
      queries.setQueryData(reviewQuery(id).queryKey, detail);
      again();
      onDone();
    },
    onError: () => {
      again();
      void queries.invalidateQueries({ queryKey: reviewQuery(id).queryKey });
    },
  });
}
