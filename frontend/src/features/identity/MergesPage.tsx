import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ago } from "../../lib/ago";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useNow, useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { type Move, useKeys } from "../../lib/queue/keys";
import { after, beside } from "../../lib/queue/model";
import { Icon } from "../../ui/Icon";
import "../../ui/queue.css";
import { Message, Skeleton } from "../../ui/states";
import { type Merge, mergeStates, mergesQuery } from "./api";
import "./identity.css";
import { MergeView } from "./MergeView";
import { useIdentity } from "./messages";

const route = getRouteApi("/workspace/merges");
const idOf = (item: Merge) => item.id;
const acts = { m: "merge", r: "refuse" } as const;
type Act = Move | (typeof acts)[keyof typeof acts];

function Row({ item, open, now }: { item: Merge; open: boolean; now: number }) {
  const t = useIdentity();
  const f = useFormat();
  const at = item.decided_at ?? item.created_at;
  return (
    <li aria-current={open || undefined}>
      <Link to="." search={(s) => ({ ...s, id: item.id })} data-id={item.id} activeProps={{}}>
        <Icon name="people" />
        <b>{t(`kind.${item.kind}`)}</b>
        <span className="due">
          <time dateTime={at} title={f.date(at, "minute")}>
            {ago(at, now, f.locale)}
          </time>
        </span>
        <span className="sub">{item.org ? f.text(item.org.name) : t("noOrg")}</span>
      </Link>
    </li>
  );
}

export function MergesPage() {
  const t = useIdentity();
  const { id, state = "open" } = route.useSearch();
  const navigate = route.useNavigate();
  const queue = useInfiniteQuery(mergesQuery(state));
  const items = queue.data?.pages.flatMap((p) => p.items) ?? [];
  const now = useNow(60_000);
  useTitle(t("merges"));
  const go = (to: Merge | undefined) => {
    if (to) void navigate({ search: (s) => ({ ...s, id: to.id }) });
  };
  const keys = useKeys(acts, (what: Act, e) => {
    if (what === "next") go(beside(items, idOf, id, 1));
    else if (what === "previous") go(beside(items, idOf, id, -1));
    else if (what === "open") {
      const link = (e.target as HTMLElement).closest("a");
      if (link && link.dataset.id !== id) return; // the link itself leads on
      document.getElementById("merge-title")?.focus();
    } else document.getElementById(`merge-${what}`)?.click();
    e.preventDefault();
  });
  const done = () => {
    const next = id ? after(items, idOf, id) : undefined;
    void navigate({ search: (s) => ({ ...s, id: next?.id }) });
  };
  return (
    <main id="main" className={id ? "rq has-open" : "rq"}>
      <section className="q" aria-label={t("merges")}>
        <div className="q-h">
          <h1>{t("merges")}</h1>
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
        </div>
        <div className="q-b">
          {queue.isPending && (
            <div className="q-p">
              <Skeleton lines={6} />
            </div>
          )}
          {queue.isError && <Failure error={queue.error} retry={() => void queue.refetch()} />}
          {queue.isSuccess && items.length === 0 && (
            <Message icon={state === "open" ? "passed" : "inbox"} title={t(`empty.${state}`)}>
              {state === "open" && <p>{t("emptyText")}</p>}
            </Message>
          )}
          <ol>
            {items.map((i) => (
              <Row key={i.id} item={i} open={i.id === id} now={now} />
            ))}
          </ol>
          {queue.hasNextPage && (
            <p className="q-p">
              <More list={queue} block />
            </p>
          )}
        </div>
        <div className="hints">
          {keys.on &&
            (["J", "K", "M", "R"] as const).map((k) => (
              <span key={k}>
                <kbd className="kbd">{k}</kbd>
                {t(`keys.${k}`)}
              </span>
            ))}
          <button
            className="icon-btn"
            type="button"
            aria-pressed={keys.on}
            aria-label={t("keys.toggle")}
            onClick={keys.toggle}
          >
            <Icon name="keyboard" size="s" />
          </button>
        </div>
      </section>
      <section className="d" aria-label={t("request")}>
        {id ? (
          <MergeView key={id} id={id} onDone={done} />
        ) : (
          queue.isSuccess && items.length > 0 && <Message icon="inbox" title={t("choose")} />
        )}
      </section>
    </main>
  );
}
