import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, idempotent, type Schemas, take } from "../../api/client";

export type Flag = Schemas["FlagItem"];
export interface Filter {
  state?: Flag["state"];
  kind?: Flag["kind"];
  severity?: Flag["severity"];
}

// A look at somebody's evidence stands in the audit trail: what is on the page
// is not read again by itself.
const looked = { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false } as const;

export function flagsQuery({ state = "open", kind, severity }: Filter) {
  return infiniteQueryOptions({
    queryKey: ["flags", state, kind ?? "all", severity ?? "all"],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/integrity-flags", {
          params: { query: { state, kind, severity, limit: 50, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

export function flagQuery(id: string) {
  return queryOptions({
    queryKey: ["flag", id],
    queryFn: () => take(api.GET("/integrity-flags/{id}", { params: { path: { id } } })),
    ...looked,
  });
}

/** One session of a flag; its pages are pages of beats, and the first has all the rest. */
export function flagSessionQuery(id: string, session: string) {
  return infiniteQueryOptions({
    queryKey: ["flag", id, session],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/integrity-flags/{id}/sessions/{session}", {
          params: { path: { id, session }, query: { after_seq: pageParam } },
        }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => last.next_seq ?? undefined,
    ...looked,
  });
}

/** Decides; whoever came second learns that it is decided already and sees how. */
export function useDecide(id: string, onDone: () => void) {
  const queries = useQueryClient();
  const again = () => void queries.invalidateQueries({ queryKey: ["flags"] });
  return useMutation({
    mutationFn: (body: Schemas["DecideFlagInputBody"]) =>
      take(
        api.POST("/integrity-flags/{id}/decision", { params: { path: { id } }, headers: idempotent(), body }),
      ),
    onSuccess: (detail) => {
      queries.setQueryData(flagQuery(id).queryKey, detail);
      again();
      onDone();
    },
    onError: () => {
      again();
      void queries.invalidateQueries({ queryKey: flagQuery(id).queryKey, exact: true });
    },
  });
}
