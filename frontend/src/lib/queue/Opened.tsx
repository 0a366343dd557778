import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { Failure } from "../Failure";
import { useQueue } from "./messages";

/** Where an open item stands in its queue, and the ways from it. */
export interface At {
  /** Nothing where the queue does not show it. */
  place?: { n: number; of: number };
  /** Whether single keys decide. */
  keys: boolean;
  onPrevious: () => void;
  onNext: () => void;
  onDone: () => void;
}

export const headingId = "queue-open";

function Pager({ at: { place, onPrevious, onNext } }: { at: At }) {
  const t = useQueue();
  return (
    <div className="pg num">
      <Link className="btn quiet sm to-list" to="." search={(s) => ({ ...s, id: undefined })}>
        <Icon name="list" size="s" />
        {t("toQueue")}
      </Link>
      {place && (
        <>
          <span>
            {place.n} / {place.of}
          </span>
          <button
            className="icon-btn"
            type="button"
            aria-label={t("previous")}
            disabled={place.n === 1}
            onClick={onPrevious}
          >
            <Icon name="left" />
          </button>
          <button
            className="icon-btn"
            type="button"
            aria-label={t("next")}
            disabled={place.n === place.of}
            onClick={onNext}
          >
            <Icon name="right" />
          </button>
        </>
      )}
    </div>
  );
}

/** In an item's place while it is on its way, or when it did not come. */
export function Opening({ at, query }: { at: At; query: UseQueryResult }) {
  return (
    <div className="d-s">
      <Pager at={at} />
      {query.isError ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Skeleton lines={8} tall />
      )}
    </div>
  );
}

interface Props {
  at: At;
  label: string;
  /** The line over the heading. */
  above: ReactNode;
  title: string;
  children: ReactNode;
}

/** What an open item holds; the decision stands below it. */
export function Opened({ at, label, above, title, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <div className="d-s" tabIndex={0} role="group" aria-label={label}>
      <div className="d-h">
        <div>
          {above}
          <h2 id={headingId} tabIndex={-1}>
            {title}
          </h2>
        </div>
        <Pager at={at} />
      </div>
      {children}
    </div>
  );
}
