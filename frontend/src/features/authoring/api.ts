import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, idempotent, type Schemas, take } from "../../api/client";
import { takeTagged } from "../../api/tagged";

export type DraftState = Schemas["DraftSummary"]["state"];
type Kind = Schemas["Asset"]["kind"];

const at = (id: string) => ({ path: { id } });
const ifMatch = (id: string, etag: string) => ({ path: { id }, header: { "If-Match": etag } });

export function draftsQuery(state: DraftState | undefined) {
  return infiniteQueryOptions({
    queryKey: ["drafts", state ?? "all"],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/authoring/courses", {
          params: { query: { state: state ?? "all", limit: 50, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

export const fieldsQuery = queryOptions({
  queryKey: ["fields"],
  queryFn: () => take(api.GET("/fields")),
  staleTime: 60 * 60_000,
});

export function createDraft(body: Schemas["CreateDraftInputBody"]) {
  return take(api.POST("/authoring/courses", { body }));
}

/** What the editor asks of the server. */
export const wire = {
  load: (id: string) => takeTagged(api.GET("/authoring/courses/{id}", { params: at(id) })),
  fields: (id: string, etag: string, body: Schemas["DraftFields"]) =>
    takeTagged(api.PUT("/authoring/courses/{id}", { params: ifMatch(id, etag), body })),
  outline: (id: string, etag: string, chapters: Schemas["OutlineChapter"][]) =>
    takeTagged(api.PUT("/authoring/courses/{id}/outline", { params: ifMatch(id, etag), body: { chapters } })),
  submit: (id: string, etag: string) =>
    takeTagged(
      api.POST("/authoring/courses/{id}/submission", {
        params: ifMatch(id, etag),
        headers: idempotent(),
      }),
    ),
  withdraw: (id: string) => takeTagged(api.DELETE("/authoring/courses/{id}/submission", { params: at(id) })),
  newVersion: (id: string) => takeTagged(api.POST("/authoring/courses/{id}/versions", { params: at(id) })),
  remove: (id: string) => take(api.DELETE("/authoring/courses/{id}", { params: at(id) })),
};

const moving: Schemas["Asset"]["state"][] = ["queued", "probing", "packaging"];

/** A file on its way is asked after until it has arrived. */
export function assetQuery(id: string) {
  return queryOptions({
    queryKey: ["asset", id],
    queryFn: () => take(api.GET("/media/{id}", { params: at(id) })),
    refetchInterval: (query) => (query.state.data && moving.includes(query.state.data.state) ? 1500 : false),
  });
}

export function assetsQuery(org: string, kind: Kind) {
  return infiniteQueryOptions({
    queryKey: ["assets", org, kind],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/media", {
          params: { query: { org_id: org, kind, state: "ready", limit: 24, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

export function createAsset(org: string, kind: Kind, file: File) {
  return take(
    api.POST("/media", { body: { org_id: org, kind, filename: file.name, size_bytes: file.size } }),
  );
}

export const getAsset = (id: string) => take(api.GET("/media/{id}", { params: at(id) }));
export const completeAsset = (id: string) => take(api.POST("/media/{id}/completion", { params: at(id) }));

export async function putCaptions(id: string, language: "zh" | "en", file: File) {
  const text = await file.text();
  return take(
    api.PUT("/media/{id}/captions/{language}", {
      params: { path: { id, language } },
      body: text as never,
      bodySerializer: () => text,
      headers: { "Content-Type": "text/vtt" },
    }),
  );
}
