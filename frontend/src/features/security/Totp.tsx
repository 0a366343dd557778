import { type FormEvent, useState } from "react";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { Field } from "../../ui/Field";
import { Ask } from "./Ask";
import { beginTotp, confirmTotp, removeTotp } from "./api";
import { useSecurity } from "./messages";
import { ShownCodes } from "./ShownCodes";
import { useGuarded, Wrong } from "./useGuarded";

export function Totp({ since }: { since: string | undefined }) {
  const t = useSecurity();
  const f = useFormat();
  const [asking, ask] = useState(false);
  const [codes, setCodes] = useState<string[]>([]);
  const begin = useGuarded((_: undefined) => beginTotp());
  const remove = useGuarded((_: undefined) => removeTotp());
  return (
    <div className="sec-part">
      <div className="sec-head">
        <div>
          <h3>{t("totp")}</h3>
          <p className="muted small">{since ? t("totpSince", { date: f.date(since) }) : t("totpWhy")}</p>
        </div>
        {since ? (
          <button className="btn" type="button" disabled={remove.isPending} onClick={() => ask(true)}>
            {t("remove")}
          </button>
        ) : (
          !begin.data && (
            <button
              className="btn"
              type="button"
              disabled={begin.isPending}
              onClick={() => begin.mutate(undefined)}
            >
              {t("setUp")}
            </button>
          )
        )}
      </div>
      <Wrong error={begin.error ?? remove.error} />
      {begin.data && !since && (
        <SetUp
          of={begin.data}
          onDone={(got) => {
            setCodes(got);
            begin.reset();
          }}
        />
      )}
      {codes.length > 0 && <ShownCodes codes={codes} onKept={() => setCodes([])} />}
      {asking && (
        <Ask
          title={t("totpRemoveAsk")}
          text={t("removeWhat")}
          act={t("remove")}
          onClose={() => ask(false)}
          onAct={() => remove.mutate(undefined)}
        />
      )}
      {begin.dialog}
      {remove.dialog}
    </div>
  );
}

function SetUp({ of, onDone }: { of: Schemas["TOTPSetUp"]; onDone: (codes: string[]) => void }) {
  const t = useSecurity();
  const [code, setCode] = useState("");
  const confirm = useGuarded(confirmTotp, (answer) => onDone(answer.recovery_codes));
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (code.trim()) confirm.mutate(code.trim());
  };
  const size = of.qr.size + 8; // four modules of quiet zone on each side
  return (
    <form className="sec-form" onSubmit={submit} noValidate>
      <div className="sec-scan">
        <svg
          viewBox={`-4 -4 ${size} ${size}`}
          role="img"
          aria-label={t("totpQr")}
          shapeRendering="crispEdges"
        >
          <path d={`M-4-4h${size}v${size}h-${size}z`} fill="#fff" />
          <path d={of.qr.path} fill="#000" />
        </svg>
        <div>
          <p>{t("totpScan")}</p>
          <p className="muted small">{t("totpKey")}</p>
          <p className="mono sec-key" data-testid="totp-key">
            {of.secret.replace(/(.{4})(?=.)/g, "$1 ")}
          </p>
          <p className="small">
            <a href={of.address}>{t("totpOpen")}</a>
          </p>
        </div>
      </div>
      <Field
        label={t("totpCode")}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={12}
        value={code}
        onChange={(e) => setCode(e.target.value)}
      />
      <Wrong error={confirm.error} />
      <div className="sec-acts">
        <button className="btn primary" type="submit" disabled={confirm.isPending || !code.trim()}>
          {t("totpConfirm")}
        </button>
      </div>
      {confirm.dialog}
    </form>
  );
}
