import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";

export const sessionsQuery = infiniteQueryOptions({
  queryKey: ["my-sessions"],
  queryFn: ({ pageParam }) =>
    take(api.GET("/me/study-sessions", { params: { query: { limit: 20, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next_cursor ?? undefined,
});

/** One session; its pages are pages of beats, and the first has all the rest. */
export function sessionQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ["my-evidence", id],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/me/study-sessions/{id}/evidence", {
          params: { path: { id }, query: { after_seq: pageParam } },
        }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => last.next_seq ?? undefined,
  });
}
