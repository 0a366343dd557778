import { useId, useState } from "react";
import type { Schemas } from "../../api/client";
import { explain } from "../../lib/Failure";
import { useCommon } from "../../lib/messages";
import { withSentence } from "../../lib/queue/model";
import "../../ui/forms.css";
import { useDecide } from "./api";
import { useIntegrity } from "./messages";

const sentences = ["explained", "course", "confirmed"] as const;

interface Props {
  flag: Schemas["FlagDetail"];
  keys: boolean;
  onDone: () => void;
}

/** The decision, which wants a reason either way. It changes no credit. */
export function Decide({ flag, keys, onDone }: Props) {
  const t = useIntegrity();
  const common = useCommon();
  const id = useId();
  const decide = useDecide(flag.id, onDone);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const missing = tried && reason.trim() === "";
  const as = (decision: "uphold" | "dismiss") => () => {
    setTried(true);
    if (reason.trim() === "") document.getElementById("reason")?.focus();
    else decide.mutate({ decision, reason });
  };
  const key = (k: string) =>
    keys && (
      <span className="kbd" aria-hidden="true">
        {k}
      </span>
    );
  return (
    <fieldset className="bar" aria-label={t("decide")}>
      {decide.isError && (
        <p className="note x" role="alert">
          {explain(decide.error, common)}
        </p>
      )}
      <div className="why">
        <label className="l" htmlFor="reason">
          {t("reason")}
        </label>
        <span className={missing ? "field bad area" : "field area"}>
          <textarea
            id="reason"
            rows={1}
            maxLength={2000}
            value={reason}
            aria-invalid={missing || undefined}
            aria-describedby={missing ? `${id}e` : undefined}
            onChange={(e) => setReason(e.target.value)}
          />
        </span>
        {missing && (
          <p id={`${id}e`} className="lf-e" role="alert">
            {t("reasonNeeded")}
          </p>
        )}
        <div className="qr-s">
          {sentences.map((s) => (
            <button
              key={s}
              type="button"
              onClick={() => setReason((old) => withSentence(old, t(`sentence.${s}`)))}
            >
              {t(`sentence.${s}`)}
            </button>
          ))}
        </div>
      </div>
      <div className="dec">
        <button className="btn" id="uphold" type="button" disabled={decide.isPending} onClick={as("uphold")}>
          {t("uphold")}
          {key("U")}
        </button>
        <button
          className="btn primary"
          id="dismiss"
          type="button"
          disabled={decide.isPending}
          onClick={as("dismiss")}
        >
          {t("dismiss")}
          {key("D")}
        </button>
      </div>
    </fieldset>
  );
}
