import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Problem } from "../../api/problem";
import type { Tagged } from "../../api/tagged";
import { explain } from "../../lib/Failure";
import { useCommon } from "../../lib/messages";
import type { Draft } from "./model";
import { useEditor } from "./useEditor";

/** An act on the whole course: what it answers is shown, and the lists are read anew. */
export function useAct(act: () => Promise<Tagged<Draft>>) {
  const editor = useEditor();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (read) => {
      editor.adopt(read);
      for (const key of ["drafts", "reviews"]) void queries.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => {
      // Somebody else was first, or something is missing after all: show what is true now.
      if (error instanceof Problem && [409, 412, 422].includes(error.status))
        void editor.refresh().catch(() => undefined);
    },
  });
}

export function Wrong({ error }: { error: unknown }) {
  const common = useCommon();
  if (!error) return null;
  return (
    <p className="note x" role="alert">
      {explain(error, common)}
    </p>
  );
}
