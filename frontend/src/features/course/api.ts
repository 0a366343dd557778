import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { api, idempotent, take } from "../../api/client";
import { enrolmentQuery } from "../../api/queries";

export function courseQuery(id: string) {
  return queryOptions({
    queryKey: ["course", id],
    queryFn: () => take(api.GET("/courses/{id}", { params: { path: { id } } })),
  });
}

/** Enrols and goes straight to where study begins. */
export function useEnrol(courseId: string) {
  const queries = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: () =>
      take(
        api.POST("/courses/{id}/enrolments", { params: { path: { id: courseId } }, headers: idempotent() }),
      ),
    onSuccess: async (e) => {
      queries.setQueryData(enrolmentQuery(e.id).queryKey, e);
      void queries.invalidateQueries({ queryKey: ["enrolments"] });
      void queries.invalidateQueries({ queryKey: courseQuery(courseId).queryKey });
      await router.navigate({ to: "/learn/$enrolmentId", params: { enrolmentId: e.id } });
    },
  });
}
