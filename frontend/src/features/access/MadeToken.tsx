import { useState } from "react";
import { Icon } from "../../ui/Icon";
import type { Made } from "./api";
import { useAccess } from "./messages";

/** The token itself, this once. */
export function MadeToken({ made, onDone }: { made: Made; onDone: () => void }) {
  const t = useAccess();
  const [copied, setCopied] = useState(false);
  return (
    <div className="acs-made" role="status">
      <p>
        <b>{t("made", { name: made.name })}</b>
      </p>
      <p className="small">{t("once")}</p>
      <div className="acs-token">
        <input
          className="mono"
          readOnly
          value={made.token}
          aria-label={t("token")}
          onFocus={(e) => e.target.select()}
        />
        <button
          className="btn sm"
          type="button"
          onClick={() => void navigator.clipboard?.writeText(made.token).then(() => setCopied(true))}
        >
          <Icon name={copied ? "check" : "file"} size="s" />
          {t(copied ? "copied" : "copy")}
        </button>
      </div>
      <button className="btn primary sm" type="button" onClick={onDone}>
        {t("done")}
      </button>
    </div>
  );
}
