import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { Icon } from "../../ui/Icon";
import "../../ui/queue.css";
import { Message, Skeleton } from "../../ui/states";
import { Failure } from "../Failure";
import { useTitle } from "../hooks";
import { More } from "../More";
import { useKeys } from "./keys";
import { useQueue } from "./messages";
import { after, beside } from "./model";
import { type At, headingId } from "./Opened";

/** A decision's key: it presses a button of the open item, or goes into a field of it, found by its id. */
export interface Act {
  key: string;
  hint: string;
  press?: string;
  focus?: string;
}

interface Props<T> {
  title: string;
  /** How many wait, in words. */
  waiting?: string;
  filters: ReactNode;
  queue: UseInfiniteQueryResult<InfiniteData<{ items: T[] }>>;
  idOf: (item: T) => string;
  /** What a row says; the row itself leads to its item. */
  row: (item: T) => ReactNode;
  /** What is said where there is nothing in it; with a text, that nothing is left to do. */
  empty: { title: string; text?: string };
  /** The open item, as the address has it in `id`. */
  id?: string;
  acts: Act[];
  /** What one of the items is called. */
  item: string;
  choose: string;
  children: (id: string, at: At) => ReactNode;
}

/** A queue beside what is open of it: filter, open, decide, next, by pointer or by keyboard. */
export function QueuePage<T>({ queue, idOf, id, acts, children, ...p }: Props<T>) {
  const t = useQueue();
  const navigate = useNavigate();
  const list = useRef<HTMLOListElement>(null);
  const items = queue.data?.pages.flatMap((page) => page.items) ?? [];
  const at = items.findIndex((i) => idOf(i) === id);
  const open = (to: T | undefined) =>
    void navigate({ to: ".", search: (s) => ({ ...s, id: to && idOf(to) }) });
  const step = (by: 1 | -1) => {
    const to = beside(items, idOf, id, by);
    if (to) open(to);
  };
  const names = Object.fromEntries(acts.map((a) => [a.key, a.key]));
  const keys = useKeys(names, (what, e) => {
    const act = acts.find((a) => a.key === what);
    if (what === "next") step(1);
    if (what === "previous") step(-1);
    if (act?.press) document.getElementById(act.press)?.click();
    if (act?.focus) document.getElementById(act.focus)?.focus();
    if (what === "open") {
      const link = (e.target as HTMLElement).closest("a");
      if (link && link.dataset.id !== id) return; // the link itself leads on
      document.getElementById(headingId)?.focus();
    }
    e.preventDefault();
  });
  useTitle(p.title);
  useEffect(() => {
    if (id)
      list.current?.querySelector(`[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id]);
  return (
    <main id="main" className={id ? "rq has-open" : "rq"}>
      <section className="q" aria-label={p.title}>
        <div className="q-h">
          <h1>
            {p.title}
            {p.waiting && <span className="num">{p.waiting}</span>}
          </h1>
          {p.filters}
        </div>
        <div className="q-b">
          {queue.isPending && (
            <div className="q-p">
              <Skeleton lines={6} />
            </div>
          )}
          {queue.isError && <Failure error={queue.error} retry={() => void queue.refetch()} />}
          {queue.isSuccess && items.length === 0 && (
            <Message icon={p.empty.text ? "passed" : "inbox"} title={p.empty.title}>
              {p.empty.text && <p>{p.empty.text}</p>}
            </Message>
          )}
          <ol ref={list}>
            {items.map((i) => (
              <li key={idOf(i)} aria-current={idOf(i) === id || undefined}>
                <Link to="." search={(s) => ({ ...s, id: idOf(i) })} data-id={idOf(i)} activeProps={{}}>
                  {p.row(i)}
                </Link>
              </li>
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
            [{ key: "jk", hint: t("move") }, { key: "↵", hint: t("open") }, ...acts].map((a) => (
              <span key={a.key}>
                {[...a.key].map((k) => (
                  <kbd key={k} className="kbd">
                    {k.toUpperCase()}
                  </kbd>
                ))}
                {a.hint}
              </span>
            ))}
          <button
            className="icon-btn"
            type="button"
            aria-pressed={keys.on}
            aria-label={t("toggle")}
            onClick={keys.toggle}
          >
            <Icon name="keyboard" size="s" />
          </button>
        </div>
      </section>
      <section className="d" aria-label={p.item}>
        {id
          ? children(id, {
              place: at < 0 ? undefined : { n: at + 1, of: items.length },
              keys: keys.on,
              onPrevious: () => step(-1),
              onNext: () => step(1),
              onDone: () => open(after(items, idOf, id)),
            })
          : queue.isSuccess && items.length > 0 && <Message icon="inbox" title={p.choose} />}
      </section>
    </main>
  );
}
