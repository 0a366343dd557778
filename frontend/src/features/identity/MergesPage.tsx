import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ago } from "../../lib/ago";
import { useFormat } from "../../lib/format";
import { useNow } from "../../lib/hooks";
import { QueuePage } from "../../lib/queue/QueuePage";
import { Icon } from "../../ui/Icon";
import { type Merge, mergeStates, mergesQuery } from "./api";
import "./identity.css";
import { MergeView } from "./MergeView";
import { useIdentity } from "./messages";

const route = getRouteApi("/workspace/merges");

function Row({ item, now }: { item: Merge; now: number }) {
  const t = useIdentity();
  const f = useFormat();
  const at = item.decided_at ?? item.created_at;
  return (
    <>
      <Icon name="people" />
      <b>{t(`kind.${item.kind}`)}</b>
      <span className="due">
        <time dateTime={at} title={f.date(at, "minute")}>
          {ago(at, now, f.locale)}
        </time>
      </span>
      <span className="sub">{item.org ? f.text(item.org.name) : t("noOrg")}</span>
    </>
  );
}

export function MergesPage() {
  const t = useIdentity();
  const { id, state = "open" } = route.useSearch();
  const queue = useInfiniteQuery(mergesQuery(state));
  const now = useNow(60_000);
  const filters = (
    <nav className="tabs" aria-label={t("filter")}>
      {mergeStates.map((s) => (
        <Link
          key={s}
          to="."
          search={{ state: s === "open" ? undefined : s }}
          aria-current={state === s ? "page" : undefined}
          activeProps={{}}
        >
          {t(`state.${s}`)}
        </Link>
      ))}
    </nav>
  );
  return (
    <QueuePage
      title={t("merges")}
      filters={filters}
      queue={queue}
      idOf={(item) => item.id}
      row={(item) => <Row item={item} now={now} />}
      empty={{ title: t(`empty.${state}`), text: state === "open" ? t("emptyText") : undefined }}
      id={id}
      acts={[
        { key: "m", hint: t("keys.merge"), press: "merge" },
        { key: "r", hint: t("keys.refuse"), press: "refuse" },
      ]}
      item={t("request")}
      choose={t("choose")}
    >
      {(id, at) => <MergeView key={id} id={id} at={at} />}
    </QueuePage>
  );
}
