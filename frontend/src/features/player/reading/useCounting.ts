import { useEffect, useRef, useState } from "react";
import type { Reporter } from "../reporter";
import { pausedForCheck, studying } from "../study";
import type { Away } from "./attention";
import { ReadingClock } from "./clock";
import { durationOf, type Layout, nextMissing, nextSecond, pagesOf } from "./pages";
import { countedOf, type Seen } from "./seen";
import { useAttention } from "./useAttention";

const tickMs = 200;

/** Why nothing counts just now, as far as the reader can do something about it. */
export type Pause =
  | Away
  /** The document has been scrolled out of sight. */
  | "unseen"
  | null;

interface Reading {
  reporter: Reporter;
  layout: Layout | undefined;
  seen: Seen;
  /** The text or the page is there to be read. */
  shown: boolean;
}

/** Tells the reporter what is read: a second of a page at a time, while somebody is there. */
export function useCounting(reading: Reading): Pause {
  const latest = useRef(reading);
  latest.current = reading;
  const away = useAttention();
  const asked = useRef(away);
  asked.current = away;
  const [pause, setPause] = useState<Pause>(null);
  const { reporter } = reading;
  useEffect(() => {
    const clock = new ReadingClock();
    let counting = false;
    const tick = () => {
      const { seen, shown } = latest.current;
      const now = asked.current() ?? (shown && seen.out ? "unseen" : null);
      setPause(now);
      const page = now ? null : pageOf(latest.current);
      if (clock.tick(page, performance.now()) && page !== null) tell(latest.current, page);
      if (counting && page === null) rest(latest.current);
      counting = page !== null;
    };
    const timer = setInterval(tick, tickMs);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
      reporter.tell({ type: "stop", state: "paused", at: placeMs(latest.current), now: Date.now() });
    };
  }, [reporter]);
  return pause;
}

/** The page that counts now; none while nothing would. */
function pageOf({ reporter, layout, seen, shown }: Reading): number | null {
  const study = reporter.snapshot;
  if (!layout || !shown || !studying(study) || pausedForCheck(study)) return null;
  return countedOf(seen, pagesOf(layout, study), layout);
}

function tell({ reporter, layout }: Reading, page: number) {
  if (!layout) return;
  const second = nextSecond(layout, page, reporter.snapshot);
  if (second === null || second >= durationOf(layout)) return;
  reporter.tell({ type: "read", from: second * 1000, to: (second + 1) * 1000 });
  const { snapshot } = reporter;
  // The last missing second: nobody should have to wait to be told.
  if (!snapshot.completed && nextMissing(pagesOf(layout, snapshot), layout, page) === null)
    void reporter.flush();
}

const placeMs = ({ layout, seen }: Reading) => seen.middle * (layout?.page_max_s ?? 0) * 1000;

/** What was read so far is reported as soon as reading rests. */
function rest(reading: Reading) {
  reading.reporter.tell({ type: "stop", state: "paused", at: placeMs(reading), now: Date.now() });
}
