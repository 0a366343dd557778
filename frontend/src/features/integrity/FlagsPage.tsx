import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ago } from "../../lib/ago";
import { useFormat } from "../../lib/format";
import { useNow } from "../../lib/hooks";
import { QueuePage } from "../../lib/queue/QueuePage";
import { Icon } from "../../ui/Icon";
import { flagsQuery, type Flag as Item } from "./api";
import { Filters } from "./Filters";
import { Flag } from "./Flag";
import "./integrity.css";
import { useIntegrity } from "./messages";
import { SeverityBadge } from "./SeverityBadge";

const route = getRouteApi("/workspace/integrity");

function Row({ item, now }: { item: Item; now: number }) {
  const t = useIntegrity();
  const f = useFormat();
  const at = item.decided_at ?? item.raised_at;
  return (
    <>
      <Icon name="flag" />
      <b>{item.person.name}</b>
      <span className="due">
        <time dateTime={at} title={f.date(at, "minute")}>
          {ago(at, now, f.locale)}
        </time>
      </span>
      <span className="sub">{f.text(item.org.name)}</span>
      <span className="tags">
        <SeverityBadge severity={item.severity} />
        <span className="small">{t(`kind.${item.kind}`)}</span>
      </span>
    </>
  );
}

export function FlagsPage() {
  const t = useIntegrity();
  const { id, ...filter } = route.useSearch();
  const { state = "open" } = filter;
  const queue = useInfiniteQuery(flagsQuery(filter));
  const now = useNow(60_000);
  return (
    <QueuePage
      title={t("title")}
      waiting={queue.data && t("waiting", { count: queue.data.pages[0]?.open ?? 0 })}
      filters={<Filters />}
      queue={queue}
      idOf={(item) => item.id}
      row={(item) => <Row item={item} now={now} />}
      empty={{ title: t(`empty.${state}`), text: state === "open" ? t("emptyText") : undefined }}
      id={id}
      acts={[
        { key: "d", hint: t("keys.dismiss"), press: "dismiss" },
        { key: "u", hint: t("keys.uphold"), press: "uphold" },
      ]}
      item={t("flag")}
      choose={t("choose")}
    >
      {(id, at) => <Flag key={id} id={id} at={at} />}
    </QueuePage>
  );
}
