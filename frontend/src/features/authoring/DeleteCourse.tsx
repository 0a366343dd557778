import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useCommon } from "../../lib/messages";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Wrong } from "./act";
import { wire } from "./api";
import { useAuthoring } from "./messages";
import type { Draft } from "./model";
import { useEditor } from "./useEditor";

const route = getRouteApi("/workspace/courses/$courseId");

/** Only a course that was never submitted can go; everything else is kept with its history. */
export function DeleteCourse({ draft }: { draft: Draft }) {
  const t = useAuthoring();
  const common = useCommon();
  const editor = useEditor();
  const queries = useQueryClient();
  const navigate = route.useNavigate();
  const [asking, ask] = useState(false);
  const remove = useMutation({
    mutationFn: () => wire.remove(draft.id),
    onSuccess: async () => {
      editor.close();
      void queries.invalidateQueries({ queryKey: ["drafts"] });
      await navigate({ to: "/workspace/courses", search: {} });
    },
  });
  if (draft.state !== "draft" || draft.version > 1 || draft.reviews.length > 0) return null;
  return (
    <div className="rm">
      <button className="btn quiet sm" type="button" onClick={() => ask(true)}>
        <Icon name="trash" size="s" />
        {t("deleteCourse")}
      </button>
      {asking && (
        <Dialog title={t("deleteCourse")} onClose={() => ask(false)}>
          <p>{t("deleteSure")}</p>
          <Wrong error={remove.error} />
          <div className="acts">
            <button className="btn" type="button" onClick={() => ask(false)}>
              {common("cancel")}
            </button>
            <button
              className="btn danger"
              type="button"
              disabled={remove.isPending}
              onClick={() => remove.mutate()}
            >
              {t("deleteCourse")}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
