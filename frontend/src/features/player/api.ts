import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { api, take } from "../../api/client";
import { redeliver } from "./redeliver";
import type { Wire } from "./wire";

export function lessonQuery(id: string) {
  return queryOptions({
    queryKey: ["lesson", id],
    queryFn: () => take(api.GET("/lessons/{id}", { params: { path: { id } } })),
  });
}

export function quizQuery(id: string) {
  return queryOptions({
    queryKey: ["quiz", id],
    queryFn: () => take(api.GET("/quizzes/{id}", { params: { path: { id } } })),
  });
}

export function useStartAttempt(quizId: string) {
  const queries = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: () => take(api.POST("/quizzes/{id}/attempts", { params: { path: { id: quizId } } })),
    onSuccess: async (attempt) => {
      queries.setQueryData(["attempt", attempt.id], attempt);
      void queries.invalidateQueries({ queryKey: quizQuery(quizId).queryKey });
      await router.navigate({ to: "/attempts/$attemptId", params: { attemptId: attempt.id } });
    },
  });
}

/** A request nobody waits for longer than this is as good as lost, and is sent again. */
const beatTimeoutMs = 12_000;
export const wire: Wire = {
  open: (lessonId, takeOver) =>
    take(api.POST("/study-sessions", { body: { lesson_id: lessonId, take_over: takeOver } })),
  beat: (id, body, last) =>
    take(
      api.POST("/study-sessions/{id}/beats", {
        params: { path: { id } },
        body,
        keepalive: last,
        signal: last ? undefined : timeout(beatTimeoutMs),
      }),
    ),
  async close(id) {
    await take(api.DELETE("/study-sessions/{id}", { params: { path: { id } }, keepalive: true }));
  },
  redeliver,
};

/** Aborts as the network would, so that it is treated as no answer. */
function timeout(ms: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new TypeError("no answer in time")), ms);
  return controller.signal;
}
