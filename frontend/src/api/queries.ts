import { queryOptions } from "@tanstack/react-query";
import { api, take } from "./client";

/** Who is signed in; null for a visitor. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async () => (await take(api.GET("/auth/session"))).me ?? null,
  staleTime: 5 * 60_000,
});

/** A year's account of hours; without a year the present one. */
export function yearQuery(year?: number) {
  return queryOptions({
    queryKey: ["hours", year ?? "now"],
    queryFn: () => take(api.GET("/me/hours", { params: { query: { year } } })),
  });
}

/** What the person is studying, the last studied first. */
export const openEnrolmentsQuery = queryOptions({
  queryKey: ["enrolments", "open"],
  queryFn: () => take(api.GET("/me/enrolments", { params: { query: { state: "open", limit: 50 } } })),
});

export function enrolmentQuery(id: string) {
  return queryOptions({
    queryKey: ["enrolment", id],
    queryFn: () => take(api.GET("/enrolments/{id}", { params: { path: { id } } })),
  });
}
