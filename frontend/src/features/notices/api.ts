import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, type Schemas, take } from "../../api/client";

export type Notice = Schemas["NoticeItem"];
export type Kind = Schemas["NoticeKind"];
export type Choice = Schemas["NoticeChoice"];
export type Mail = Kind["mail"];

/** How often the bell asks; only while the page is seen. */
const everyMs = 60_000;

export const unreadQuery = queryOptions({
  queryKey: ["notices", "unread"],
  queryFn: () => take(api.GET("/me/notices/unread")),
  refetchInterval: everyMs,
  staleTime: everyMs / 2,
});

export const noticesQuery = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: ["notices", "list", unread],
    queryFn: ({ pageParam }) =>
      take(api.GET("/me/notices", { params: { query: { limit: 20, cursor: pageParam, unread } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const markRead = (what: { ids: string[] } | { last: string }) =>
  take(api.PUT("/me/notices/read", { body: what }));

export const preferencesQuery = queryOptions({
  queryKey: ["notices", "preferences"],
  queryFn: () => take(api.GET("/me/notice-preferences")),
});

export const prefer = (body: { zone?: string; choices?: Choice[] }) =>
  take(api.PUT("/me/notice-preferences", { body }));

/** What a mail program does by itself when one clicks there. */
export const unsubscribe = (kind: string, proof: string) =>
  take(api.POST("/unsubscribe/{kind}/{proof}", { params: { path: { kind, proof } } }));
