import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { Icon } from "../../ui/Icon";
import { Message, Skeleton } from "../../ui/states";
import { markRead, type Notice, noticesQuery } from "./api";
import { useNotices } from "./messages";
import "./notices.css";

function Item({ notice: n, onRead }: { notice: Notice; onRead: () => void }) {
  const t = useNotices();
  const f = useFormat();
  const router = useRouter();
  const follow = (e: React.MouseEvent) => {
    if (!n.read) onRead();
    if (e.metaKey || e.ctrlKey || e.shiftKey) return;
    e.preventDefault();
    router.history.push(n.path);
  };
  return (
    <li className={n.read ? "card no-item" : "card no-item unread"}>
      <div className="no-hd">
        <h2>{f.text(n.title)}</h2>
        {!n.read && <span className="no-new small">{t("new")}</span>}
      </div>
      {f
        .text(n.body)
        .split("\n")
        .map((line) => line && <p key={line}>{line}</p>)}
      <div className="no-ft">
        <time className="small muted num" dateTime={n.at}>
          {f.date(n.at, "minute")}
        </time>
        {!n.read && (
          <button className="btn quiet sm" type="button" onClick={onRead}>
            {t("read")}
          </button>
        )}
        {n.path && (
          <a className="btn sm" href={n.path} onClick={follow}>
            {f.text(n.label)}
            <Icon name="right" size="s" />
          </a>
        )}
      </div>
    </li>
  );
}

/** Everything one was told, the last first. */
export function NoticesPage() {
  const t = useNotices();
  const unread = useSearch({ from: "/learner/own/notices" }).unread ?? false;
  const list = useInfiniteQuery(noticesQuery(unread));
  const queries = useQueryClient();
  const read = useMutation({
    mutationFn: markRead,
    onSettled: () => queries.invalidateQueries({ queryKey: ["notices"] }),
  });
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  const first = items[0];
  const open = list.data?.pages[0]?.unread ?? 0;
  useTitle(t("title"));
  return (
    <main id="main" className="wrap notices">
      <div className="head1">
        <h1>{t("title")}</h1>
        <Link className="btn quiet end" to="/settings/notices">
          {t("settings")}
        </Link>
      </div>
      <div className="no-bar">
        <nav className="no-which" aria-label={t("which")}>
          <Link to="/notices" search={{}} aria-current={unread ? undefined : "page"}>
            {t("all")}
          </Link>
          <Link to="/notices" search={{ unread: true }} aria-current={unread ? "page" : undefined}>
            {t("unread")}
          </Link>
        </nav>
        {first && open > 0 && (
          <button
            className="btn quiet sm"
            type="button"
            disabled={read.isPending}
            onClick={() => read.mutate({ last: first.id })}
          >
            <Icon name="check" size="s" />
            {t("readAll")}
          </button>
        )}
      </div>
      {read.isError && (
        <p className="note x" role="alert">
          <Icon name="warn" />
          {t("failed")}
        </p>
      )}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton lines={6} />}
      {list.isSuccess && items.length === 0 && (
        <Message icon="bell" title={t(unread ? "emptyUnread" : "empty")}>
          <p>{t("emptyText")}</p>
        </Message>
      )}
      <ul className="no-list">
        {items.map((n) => (
          <Item key={n.id} notice={n} onRead={() => read.mutate({ ids: [n.id] })} />
        ))}
      </ul>
      <More list={list} />
    </main>
  );
}
