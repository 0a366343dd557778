import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";

// Figures of a page that is looked at again and again: kept a minute, read anew when one comes back.
const fresh = { staleTime: 60_000 };

export const teachingQuery = (id: string) =>
  queryOptions({
    queryKey: ["home", "teaching", id],
    queryFn: () => take(api.GET("/organisations/{id}/teaching", { params: { path: { id } } })),
    ...fresh,
  });

export const supervisionQuery = (id: string) =>
  queryOptions({
    queryKey: ["home", "supervision", id],
    queryFn: () => take(api.GET("/organisations/{id}/supervision", { params: { path: { id } } })),
    ...fresh,
  });

export const dutyQuery = (id: string) =>
  queryOptions({
    queryKey: ["home", "duty", id],
    queryFn: () => take(api.GET("/organisations/{id}/duty", { params: { path: { id } } })),
    ...fresh,
  });

/** Who misses most this year. */
export const behindQuery = (id: string) =>
  queryOptions({
    queryKey: ["home", "behind", id],
    queryFn: () =>
      take(
        api.GET("/organisations/{id}/hours", {
          params: { path: { id }, query: { sort: "missing", limit: 8 } },
        }),
      ),
    ...fresh,
  });

/** The last courses that were assigned, with how they go. */
export const dueQuery = (id: string) =>
  queryOptions({
    queryKey: ["home", "due", id],
    queryFn: () =>
      take(api.GET("/organisations/{id}/assignments", { params: { path: { id }, query: { limit: 100 } } })),
    ...fresh,
  });
