import { useFormat } from "../../../lib/format";
import { useNow } from "../../../lib/hooks";
import { Dial } from "../../../ui/Dial";
import { type Attending, leftS } from "./attending";
import { usePresence } from "./messages";

const ticks = 24;
/** From here on "no rush" would not be true. */
export const soonS = 30;

/** What is left of a check's window, as a ring of ticks. */
export function WindowDial({ attending }: { attending: Attending }) {
  const left = leftS(attending, useNow(1000)) ?? attending.check.window_s;
  const share = Math.min(1, left / Math.max(1, attending.check.window_s));
  const ring = { required: ticks, professional: Math.ceil(share * ticks), public: 0, publicCap: 0, over: 0 };
  return <Dial year={ring} />;
}

export function useLeft(): (attending: Attending, now: number) => string {
  const t = usePresence();
  const f = useFormat();
  return (attending, now) => {
    const left = leftS(attending, now);
    if (left === null) return t("noLimit");
    if (left === 0) return t("timeUp");
    return t(left > soonS ? "left" : "leftFew", { time: f.clock(left) });
  };
}

/** The same in figures. A timer is not read out as it runs; the announcements say what matters. */
export function TimeLeft({ attending }: { attending: Attending }) {
  const left = useLeft();
  const now = useNow(500);
  return (
    <p className="num" role="timer">
      {left(attending, now)}
    </p>
  );
}
