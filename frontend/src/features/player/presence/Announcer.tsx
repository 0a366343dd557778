import { useEffect, useState } from "react";
import { useNow } from "../../../lib/hooks";
import type { Study } from "../study";
import { type Attending, leftS } from "./attending";
import { usePresence } from "./messages";
import { soonS, useLeft } from "./TimeLeft";
import { usePrompt } from "./usePrompt";

/** Reads a check out once when it appears, and once more when little time is left. */
export function Announcer({ study, reading }: { study: Study; reading: boolean }) {
  const words = study.check ? <Words attending={study.check} reading={reading} /> : null;
  // There before it has something to say: what arrives together with its region is often not read.
  return (
    <div className="vh" aria-live="polite" data-testid="presence-said">
      {words}
    </div>
  );
}

function Words({ attending, reading }: { attending: Attending; reading: boolean }) {
  const t = usePresence();
  const left = useLeft();
  const prompt = usePrompt(attending.check, reading);
  const now = useNow(1000);
  const seconds = leftS(attending, now);
  const soon = seconds !== null && seconds <= soonS && attending.check.window_s > soonS;
  const { id, paused, choices = [] } = attending.check;
  const [said, say] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once for each check, not as time runs
  useEffect(() => {
    const values = { prompt, count: choices.length, left: left(attending, Date.now()) };
    if (paused) say(t("saidPaused"));
    else say(t(choices.length > 0 ? "saidChoices" : "said", values));
  }, [id, paused]);
  useEffect(() => {
    if (soon) say(t("saidSoon"));
  }, [soon, t]);
  return said;
}
