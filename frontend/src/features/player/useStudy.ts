import { useEffect, useMemo, useState } from "react";
import { wire } from "./api";
import { Reporter, type Study } from "./reporter";

/** Sessions end one after the other: the next lesson waits for the last beat of the one before. */
let ending: Promise<void> = Promise.resolve();

/** One study session for as long as the lesson is shown. */
export function useStudy(lessonId: string): { study: Study; reporter: Reporter } {
  const [, redraw] = useState(0);
  const reporter = useMemo(() => new Reporter(wire, lessonId, () => redraw((n) => n + 1)), [lessonId]);
  useEffect(() => {
    let left = false;
    void ending.then(() => (left ? undefined : reporter.open()));
    const online = () => reporter.retryNow();
    const seen = () => reporter.tell({ type: "visible", visible: document.visibilityState === "visible" });
    const leave = () => reporter.leave();
    seen();
    addEventListener("online", online);
    addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", seen);
    return () => {
      left = true;
      removeEventListener("online", online);
      removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", seen);
      ending = reporter.finish();
    };
  }, [reporter]);
  return { study: reporter.snapshot, reporter };
}
