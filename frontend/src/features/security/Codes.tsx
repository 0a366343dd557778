import { useState } from "react";
import { Ask } from "./Ask";
import { renewCodes } from "./api";
import { useSecurity } from "./messages";
import { ShownCodes } from "./ShownCodes";
import { useGuarded, Wrong } from "./useGuarded";

export function Codes({ left, any }: { left: number; any: boolean }) {
  const t = useSecurity();
  const [asking, ask] = useState(false);
  const renew = useGuarded((_: undefined) => renewCodes());
  return (
    <div className="sec-part">
      <div className="sec-head">
        <div>
          <h3>{t("codes")}</h3>
          <p className="muted small">{t("codesWhy")}</p>
          <p className="muted small">{any ? t("codesLeft", { count: left }) : t("codesNone")}</p>
        </div>
        {any && (
          <button className="btn" type="button" disabled={renew.isPending} onClick={() => ask(true)}>
            {t("codesRenew")}
          </button>
        )}
      </div>
      <Wrong error={renew.error} />
      {renew.data && <ShownCodes codes={renew.data.recovery_codes} onKept={renew.reset} />}
      {asking && (
        <Ask
          title={t("codesRenewAsk")}
          text={t("codesRenewWhat")}
          act={t("codesRenew")}
          onClose={() => ask(false)}
          onAct={() => renew.mutate(undefined)}
        />
      )}
      {renew.dialog}
    </div>
  );
}
