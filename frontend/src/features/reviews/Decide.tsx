import { useId, useState } from "react";
import type { Schemas } from "../../api/client";
import { readHours, stepHours } from "../../lib/creditHours";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { withSentence } from "../../lib/queue/model";
import { Dialog } from "../../ui/Dialog";
import "../../ui/forms.css";
import { useDecide } from "./api";
import { useReviews } from "./messages";

function Hours({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const t = useReviews();
  const id = useId();
  const wrong = readHours(text) === undefined;
  const step = (quarters: number) => onChange(String(stepHours(readHours(text) ?? 0, quarters)));
  return (
    <div className="hrs">
      <label className="l" htmlFor={id}>
        {t("granted")}
      </label>
      <span className={wrong ? "step bad" : "step"}>
        <button type="button" aria-label={t("less")} onClick={() => step(-1)}>
          −
        </button>
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          aria-invalid={wrong || undefined}
          aria-describedby={wrong ? `${id}e` : undefined}
          onChange={(e) => onChange(e.target.value)}
          onKeyDown={(e) => {
            const quarters = e.key === "ArrowUp" ? 1 : e.key === "ArrowDown" ? -1 : 0;
            if (!quarters) return;
            e.preventDefault();
            step(quarters);
          }}
        />
        <button type="button" aria-label={t("more")} onClick={() => step(1)}>
          +
        </button>
      </span>
      {wrong && (
        <span id={`${id}e`} className="lf-e">
          {t("hoursWrong")}
        </span>
      )}
    </div>
  );
}

const sentences = ["video", "quiz", "hours"] as const;

interface ReasonProps {
  text: string;
  missing: boolean;
  onChange: (text: string) => void;
}

function Reason({ text, missing, onChange }: ReasonProps) {
  const t = useReviews();
  return (
    <div className="why">
      <label className="l" htmlFor="reason">
        {t("reason")}
      </label>
      <span className={missing ? "field bad area" : "field area"}>
        <textarea
          id="reason"
          rows={1}
          maxLength={2000}
          value={text}
          placeholder={t("reasonHint")}
          aria-invalid={missing || undefined}
          aria-describedby={missing ? "reason-e" : undefined}
          onChange={(e) => onChange(e.target.value)}
        />
      </span>
      {missing && (
        <p id="reason-e" className="lf-e" role="alert">
          {t("reasonNeeded")}
        </p>
      )}
      <div className="qr-s">
        {sentences.map((s) => (
          <button key={s} type="button" onClick={() => onChange(withSentence(text, t(`sentence.${s}`)))}>
            {t(`sentence.${s}`)}
          </button>
        ))}
      </div>
    </div>
  );
}

/** A then Enter is the whole decision. React keeps the attribute to itself, which the dialog looks for. */
const firstFocus = (button: HTMLButtonElement | null) => button?.setAttribute("autofocus", "");

interface Props {
  review: Schemas["ReviewDetail"];
  keys: boolean;
  onDone: () => void;
}

/** The decision: approve with hours, which publishes at once, or return with a reason. */
export function Decide({ review, keys, onDone }: Props) {
  const t = useReviews();
  const common = useCommon();
  const f = useFormat();
  const decide = useDecide(review.version_id, onDone);
  const [hours, setHours] = useState(String(review.proposed_hours ?? 1));
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const [sure, ask] = useState(false);
  const granted = readHours(hours);
  const back = () => {
    setTried(true);
    if (reason.trim() === "") document.getElementById("reason")?.focus();
    else decide.mutate({ decision: "return", reason });
  };
  const approve = () => {
    ask(false);
    decide.mutate({ decision: "approve", hours: granted, ...(reason.trim() ? { reason } : {}) });
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
      <div className="bar-in">
        <Reason text={reason} missing={tried && reason.trim() === ""} onChange={setReason} />
        <Hours text={hours} onChange={setHours} />
      </div>
      <div className="dec">
        <button className="btn" type="button" disabled={decide.isPending} onClick={back}>
          {t("return")}
          {key("R")}
        </button>
        <button
          className="btn primary"
          id="approve"
          type="button"
          disabled={decide.isPending || granted === undefined}
          onClick={() => ask(true)}
        >
          {t("approve")}
          {key("A")}
        </button>
      </div>
      {sure && (
        <Dialog title={t("approveTitle", { n: f.number(granted ?? 0) })} onClose={() => ask(false)}>
          <p>{t("approveText", { title: f.text(review.title) })}</p>
          <div className="acts">
            <button className="btn" type="button" onClick={() => ask(false)}>
              {common("cancel")}
            </button>
            <button className="btn primary" type="button" ref={firstFocus} onClick={approve}>
              {t("approveSure")}
            </button>
          </div>
        </Dialog>
      )}
    </fieldset>
  );
}
