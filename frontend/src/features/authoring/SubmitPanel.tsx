import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { History } from "../../lib/draft/History";
import { submitsFor } from "../../lib/roles";
import { Icon } from "../../ui/Icon";
import { useAct, Wrong } from "./act";
import { wire } from "./api";
import { DeleteCourse } from "./DeleteCourse";
import { MissingList } from "./MissingList";
import { useAuthoring } from "./messages";
import type { Draft } from "./model";
import { useEditor, useSnapshot } from "./useEditor";

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
        <DeleteCourse draft={draft} />
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
