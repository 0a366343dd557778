import { Trans } from "react-i18next";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useNow } from "../../lib/hooks";
import { i18n } from "../../lib/i18n";
import { useCommon } from "../../lib/messages";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { secondsOf } from "./kept/kept";
import { usePlayer } from "./messages";
import type { Reporter } from "./reporter";
import type { Study } from "./study";

interface BandProps {
  study: Study;
  reporter: Reporter;
  /** How far the picture can go on without a line, in seconds. */
  playableTo?: number;
}

/** Band over the stage: no answer for now, what is safe, when it tries again; or that it is catching up. */
export function LineBand(props: BandProps) {
  const { kind } = props.study.status;
  if (kind === "offline") return <Offline {...props} />;
  return kind === "catching-up" ? <CatchingUp study={props.study} /> : null;
}

function CatchingUp({ study }: { study: Study }) {
  const f = useFormat();
  const time = f.exact(secondsOf(study.waiting));
  return (
    <div className="ban up">
      <Icon name="passed" />
      <span className="grow" role="status">
        <Trans i18n={i18n} ns="player" i18nKey="catchingUp" values={{ time }} components={{ b: <b /> }} />
      </span>
    </div>
  );
}

function Offline({ study, reporter, playableTo }: BandProps) {
  const t = usePlayer();
  const f = useFormat();
  const now = useNow(500);
  if (study.status.kind !== "offline") return null;
  const seconds = Math.max(0, Math.ceil((study.status.retryAt - now) / 1000));
  const since = f.date(study.status.since, "time");
  const key = study.confirmedAt === null ? "offlineOpening" : "offline";
  return (
    <div className="ban">
      <Icon name="offline" />
      <span className="grow">
        <span role="status">
          <Trans i18n={i18n} ns="player" i18nKey={key} values={{ since }} components={{ b: <b /> }} />
        </span>
        {playableTo !== undefined && <span> {t("offlineTo", { to: f.clock(playableTo) })}</span>}
      </span>
      <span className="num t">{t("retryIn", { seconds })}</span>
      <button type="button" onClick={() => reporter.retryNow()}>
        {t("retryNow")}
      </button>
    </div>
  );
}

/** Over the picture: who counts now, what is kept, and the way back. */
export function Veil({
  study,
  reporter,
  waitingHere,
}: {
  study: Study;
  reporter: Reporter;
  waitingHere: boolean;
}) {
  const t = usePlayer();
  const common = useCommon();
  const f = useFormat();
  const kind = study.status.kind;
  if (kind === "failed" && study.status.kind === "failed") {
    return (
      <div className="veil" role="alert">
        <div>
          <Icon name="warn" size="l" />
          <h2>{t("failedTitle")}</h2>
          <p>{explain(study.status.error, common)}</p>
          <button className="btn primary" type="button" onClick={() => void reporter.open()}>
            {common("retry")}
          </button>
        </div>
      </div>
    );
  }
  if (kind !== "fenced" && !waitingHere) return null;
  const fenced = (device: string) => {
    const verified = f.clock(study.verifiedS);
    return device ? t("fencedTextBy", { device, verified }) : t("fencedText", { verified });
  };
  return (
    <div className="veil" role="status">
      <div>
        <Icon name="device" size="l" />
        <h2>{t(kind === "fenced" ? "fencedTitle" : "waitingTitle")}</h2>
        <p>{study.status.kind === "fenced" ? fenced(study.status.device) : t("waitingText")}</p>
        <button className="btn primary" type="button" onClick={() => void reporter.open(true)}>
          <Icon name="rewind" />
          {t("bringBack")}
        </button>
      </div>
    </div>
  );
}

/** What could not be counted, and why, until it has been read. */
export function Dropped({ study, reporter }: { study: Study; reporter: Reporter }) {
  const t = usePlayer();
  const f = useFormat();
  const { dropped } = study;
  return (
    // The region is there before there is something to say, so that it is said.
    <div role="status" className="body-n">
      {dropped && (
        <p className="note p">
          <Icon name="info" />
          <span className="grow">{t(`dropped.${dropped.why}`, { time: f.exact(dropped.seconds) })}</span>
          <button className="btn sm" type="button" onClick={() => reporter.dismiss("dropped")}>
            {t("understood")}
          </button>
        </p>
      )}
    </div>
  );
}

export function TakeOver({
  device,
  anotherTab,
  onTake,
  onLeave,
}: {
  device: string;
  /** It is in this very browser. */
  anotherTab: boolean;
  onTake: () => void;
  onLeave: () => void;
}) {
  const t = usePlayer();
  const elsewhere = device ? t("heldText", { device }) : t("heldTextUnknown");
  return (
    <Dialog title={t(anotherTab ? "heldTitleTab" : "heldTitle")} onClose={onLeave}>
      <p>{anotherTab ? t("heldTextTab") : elsewhere}</p>
      <div className="acts">
        <button className="btn" type="button" onClick={onLeave}>
          {t("notNow")}
        </button>
        <button className="btn primary" type="button" onClick={onTake}>
          {t("takeOver")}
        </button>
      </div>
    </Dialog>
  );
}

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const t = usePlayer();
  const rows = [
    [["Space", "K"], t("key.space")],
    [["J", "L"], t("key.jl")],
    [["←", "→"], t("key.arrows")],
    [["<", ">"], t("key.speed")],
    [["C"], t("key.c")],
    [["M"], t("key.m")],
    [["F"], t("key.f")],
    [["P"], t("key.p")],
    [["N"], t("key.n")],
    [["?"], t("key.help")],
  ] as const;
  return <KeysDialog title={t("shortcutsTitle")} rows={rows} onClose={onClose} />;
}

interface KeysProps {
  title: string;
  /** Keys, and what they do. */
  rows: readonly (readonly [readonly string[], string])[];
  onClose: () => void;
}

export function KeysDialog({ title, rows, onClose }: KeysProps) {
  const common = useCommon();
  return (
    <Dialog title={title} onClose={onClose}>
      <dl className="keys-l">
        {rows.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.map((k) => (
                <kbd className="kbd" key={k}>
                  {k}
                </kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <div className="acts">
        <button className="btn" type="button" onClick={onClose}>
          {common("close")}
        </button>
      </div>
    </Dialog>
  );
}
