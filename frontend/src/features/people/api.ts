import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import type { paths } from "../../api/schema";

type Filter = NonNullable<paths["/organisations/{id}/hours"]["get"]["parameters"]["query"]>;

export function staffQuery(id: string, filter: Filter) {
  return infiniteQueryOptions({
    queryKey: ["staff-hours", id, filter],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/organisations/{id}/hours", {
          params: { path: { id }, query: { ...filter, limit: 50, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export const orgQuery = (id: string) =>
  queryOptions({
    queryKey: ["organisation", id],
    queryFn: () => take(api.GET("/organisations/{id}", { params: { path: { id } } })),
    staleTime: 5 * 60_000,
  });

/** A person's year. Looking is noted in the trail, so it is not asked for again by itself. */
export const fileQuery = (id: string, year?: number) =>
  queryOptions({
    queryKey: ["file", id, year ?? "now"],
    queryFn: () => take(api.GET("/people/{id}/hours", { params: { path: { id }, query: { year } } })),
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
  });
