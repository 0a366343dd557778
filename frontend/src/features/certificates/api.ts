import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";

export const myCertificatesQuery = infiniteQueryOptions({
  queryKey: ["certificates"],
  queryFn: ({ pageParam }) =>
    take(api.GET("/me/certificates", { params: { query: { limit: 24, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next_cursor ?? undefined,
});

/** A check is only worth what it says now: nothing is kept. */
export function checkQuery(serial: string) {
  return queryOptions({
    queryKey: ["certificate", serial],
    queryFn: async () => ({
      ...(await take(api.GET("/certificates/{serial}", { params: { path: { serial } } }))),
      checkedAt: new Date().toISOString(),
    }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}
