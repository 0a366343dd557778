import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";

/** What is found; nothing is asked for before something is typed. */
export function searchQuery(q: string) {
  return queryOptions({
    queryKey: ["search", q],
    queryFn: ({ signal }) => take(api.GET("/search", { params: { query: { q } }, signal })),
    enabled: q !== "",
    placeholderData: q === "" ? undefined : keepPreviousData,
  });
}
