import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { Problem } from "../../api/problem";
import type { Tagged } from "../../api/tagged";
import { History } from "../../lib/draft/History";
import { explain } from "../../lib/Failure";
import { useCommon } from "../../lib/messages";
import { submitsFor } from "../../lib/roles";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { wire } from "./api";
import { MissingList } from "./MissingList";
import { useAuthoring } from "./messages";
import type { Draft } from "./model";
import { useEditor, useSnapshot } from "./useEditor";

const route = getRouteApi("/workspace/courses/$courseId");

/** An act on the whole course: what it answers is shown, and the lists are read anew. */
function useAct(act: () => Promise<Tagged<Draft>>) {
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

function Wrong({ error }: { error: unknown }) {
  const common = useCommon();
  if (!error) return null;
  return (
    <p className="note x" role="alert">
      {explain(error, common)}
    </p>
  );
}

function Submit({ me, draft }: { me: Schemas["Me"]; draft: Draft }) {
  const t = useAuthoring();
  const editor = useEditor();
  const { status } = useSnapshot(editor);
  const submit = useAct(async () => {
    if (!(await editor.save())) throw editor.get().error;
    return wire.submit(draft.id, editor.tag);
  });
  if (!submitsFor(me, draft.provider)) return <p className="note">{t("managerSubmits")}</p>;
  const blocked = draft.missing.length > 0 || status === "conflict";
  return (
    <>
      <button
        className="btn primary lg"
        type="button"
        disabled={blocked || submit.isPending}
        onClick={() => submit.mutate()}
      >
        {t(submit.isPending ? "submitting" : "submit")}
      </button>
      <p className="small muted">{t(draft.missing.length > 0 ? "submitBlocked" : "submitHint")}</p>
      <Wrong error={submit.error} />
    </>
  );
}

function Withdraw({ me, draft }: { me: Schemas["Me"]; draft: Draft }) {
  const t = useAuthoring();
  const withdraw = useAct(() => wire.withdraw(draft.id));
  return (
    <>
      <p className="note p">
        <Icon name="clock" />
        {t("waiting")}
      </p>
      {submitsFor(me, draft.provider) && (
        <button className="btn" type="button" disabled={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {t("withdraw")}
        </button>
      )}
      <Wrong error={withdraw.error} />
    </>
  );
}

function NewVersion({ draft }: { draft: Draft }) {
  const t = useAuthoring();
  const start = useAct(() => wire.newVersion(draft.id));
  return (
    <>
      <p className="note v">
        <Icon name="passed" />
        {t("publishedNote")}
      </p>
      <div className="row wrapping">
        <button
          className="btn primary"
          type="button"
          disabled={start.isPending}
          onClick={() => start.mutate()}
        >
          {t("newVersion")}
        </button>
        <Link className="btn" to="/courses/$courseId" params={{ courseId: draft.id }}>
          {t("inCatalogue")}
        </Link>
      </div>
      <p className="small muted">{t("newVersionHint")}</p>
      <Wrong error={start.error} />
    </>
  );
}

/** Only a course that was never submitted can go; everything else is kept with its history. */
function Delete({ draft }: { draft: Draft }) {
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

/** Where the course stands on its way to publication, and the next step. */
export function SubmitPanel({ me }: { me: Schemas["Me"] }) {
  const t = useAuthoring();
  const editor = useEditor();
  const { draft, saved } = useSnapshot(editor);
  return (
    <div className="form">
      <section className="card bx form" aria-label={t("nextStep")}>
        <h2>{t("nextStep")}</h2>
        {editor.editable && <MissingList draft={draft} chapters={saved} />}
        {editor.editable && <Submit me={me} draft={draft} />}
        {draft.state === "submitted" && <Withdraw me={me} draft={draft} />}
        {draft.state === "published" && <NewVersion draft={draft} />}
        <Delete draft={draft} />
      </section>
      <section className="card bx">
        <h3>{t("history")}</h3>
        {draft.reviews.length > 0 ? (
          <History events={draft.reviews} />
        ) : (
          <p className="muted small">{t("noHistory")}</p>
        )}
      </section>
    </div>
  );
}
