import { useId, useState } from "react";
import type { Schemas } from "../../api/client";
import { readHours, stepHours } from "../../lib/creditHours";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Decision, useReason } from "../../lib/queue/Decision";
import type { At } from "../../lib/queue/Opened";
import { Dialog } from "../../ui/Dialog";
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

/** A then Enter is the whole decision. React keeps the attribute to itself, which the dialog looks for. */
const firstFocus = (button: HTMLButtonElement | null) => button?.setAttribute("autofocus", "");

/** The decision: approve with hours, which publishes at once, or return with a reason. */
export function Decide({ review, at }: { review: Schemas["ReviewDetail"]; at: At }) {
  const t = useReviews();
  const common = useCommon();
  const f = useFormat();
  const decide = useDecide(review.version_id, at.onDone);
  const [hours, setHours] = useState(String(review.proposed_hours ?? 1));
  const reason = useReason();
  const [sure, ask] = useState(false);
  const granted = readHours(hours);
  const approve = () => {
    ask(false);
    decide.mutate({
      decision: "approve",
      hours: granted,
      ...(reason.text.trim() ? { reason: reason.text } : {}),
    });
  };
  return (
    <Decision
      reason={reason}
      label={t("reason")}
      hint={t("reasonHint")}
      missing={t("reasonNeeded")}
      sentences={sentences.map((s) => t(`sentence.${s}`))}
      beside={<Hours text={hours} onChange={setHours} />}
      keys={at.keys}
      decide={decide}
      choices={[
        {
          key: "R",
          words: t("return"),
          onPress: reason.needed((reason) => decide.mutate({ decision: "return", reason })),
        },
        {
          id: "approve",
          key: "A",
          words: t("approve"),
          primary: true,
          disabled: granted === undefined,
          onPress: () => ask(true),
        },
      ]}
    >
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
    </Decision>
  );
}
