import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Trans } from "react-i18next";
import { useFormat } from "../../../lib/format";
import { i18n } from "../../../lib/i18n";
import { Icon } from "../../../ui/Icon";
import type { Reporter } from "../reporter";
import type { Study } from "../study";
import type { Attending } from "./attending";
import { chosen } from "./keys";
import { usePresence } from "./messages";
import "./presence.css";
import { Announcer } from "./Announcer";
import { Question } from "./Question";
import { TimeLeft, WindowDial } from "./TimeLeft";
import { useAfloat } from "./useAfloat";
import { useOffer } from "./useOffer";
import { usePresenceKeys } from "./usePresenceKeys";
import { usePrompt } from "./usePrompt";
import { useTitleFlash } from "./useTitleFlash";

interface Props {
  study: Study;
  reporter: Reporter;
  /** A text rather than a video. */
  reading?: boolean;
}

/**
 * The outstanding presence check, or what became of the last one. It blocks
 * nothing: it stands over a corner, and floats when its place is out of sight.
 */
export function PresenceCard({ study, reporter, reading = false }: Props) {
  const t = usePresence();
  const place = useRef<HTMLDivElement>(null);
  const afloat = useAfloat(place);
  useTitleFlash(study.check !== null, t("title"));
  return (
    <div className={afloat || reading ? "pc afloat" : "pc"} ref={place}>
      <Announcer study={study} reading={reading} />
      {study.check ? (
        <Outstanding attending={study.check} study={study} reporter={reporter} reading={reading} />
      ) : (
        <Passed study={study} reporter={reporter} />
      )}
    </div>
  );
}

function Outstanding({ attending, study, reporter, reading }: Required<Props> & { attending: Attending }) {
  const t = usePresence();
  const { check, answering } = attending;
  const card = useRef<HTMLElement>(null);
  const [choices, choose] = useState<number[]>([]);
  const giveBack = useOffer(card, check.id);
  const options = check.choices?.length ?? 0;
  const ready = !answering && (options === 0 || choices.length > 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins with no choice
  useEffect(() => choose([]), [check.id]);
  const send = (e?: FormEvent) => {
    e?.preventDefault();
    if (ready) reporter.answer(choices);
  };
  usePresenceKeys({
    choices: options,
    onChoose: (n) => choose((before) => chosen(before, n, !!check.multiple)),
    onSend: send,
  });
  const label = check.paused ? t("goOn") : t(options > 0 ? "answer" : "here");
  return (
    <section className="check" aria-label={t("region")} ref={card} tabIndex={-1} onKeyDown={giveBack}>
      <Head attending={attending} />
      <Note study={study} />
      <form onSubmit={send}>
        <Asked attending={attending} reading={reading} choices={choices} onChange={choose} />
        <Stake study={study} paused={check.paused} />
        <div className="acts">
          <button className="btn primary" type="submit" disabled={!ready}>
            {answering ? t("sending") : label}
            {!answering && (
              <span className="kbd" aria-hidden="true">
                ⏎
              </span>
            )}
          </button>
          {check.can_extend && !answering && (
            <button className="more" type="button" onClick={() => reporter.moreTime()}>
              {t("moreTime")}
            </button>
          )}
          {!check.paused && (
            <a className="more" href="/settings" target="_blank" rel="noreferrer">
              {t("always")}
            </a>
          )}
        </div>
        {answering && study.status.kind === "offline" && <p className="small">{t("sendsLater")}</p>}
      </form>
    </section>
  );
}

function Head({ attending }: { attending: Attending }) {
  const t = usePresence();
  const { check } = attending;
  if (check.paused)
    return (
      <div className="hd">
        <Icon name="pause" size="l" />
        <h2>{t("pausedTitle")}</h2>
      </div>
    );
  return (
    <div className="hd">
      <WindowDial attending={attending} />
      <div>
        <h2>{t(check.kind === "question" ? "askQuestion" : "askConfirm")}</h2>
        <TimeLeft attending={attending} />
      </div>
    </div>
  );
}

/** What happened to the answer before. */
function Note({ study }: { study: Study }) {
  const t = usePresence();
  const outcome = study.told?.outcome;
  return (
    <div role="status">
      {(outcome === "wrong" || outcome === "extended") && (
        <p className={outcome === "wrong" ? "note p" : "note v"}>
          <Icon name="info" />
          {t(outcome)}
        </p>
      )}
    </div>
  );
}

function Asked({
  attending: { check },
  reading,
  choices,
  onChange,
}: {
  attending: Attending;
  reading: boolean;
  choices: number[];
  onChange: (choices: number[]) => void;
}) {
  const prompt = usePrompt(check, reading);
  if (check.paused) return null;
  return <Question check={check} prompt={prompt} choices={choices} onChange={onChange} />;
}

function Bold({ of, time }: { of: "stake" | "missed"; time: string }): ReactNode {
  return <Trans i18n={i18n} ns="presence" i18nKey={of} values={{ time }} components={{ b: <b /> }} />;
}

/** What passing confirms and missing costs; or what missing did cost. */
function Stake({ study, paused }: { study: Study; paused: boolean }) {
  const t = usePresence();
  const f = useFormat();
  const of = paused ? "missed" : "stake";
  const seconds = paused ? (study.told?.seconds ?? 0) : study.pendingS;
  return (
    <p className="stake">{seconds >= 1 ? <Bold of={of} time={f.exact(seconds)} /> : t(`${of}Little`)}</p>
  );
}

/** The thanks stay for as long as they take to read. */
const thanksMs = 8000;

function Passed({ study, reporter }: Pick<Props, "study" | "reporter">) {
  const t = usePresence();
  const f = useFormat();
  const passed = study.told?.outcome === "passed";
  useEffect(() => {
    if (!passed) return;
    const timer = setTimeout(() => reporter.dismiss("told"), thanksMs);
    return () => clearTimeout(timer);
  }, [passed, reporter]);
  const seconds = study.told?.seconds ?? 0;
  return (
    <div role="status">
      {passed && (
        <p className="check thanks">
          <Icon name="passed" />
          {seconds >= 1 ? t("passed", { time: f.exact(seconds) }) : t("passedLittle")}
        </p>
      )}
    </div>
  );
}
