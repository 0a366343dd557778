import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { meQuery } from "../../api/queries";
import { wire } from "./api";
import { Keeper } from "./kept/keeper";
import { browserLocks } from "./kept/lock";
import { browserStore } from "./kept/store";
import { whileStudying } from "./leaving";
import { Reporter } from "./reporter";
import type { Study } from "./study";

/** Sessions end one after the other: the next lesson waits for the last beat of the one before. */
let ending: Promise<void> = Promise.resolve();

/** One study session for as long as the lesson is shown. */
export function useStudy(lessonId: string): { study: Study; reporter: Reporter } {
  const [, redraw] = useState(0);
  const queries = useQueryClient();
  const [person] = useState(() => queries.getQueryData(meQuery.queryKey)?.id ?? "");
  const reporter = useMemo(() => {
    const keeper = new Keeper(person, browserStore, browserLocks());
    return new Reporter(wire, lessonId, () => redraw((n) => n + 1), keeper);
  }, [lessonId, person]);
  useEffect(() => {
    let left = false;
    void ending.then(() => (left ? undefined : reporter.open()));
    const online = () => reporter.retryNow();
    const seen = () => {
      const visible = document.visibilityState === "visible";
      reporter.tell({ type: "visible", visible });
      // On a phone this may be the last word before the page is killed.
      if (!visible) reporter.keep();
    };
    const leave = () => reporter.leave();
    seen();
    addEventListener("online", online);
    addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", seen);
    const leaving = whileStudying(() => reporter.flush());
    return () => {
      left = true;
      leaving();
      removeEventListener("online", online);
      removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", seen);
      ending = reporter.finish();
    };
  }, [reporter]);
  return { study: reporter.snapshot, reporter };
}
