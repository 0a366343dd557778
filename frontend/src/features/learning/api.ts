import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";

export type Which = "open" | "completed";

export function enrolmentsQuery(state: Which) {
  return infiniteQueryOptions({
    queryKey: ["enrolments", "list", state],
    queryFn: ({ pageParam }) =>
      take(api.GET("/me/enrolments", { params: { query: { state, limit: 20, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}
