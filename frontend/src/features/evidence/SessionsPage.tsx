import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { Icon } from "../../ui/Icon";
import { Message, Skeleton } from "../../ui/states";
import { sessionsQuery } from "./api";
import "./sessions.css";
import { useMyEvidence } from "./messages";

function Row({ session: s }: { session: Schemas["SessionRecord"] }) {
  const t = useMyEvidence();
  const f = useFormat();
  return (
    <li>
      <Link className="card se-row" to="/evidence/$sessionId" params={{ sessionId: s.id }}>
        <Icon name={s.kind === "reading" ? "book" : "video"} />
        <span className="se-t">
          <b>{f.text(s.lesson)}</b>
          <span className="small muted">{f.text(s.course)}</span>
          <span className="small muted num">
            {f.date(s.opened_at, "minute")} · {s.device}
          </span>
        </span>
        <span className="se-c num">
          <b>{f.exact(s.credit_s)}</b>
          <span className="small muted">{s.closed_at ? t("studied") : t("open")}</span>
        </span>
        <Icon name="right" size="s" />
      </Link>
    </li>
  );
}

/** All study sessions of the person, the last one first. */
export function SessionsPage() {
  const t = useMyEvidence();
  const list = useInfiniteQuery(sessionsQuery);
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  useTitle(t("title"));
  return (
    <main id="main" className="wrap">
      <div className="se-hd">
        <h1>{t("title")}</h1>
        <p>{t("intro")}</p>
      </div>
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton lines={6} />}
      {list.isSuccess && items.length === 0 && (
        <Message
          icon="clock"
          title={t("empty")}
          actions={
            <Link className="btn primary" to="/learning">
              {t("toLearning")}
            </Link>
          }
        >
          <p>{t("emptyText")}</p>
        </Message>
      )}
      <ul className="se-list">
        {items.map((s) => (
          <Row key={s.id} session={s} />
        ))}
      </ul>
      {list.hasNextPage && (
        <p className="se-more">
          <More list={list} />
        </p>
      )}
    </main>
  );
}
