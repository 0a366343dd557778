import { useInfiniteQuery } from "@tanstack/react-query";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { Icon } from "../../ui/Icon";
import { Message, Skeleton } from "../../ui/states";
import { looksQuery } from "./api";
import { useTrail } from "./messages";
import "./trail.css";

/** Who looked at one's record. */
export function LooksPage() {
  const t = useTrail();
  const f = useFormat();
  const list = useInfiniteQuery(looksQuery);
  const looks = list.data?.pages.flatMap((p) => p.items) ?? [];
  useTitle(t("looks.title"));
  return (
    <main id="main" className="wrap">
      <div className="tr-hd">
        <h1>{t("looks.title")}</h1>
        <p>{t("looks.intro")}</p>
      </div>
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && looks.length === 0 && (
        <Message icon="eye" title={t("looks.empty")}>
          <p>{t("looks.emptyText")}</p>
        </Message>
      )}
      <ul className="tr-looks">
        {looks.map((l) => (
          <li key={l.id} className="card">
            <Icon name="eye" />
            <span className="tr-t">
              <b>{l.reader?.name ?? t("somebody")}</b>
              <span className="small">{t(`looks.${l.what}`)}</span>
              {l.org && <span className="small muted">{f.text(l.org.name)}</span>}
            </span>
            <time className="small muted num" dateTime={l.at}>
              {f.date(l.at, "minute")}
            </time>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <p className="tr-next">
          <More list={list} />
        </p>
      )}
    </main>
  );
}
