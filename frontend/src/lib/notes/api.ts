import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, take } from "../../api/client";
import type { Note } from "./model";
import type { Wire } from "./outbox";

/** Every note of a lesson: there are at most 500. */
export function notesQuery(lessonId: string) {
  return queryOptions({
    queryKey: ["notes", "lesson", lessonId],
    queryFn: async () => {
      const notes: Note[] = [];
      let cursor: string | undefined;
      do {
        const page = await page100({ lesson_id: lessonId, cursor });
        notes.push(...page.items);
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      return notes;
    },
  });
}

export const allNotesQuery = infiniteQueryOptions({
  queryKey: ["notes", "all"],
  queryFn: ({ pageParam }) => page100({ cursor: pageParam }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next_cursor ?? undefined,
});

function page100(query: { lesson_id?: string; cursor?: string }) {
  return take(api.GET("/me/notes", { params: { query: { ...query, limit: 100 } } }));
}

export const wire: Wire = {
  put: (id, { lessonId, atMs, text }) =>
    take(
      api.PUT("/me/notes/{id}", {
        params: { path: { id } },
        body: { lesson_id: lessonId, at_ms: atMs, text },
      }),
    ),
  async remove(id) {
    await take(api.DELETE("/me/notes/{id}", { params: { path: { id } } }));
  },
};
