import { type FormEvent, useState } from "react";
import type { Schemas } from "../../api/client";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { useCancelDeletion, useRequestDeletion } from "./api";
import { usePrivacy } from "./messages";

function Confirm({ days, onClose }: { days: number; onClose: () => void }) {
  const t = usePrivacy();
  const common = useCommon();
  const request = useRequestDeletion();
  const [word, setWord] = useState("");
  const [tried, setTried] = useState(false);
  const right = word.trim().toLowerCase() === t("deleteWord").toLowerCase();
  const submit = (e: FormEvent) => {
    e.preventDefault();
    setTried(true);
    if (right) request.mutate(undefined, { onSuccess: onClose });
  };
  return (
    <Dialog title={t("deleteTitle")} onClose={onClose}>
      <form className="pv-form" onSubmit={submit}>
        <p>{t("deleteText", { count: days })}</p>
        <Field
          label={t("deleteType", { word: t("deleteWord") })}
          autoComplete="off"
          value={word}
          onChange={(e) => setWord(e.target.value)}
          error={tried && !right ? t("deleteMismatch") : undefined}
        />
        {request.isError && (
          <p className="note x" role="alert">
            {explain(request.error, common)}
          </p>
        )}
        <div className="row">
          <button className="btn danger" type="submit" disabled={request.isPending}>
            {t("deleteAsk")}
          </button>
          <button className="btn quiet" type="button" onClick={onClose}>
            {t("cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** To be deleted after a wait, and to take that back. */
export function Deletion({ mine, days }: { mine: Schemas["MyPrivacy"]; days: number }) {
  const t = usePrivacy();
  const common = useCommon();
  const f = useFormat();
  const cancel = useCancelDeletion();
  const [asking, ask] = useState(false);
  return (
    <section className="card" aria-labelledby="deletion">
      <h2 id="deletion">{t("deletion")}</h2>
      {mine.deletion ? (
        <>
          <p className="note p" role="status">
            <Icon name="clock" />
            <span>{t("deletionWaits", { date: f.date(mine.deletion.due_at, "minute") })}</span>
          </p>
          {cancel.isError && (
            <p className="note x" role="alert">
              {explain(cancel.error, common)}
            </p>
          )}
          <button
            className="btn primary"
            type="button"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate(undefined)}
          >
            {t("keep")}
          </button>
        </>
      ) : (
        <>
          <p className="muted">{t("deletionText", { count: days })}</p>
          <button className="btn" type="button" onClick={() => ask(true)}>
            <Icon name="trash" />
            {t("deleteAsk")}
          </button>
        </>
      )}
      {asking && <Confirm days={days} onClose={() => ask(false)} />}
    </section>
  );
}
