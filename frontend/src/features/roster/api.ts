import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, take } from "../../api/client";
import { Problem } from "../../api/problem";

export type Import = Schemas["StaffImport"];

const paged = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: { next_cursor: string | null }) => last.next_cursor ?? undefined,
};

export function staffQuery(id: string, q: string, group?: string) {
  return infiniteQueryOptions({
    queryKey: ["staff", id, q, group ?? ""],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/organisations/{id}/staff", {
          params: { path: { id }, query: { q: q || undefined, group, limit: 50, cursor: pageParam } },
        }),
      ),
    ...paged,
  });
}

export function importsQuery(id: string) {
  return queryOptions({
    queryKey: ["imports", id],
    queryFn: () =>
      take(api.GET("/organisations/{id}/staff-imports", { params: { path: { id }, query: { limit: 10 } } })),
  });
}

/** While the server works on an import it is asked for every second. */
export function importQuery(id: string) {
  return queryOptions({
    queryKey: ["import", id],
    queryFn: () => take(api.GET("/staff-imports/{id}", { params: { path: { id } } })),
    refetchInterval: ({ state }) =>
      state.data && ["checking", "applying"].includes(state.data.state) ? 1000 : false,
  });
}

export function importRowsQuery(id: string, which: "good" | "bad" | "warned") {
  return infiniteQueryOptions({
    queryKey: ["import", id, "rows", which],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/staff-imports/{id}/rows", {
          params: { path: { id }, query: { which, after: pageParam, limit: 50 } },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next ?? undefined,
  });
}

/** Sends a file part by part, and lets it be looked through. */
export async function sendFile(org: string, file: File): Promise<Import> {
  const begun = await take(
    api.POST("/organisations/{id}/staff-imports", {
      params: { path: { id: org } },
      headers: idempotent(),
      body: { filename: file.name, size_bytes: file.size },
    }),
  );
  for (let n = 0; n < begun.parts; n++) {
    const body = file.slice(n * begun.part_size, (n + 1) * begun.part_size);
    const answer = await fetch(`/api/v1/staff-imports/${begun.id}/parts/${n}`, {
      method: "PUT",
      headers: { "Content-Type": "application/octet-stream" },
      body,
    }).catch(() => {
      throw Problem.network();
    });
    if (!answer.ok) throw Problem.network();
  }
  return check(begun.id);
}

export const check = (id: string, columns?: Record<string, number>) =>
  take(
    api.POST("/staff-imports/{id}/check", {
      params: { path: { id } },
      headers: idempotent(),
      body: { columns },
    }),
  );

export const apply = (id: string, rows?: number[]) =>
  take(
    api.POST("/staff-imports/{id}/apply", {
      params: { path: { id } },
      headers: idempotent(),
      body: { rows },
    }),
  );

export function groupsQuery(id: string) {
  return queryOptions({
    queryKey: ["groups", id],
    queryFn: () => take(api.GET("/organisations/{id}/groups", { params: { path: { id } } })),
  });
}

export function assignmentsQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ["assignments", id],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/organisations/{id}/assignments", {
          params: { path: { id }, query: { limit: 20, cursor: pageParam } },
        }),
      ),
    ...paged,
  });
}

export function coursesQuery(q: string) {
  return queryOptions({
    queryKey: ["courses", "to-assign", q],
    queryFn: () => take(api.GET("/courses", { params: { query: { q: q || undefined, limit: 20 } } })),
  });
}
