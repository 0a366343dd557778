import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { enrolmentQuery } from "../../api/queries";
import { lessonQuery } from "./api";
import type { Place } from "./LessonHeader";

/** Completion changes what is open, what is next, and the hours. */
export function useRefreshOnCompletion(place: Place, completed: boolean) {
  const queries = useQueryClient();
  const told = useRef(completed);
  useEffect(() => {
    if (!completed || told.current) return;
    told.current = true;
    void queries.invalidateQueries({ queryKey: enrolmentQuery(place.enrolment.id).queryKey });
    void queries.invalidateQueries({ queryKey: ["enrolments"] });
    void queries.invalidateQueries({ queryKey: ["hours"] });
    void queries.invalidateQueries({ queryKey: ["certificates"] });
  }, [completed, queries, place.enrolment.id]);
}

/** Leaving keeps what was verified: the next look at this lesson starts from it. */
export function useRefreshOnLeaving({ lesson, enrolment }: Place) {
  const queries = useQueryClient();
  useEffect(() => {
    return () => {
      void queries.invalidateQueries({ queryKey: lessonQuery(lesson.id).queryKey, refetchType: "none" });
      void queries.invalidateQueries({ queryKey: enrolmentQuery(enrolment.id).queryKey });
    };
  }, [queries, lesson.id, enrolment.id]);
}
