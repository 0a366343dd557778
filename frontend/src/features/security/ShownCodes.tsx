import { useState } from "react";
import { Dialog } from "../../ui/Dialog";
import { useSecurity } from "./messages";

/** Recovery codes, this once: no way past them but to say that they are kept. */
export function ShownCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const t = useSecurity();
  const [copied, setCopied] = useState(false);
  const text = `${codes.join("\n")}\n`;
  return (
    <Dialog title={t("codesTitle")}>
      <p>{t("codesShown")}</p>
      <ol className="sec-codes mono">
        {codes.map((c) => (
          <li key={c}>{c}</li>
        ))}
      </ol>
      <div className="sec-acts end">
        <button
          className="btn"
          type="button"
          onClick={() => void navigator.clipboard?.writeText(text).then(() => setCopied(true))}
        >
          {t(copied ? "codesCopied" : "codesCopy")}
        </button>
        <a
          className="btn"
          download="hourglass-recovery-codes.txt"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
        >
          {t("codesDownload")}
        </a>
        <button className="btn primary" type="button" onClick={onKept}>
          {t("codesKept")}
        </button>
      </div>
    </Dialog>
  );
}
