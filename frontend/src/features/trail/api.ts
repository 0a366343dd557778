import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, type Schemas, take } from "../../api/client";

export type Entry = Schemas["TrailEntry"];

/** What the page searches for; the address remembers it. Dates are days of the reader. */
export interface Search {
  from?: string;
  to?: string;
  action?: string;
  actor?: string;
  subject?: string;
  object?: string;
  org?: string;
}

/** The search as the server takes it, and nothing else of the address: a day begins and ends where the reader is. */
export function asQuery({ from, to, action, actor, subject, object, org }: Search) {
  const start = (day: string, plus = 0) => {
    const [y = 0, m = 1, d = 1] = day.split("-").map(Number);
    return new Date(y, m - 1, d + plus).toISOString();
  };
  return {
    action,
    actor,
    subject,
    object,
    org,
    ...(from && { from: start(from) }),
    ...(to && { to: start(to, 1) }),
  };
}

export function trailQuery(search: Search) {
  return infiniteQueryOptions({
    queryKey: ["trail", search],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/audit-events", { params: { query: { ...asQuery(search), limit: 50, cursor: pageParam } } }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** Where the whole search is to be had as a file. */
export function exportAddress(search: Search, form: "csv" | "jsonl"): string {
  const query = new URLSearchParams(
    Object.entries(asQuery(search)).filter((e): e is [string, string] => Boolean(e[1])),
  );
  return `/api/v1/audit-events.${form}?${query}`;
}

export const looksQuery = infiniteQueryOptions({
  queryKey: ["record-views"],
  queryFn: ({ pageParam }) =>
    take(api.GET("/me/record-views", { params: { query: { limit: 50, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next_cursor ?? undefined,
});
