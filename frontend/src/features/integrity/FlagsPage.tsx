import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
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
import { flagsQuery, type Flag as Item } from "./api";
import { Filters } from "./Filters";
import { Flag } from "./Flag";
import "./integrity.css";
import { useIntegrity } from "./messages";
import { SeverityBadge } from "./SeverityBadge";

const route = getRouteApi("/workspace/integrity");
const idOf = (item: Item) => item.id;
const acts = { u: "uphold", d: "dismiss" } as const;
type Act = Move | (typeof acts)[keyof typeof acts];

function Row({ item, open, now }: { item: Item; open: boolean; now: number }) {
  const t = useIntegrity();
  const f = useFormat();
  const at = item.decided_at ?? item.raised_at;
  return (
    <li aria-current={open || undefined}>
      <Link to="." search={(s) => ({ ...s, id: item.id })} data-id={item.id} activeProps={{}}>
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
      </Link>
    </li>
  );
}

function Hints({ on, toggle }: { on: boolean; toggle: () => void }) {
  const t = useIntegrity();
  const hints = [
    ["JK", "move"],
    ["↵", "open"],
    ["D", "dismiss"],
    ["U", "uphold"],
  ] as const;
  return (
    <div className="hints">
      {on &&
        hints.map(([keys, what]) => (
          <span key={what}>
            {[...keys].map((k) => (
              <kbd key={k} className="kbd">
                {k}
              </kbd>
            ))}
            {t(`keys.${what}`)}
          </span>
        ))}
      <button
        className="icon-btn"
        type="button"
        aria-pressed={on}
        aria-label={t("keys.toggle")}
        onClick={toggle}
      >
        <Icon name="keyboard" size="s" />
      </button>
    </div>
  );
}

/** Carries out what a key asks for; the page's own parts are found by their ids. */
function useQueueKeys(items: Item[], id: string | undefined) {
  const navigate = route.useNavigate();
  const go = (to: Item | undefined) => {
    if (to) void navigate({ search: (s) => ({ ...s, id: to.id }) });
  };
  const press = (what: Act, e: KeyboardEvent) => {
    if (what === "next") go(beside(items, idOf, id, 1));
    if (what === "previous") go(beside(items, idOf, id, -1));
    if (what === "uphold" || what === "dismiss") document.getElementById(what)?.click();
    if (what === "open") {
      const link = (e.target as HTMLElement).closest("a");
      if (link && link.dataset.id !== id) return; // the link itself leads on
      document.getElementById("flag-title")?.focus();
    }
    e.preventDefault();
  };
  return { ...useKeys(acts, press), go };
}

export function FlagsPage() {
  const t = useIntegrity();
  const { id, ...filter } = route.useSearch();
  const { state = "open" } = filter;
  const queue = useInfiniteQuery(flagsQuery(filter));
  const items = queue.data?.pages.flatMap((p) => p.items) ?? [];
  const keys = useQueueKeys(items, id);
  const list = useRef<HTMLOListElement>(null);
  const now = useNow(60_000);
  const navigate = route.useNavigate();
  useTitle(t("title"));
  useEffect(() => {
    if (id) list.current?.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id]);
  const at = items.findIndex((i) => i.id === id);
  const done = () => {
    const next = id ? after(items, idOf, id) : undefined;
    void navigate({ search: (s) => ({ ...s, id: next?.id }) });
  };
  return (
    <main id="main" className={id ? "rq has-open" : "rq"}>
      <section className="q" aria-label={t("title")}>
        <div className="q-h">
          <h1>
            {t("title")}
            {queue.data && (
              <span className="num">{t("waiting", { count: queue.data.pages[0]?.open ?? 0 })}</span>
            )}
          </h1>
          <Filters />
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
          <ol ref={list}>
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
        <Hints on={keys.on} toggle={keys.toggle} />
      </section>
      <section className="d" aria-label={t("flag")}>
        {id ? (
          <Flag
            key={id}
            id={id}
            place={at < 0 ? undefined : { n: at + 1, of: items.length }}
            keys={keys.on}
            onPrevious={() => keys.go(beside(items, idOf, id, -1))}
            onNext={() => keys.go(beside(items, idOf, id, 1))}
            onDone={done}
          />
        ) : (
          queue.isSuccess && items.length > 0 && <Message icon="inbox" title={t("choose")} />
        )}
      </section>
    </main>
  );
}
