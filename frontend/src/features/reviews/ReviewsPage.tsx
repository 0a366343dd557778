import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Schemas } from "../../api/client";
import { ago } from "../../lib/ago";
import { StateBadge } from "../../lib/draft/StateBadge";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useNow, useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { useCommon } from "../../lib/messages";
import { type Move, useKeys } from "../../lib/queue/keys";
import { after, beside } from "../../lib/queue/model";
import { Icon } from "../../ui/Icon";
import "../../ui/queue.css";
import { Message, Skeleton } from "../../ui/states";
import { queueQuery } from "./api";
import { useReviews } from "./messages";
import { Review } from "./Review";

const route = getRouteApi("/workspace/reviews");
type Item = Schemas["ReviewItem"];
const idOf = (item: Item) => item.version_id;
const acts = { a: "approve", r: "return" } as const;
type Act = Move | (typeof acts)[keyof typeof acts];
const states = ["submitted", "published", "returned"] as const;

function Row({ item, open, now }: { item: Item; open: boolean; now: number }) {
  const t = useReviews();
  const common = useCommon();
  const f = useFormat();
  const hours = item.hours ?? item.proposed_hours;
  return (
    <li aria-current={open || undefined}>
      <Link to="." search={(s) => ({ ...s, id: item.version_id })} data-id={item.version_id} activeProps={{}}>
        <Icon name="school" />
        <b>{f.text(item.title)}</b>
        <span className="hr num">{hours !== undefined && t("hoursShort", { n: f.number(hours) })}</span>
        <span className="sub">
          {item.submitted_by.name} · {f.text(item.provider.name)}
        </span>
        <span className="due">
          <time dateTime={item.submitted_at} title={f.date(item.submitted_at, "minute")}>
            {ago(item.submitted_at, now, f.locale)}
          </time>
        </span>
        <span className="tags">
          <span className={item.subject === "public" ? "badge pub" : "badge pro"}>
            {common(item.subject)}
          </span>
          {item.state !== "submitted" && <StateBadge state={item.state} />}
          {item.state === "submitted" && !item.may_decide && <span className="small muted">{t("own")}</span>}
        </span>
      </Link>
    </li>
  );
}

function Filters() {
  const t = useReviews();
  const common = useCommon();
  const { state = "submitted", subject } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <nav className="tabs" aria-label={t("filter")}>
        {states.map((s) => (
          <Link
            key={s}
            to="."
            search={{ subject, state: s === "submitted" ? undefined : s }}
            aria-current={state === s ? "page" : undefined}
            activeProps={{}}
          >
            {t(`state.${s}`)}
          </Link>
        ))}
      </nav>
      <fieldset className="seg rq-sub" aria-label={t("subject")}>
        {([undefined, "professional", "public"] as const).map((s) => (
          <button
            key={s ?? "all"}
            type="button"
            aria-pressed={subject === s}
            onClick={() => void navigate({ search: (old) => ({ state: old.state, subject: s }) })}
          >
            {s ? common(s) : t("all")}
          </button>
        ))}
      </fieldset>
    </>
  );
}

function Hints({ on, toggle }: { on: boolean; toggle: () => void }) {
  const t = useReviews();
  return (
    <div className="hints">
      {on && (
        <>
          <span>
            <kbd className="kbd">J</kbd>
            <kbd className="kbd">K</kbd>
            {t("keys.move")}
          </span>
          <span>
            <kbd className="kbd">↵</kbd>
            {t("keys.open")}
          </span>
          <span>
            <kbd className="kbd">A</kbd>
            {t("keys.approve")}
          </span>
          <span>
            <kbd className="kbd">R</kbd>
            {t("keys.return")}
          </span>
        </>
      )}
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

/** What stands in the list's place when there is nothing in it. */
function Empty({ state }: { state: (typeof states)[number] }) {
  const t = useReviews();
  return (
    <Message icon={state === "submitted" ? "passed" : "inbox"} title={t(`empty.${state}`)}>
      {state === "submitted" && <p>{t("emptyText")}</p>}
    </Message>
  );
}

function useQueue() {
  const { state = "submitted", subject } = route.useSearch();
  const queue = useInfiniteQuery(queueQuery({ state, subject }));
  return { queue, state, items: queue.data?.pages.flatMap((p) => p.items) ?? [] };
}

/** Carries out what a key asks for; the page's own parts are found by their ids. */
function useQueueKeys(items: Item[], id: string | undefined) {
  const navigate = route.useNavigate();
  const go = (to: Item | undefined) => {
    if (to) void navigate({ search: (s) => ({ ...s, id: to.version_id }) });
  };
  const press = (what: Act, e: KeyboardEvent) => {
    if (what === "next") go(beside(items, idOf, id, 1));
    if (what === "previous") go(beside(items, idOf, id, -1));
    if (what === "approve") document.getElementById("approve")?.click();
    if (what === "return") document.getElementById("reason")?.focus();
    if (what === "open") {
      const link = (e.target as HTMLElement).closest("a");
      if (link && link.dataset.id !== id) return; // the link itself leads on
      document.getElementById("review-title")?.focus();
    }
    e.preventDefault();
  };
  return { ...useKeys(acts, press), go };
}

export function ReviewsPage() {
  const t = useReviews();
  const { id } = route.useSearch();
  const { queue, state, items } = useQueue();
  const keys = useQueueKeys(items, id);
  const list = useRef<HTMLOListElement>(null);
  const now = useNow(60_000);
  const navigate = route.useNavigate();
  useTitle(t("title"));
  useEffect(() => {
    if (id) list.current?.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id]);
  const at = items.findIndex((i) => i.version_id === id);
  const done = () => {
    const next = id ? after(items, idOf, id) : undefined;
    void navigate({ search: (s) => ({ ...s, id: next?.version_id }) });
  };
  return (
    <main id="main" className={id ? "rq has-open" : "rq"}>
      <section className="q" aria-label={t("title")}>
        <div className="q-h">
          <h1>
            {t("title")}
            {queue.data && (
              <span className="num">{t("waiting", { count: queue.data.pages[0]?.waiting ?? 0 })}</span>
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
          {queue.isSuccess && items.length === 0 && <Empty state={state} />}
          <ol ref={list}>
            {items.map((i) => (
              <Row key={i.version_id} item={i} open={i.version_id === id} now={now} />
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
      <section className="d" aria-label={t("submission")}>
        {id ? (
          <Review
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
