import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { explain, Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { identityQuery, useForget, useReveal, useWithdrawMerge } from "./api";
import { DocumentForm } from "./DocumentForm";
import "./identity.css";
import { useIdentity } from "./messages";

/** A request that was made because the number stands in another record. */
function MergeNote({ merge }: { merge: Schemas["MyMerge"] }) {
  const t = useIdentity();
  const f = useFormat();
  const withdraw = useWithdrawMerge();
  if (merge.state === "open")
    return (
      <section className="card" aria-labelledby="merge">
        <h2 id="merge">{t("merge.open")}</h2>
        <p>{t("merge.openText", { date: f.date(merge.created_at) })}</p>
        <button className="btn" type="button" disabled={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {t("merge.withdraw")}
        </button>
      </section>
    );
  if (merge.state !== "refused") return null;
  return (
    <p className="note p" role="status">
      <Icon name="info" />
      <span>{t("merge.refused", { reason: merge.reason })}</span>
    </p>
  );
}

function Held({ document, onChange }: { document: Schemas["MaskedDocument"]; onChange: () => void }) {
  const t = useIdentity();
  const common = useCommon();
  const f = useFormat();
  const reveal = useReveal();
  const forget = useForget();
  const [asking, ask] = useState(false);
  const full = reveal.data;
  return (
    <section className="card" aria-labelledby="held">
      <h2 id="held">{t("held")}</h2>
      <dl className="id-dl">
        <div>
          <dt>{t("kind")}</dt>
          <dd>{t(`kind.${document.kind}`)}</dd>
        </div>
        <div>
          <dt>{t("name")}</dt>
          <dd>{full?.name ?? document.name}</dd>
        </div>
        <div>
          <dt>{t("number")}</dt>
          <dd className="num">{full?.number ?? document.number}</dd>
        </div>
        <div>
          <dt>{t("enteredAt")}</dt>
          <dd>{f.date(document.entered_at)}</dd>
        </div>
      </dl>
      <p className="small muted" role="status">
        {full ? t("revealed") : t("maskedWhy")}
      </p>
      {(reveal.isError || forget.isError) && (
        <p className="note x" role="alert">
          <Icon name="warn" />
          {explain(reveal.error ?? forget.error, common)}
        </p>
      )}
      <div className="row">
        <button
          className="btn"
          type="button"
          disabled={reveal.isPending}
          onClick={() => (full ? reveal.reset() : reveal.mutate())}
        >
          <Icon name="eye" />
          {full ? t("hide") : t("reveal")}
        </button>
        <button className="btn" type="button" onClick={onChange}>
          <Icon name="pencil" />
          {t("change")}
        </button>
        <button className="btn quiet" type="button" onClick={() => ask(true)}>
          <Icon name="trash" />
          {t("forget")}
        </button>
      </div>
      {asking && (
        <Dialog title={t("forgetTitle")} onClose={() => ask(false)}>
          <p>{t("forgetText")}</p>
          <div className="row">
            <button
              className="btn danger"
              type="button"
              onClick={() => {
                ask(false);
                forget.mutate();
              }}
            >
              {t("forget")}
            </button>
            <button className="btn quiet" type="button" onClick={() => ask(false)}>
              {t("cancel")}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

export function IdentityPage() {
  const t = useIdentity();
  const mine = useQuery(identityQuery);
  const [changing, change] = useState(false);
  useTitle(t("title"));
  const data = mine.data;
  const waiting = data?.merge?.state === "open";
  return (
    <main id="main" className="wrap id-page">
      <p className="small">
        <Link to="/settings">{t("back")}</Link>
      </p>
      <h1>{t("title")}</h1>
      <p className="muted">{t("lead")}</p>
      {mine.isError && <Failure error={mine.error} retry={() => void mine.refetch()} />}
      {mine.isPending && <Skeleton lines={5} tall />}
      {data?.merge && <MergeNote merge={data.merge} />}
      {data?.document && !changing && <Held document={data.document} onChange={() => change(true)} />}
      {data && !waiting && (!data.document || changing) && (
        <section className="card" aria-labelledby="enter">
          <h2 id="enter">{data.document ? t("change") : t("enter")}</h2>
          <DocumentForm
            onDone={() => change(false)}
            onCancel={data.document ? () => change(false) : undefined}
          />
        </section>
      )}
      <p className="small">
        <Link to="/privacy">{t("why")}</Link>
      </p>
    </main>
  );
}
