import { Trans } from "react-i18next";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useNow } from "../../lib/hooks";
import { i18n } from "../../lib/i18n";
import { useCommon } from "../../lib/messages";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { usePlayer } from "./messages";
import type { Reporter, Study } from "./reporter";

/** Amber band: no answer for now, what is safe, and when it tries again. */
export function OfflineBand({ study, reporter }: { study: Study; reporter: Reporter }) {
  const t = usePlayer();
  const now = useNow(500);
  if (study.status.kind !== "offline") return null;
  const seconds = Math.max(0, Math.ceil((study.status.retryAt - now) / 1000));
  return (
    <div className="ban">
      <Icon name="offline" />
      <span className="grow" role="status">
        <Trans i18n={i18n} ns="player" i18nKey="offline" components={{ b: <b /> }} />
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
  return (
    <div className="veil" role="status">
      <div>
        <Icon name="device" size="l" />
        <h2>{t(kind === "fenced" ? "fencedTitle" : "waitingTitle")}</h2>
        <p>
          {kind === "fenced" ? t("fencedText", { verified: f.clock(study.verifiedS) }) : t("waitingText")}
        </p>
        <button className="btn primary" type="button" onClick={() => void reporter.open(true)}>
          <Icon name="rewind" />
          {t("bringBack")}
        </button>
      </div>
    </div>
  );
}

export function TakeOver({
  device,
  onTake,
  onLeave,
}: {
  device: string;
  onTake: () => void;
  onLeave: () => void;
}) {
  const t = usePlayer();
  return (
    <Dialog title={t("heldTitle")} onClose={onLeave}>
      <p>{device ? t("heldText", { device }) : t("heldTextUnknown")}</p>
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
  const common = useCommon();
  const rows = [
    [["Space", "K"], t("key.space")],
    [["J", "L"], t("key.jl")],
    [["←", "→"], t("key.arrows")],
    [["<", ">"], t("key.speed")],
    [["C"], t("key.c")],
    [["M"], t("key.m")],
    [["F"], t("key.f")],
    [["P"], t("key.p")],
    [["?"], t("key.help")],
  ] as const;
  return (
    <Dialog title={t("shortcutsTitle")} onClose={onClose}>
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
