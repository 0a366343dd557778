import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { More } from "../../lib/More";
import { Message, Skeleton } from "../../ui/states";
import { applicationsQuery, type Node } from "./api";
import { Decide } from "./Decide";
import { useOrgs } from "./messages";

function Item({ node }: { node: Node }) {
  const t = useOrgs();
  const f = useFormat();
  const [deciding, decide] = useState(false);
  const pending = node.accreditation?.pending;
  return (
    <li className="card og-card">
      <div className="og-head">
        <h2>
          <Link to="/organisations/$orgId" params={{ orgId: node.id }}>
            {f.text(node.name)}
          </Link>
        </h2>
        <button className="btn primary" type="button" onClick={() => decide(true)}>
          {t("decide")}
        </button>
      </div>
      {pending && (
        <>
          <p className="small muted">
            {t("appliedOn", { date: f.date(pending.at) })}
            {pending.by && ` · ${pending.by.name}`}
          </p>
          {pending.reason && <p className="og-said-of">{pending.reason}</p>}
        </>
      )}
      {deciding && <Decide node={node} onClose={() => decide(false)} />}
    </li>
  );
}

/** Applications that wait, of the whole jurisdiction. */
export function Queue() {
  const t = useOrgs();
  const list = useInfiniteQuery(applicationsQuery);
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  if (list.isPending) return <Skeleton lines={5} />;
  if (list.isError) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (items.length === 0) {
    return (
      <div className="card">
        <Message icon="passed" title={t("queueEmpty")}>
          <p>{t("queueEmptyText")}</p>
        </Message>
      </div>
    );
  }
  return (
    <>
      <ul className="og-queue">
        {items.map((n) => (
          <Item key={n.id} node={n} />
        ))}
      </ul>
      {list.hasNextPage && (
        <p className="og-more">
          <More list={list} />
        </p>
      )}
    </>
  );
}
