import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { api, idempotent, take } from "../../api/client";
import { enrolmentQuery } from "../../api/queries";

export function attemptQuery(id: string) {
  return queryOptions({
    queryKey: ["attempt", id],
    queryFn: () => take(api.GET("/attempts/{id}", { params: { path: { id } } })),
    refetchOnWindowFocus: false, // answers under way are newer than what the server would say
  });
}

export function saveAnswer(attempt: string, question: string, choices: string[]) {
  return take(
    api.PUT("/attempts/{id}/answers/{question}", {
      params: { path: { id: attempt, question } },
      body: { choices },
    }),
  );
}

/** Submits; the result may complete the course, which changes progress, hours and certificates. */
export function useSubmit(attemptId: string, enrolmentId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      take(
        api.POST("/attempts/{id}/submission", { params: { path: { id: attemptId } }, headers: idempotent() }),
      ),
    retry: 3,
    onSuccess: (attempt) => {
      queries.setQueryData(attemptQuery(attemptId).queryKey, attempt);
      void queries.invalidateQueries({ queryKey: ["quiz", attempt.quiz.id] });
      void queries.invalidateQueries({ queryKey: enrolmentQuery(enrolmentId).queryKey });
      for (const key of ["enrolments", "hours", "certificates"])
        void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

export function useTryAgain(quizId: string) {
  const router = useRouter();
  return useMutation({
    mutationFn: () => take(api.POST("/quizzes/{id}/attempts", { params: { path: { id: quizId } } })),
    onSuccess: (attempt) =>
      router.navigate({ to: "/attempts/$attemptId", params: { attemptId: attempt.id } }),
  });
}
