import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import { type CatalogSearch, hoursBounds } from "../../lib/catalogSearch";

const pageSize = 24;

export function coursesQuery(search: CatalogSearch) {
  const { hours, ...rest } = search;
  return infiniteQueryOptions({
    queryKey: ["courses", search],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/courses", {
          signal,
          params: { query: { ...rest, ...hoursBounds(hours), limit: pageSize, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}
