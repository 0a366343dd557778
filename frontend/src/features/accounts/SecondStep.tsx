import { type FormEvent, useState } from "react";
import { codeOf } from "../../api/problem";
import { explain } from "../../lib/Failure";
import { useCommon } from "../../lib/messages";
import { passkeysWork } from "../../lib/passkeys";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { usePasskey, useSecondStep } from "./api";
import { useAccounts } from "./messages";

export type Way = "passkey" | "totp" | "recovery";
const others = { passkey: "usePasskey", totp: "useTotp", recovery: "useRecovery" } as const;

interface Props {
  ways: Way[];
  to: string | undefined;
  onStartOver: () => void;
}

/** The second half of a sign-in: a code or a passkey, whichever the account has. */
export function SecondStep({ ways: all, to, onStartOver }: Props) {
  const t = useAccounts();
  const ways = all.filter((w) => w !== "passkey" || passkeysWork());
  const [way, setWay] = useState<Way>(ways[0] ?? "recovery");
  return (
    <div className="acc-form">
      <p>{t("stepText")}</p>
      {way === "passkey" ? (
        <ByPasskey to={to} />
      ) : (
        <ByCode key={way} kind={way} to={to} onStartOver={onStartOver} />
      )}
      <div className="acc-ways">
        {ways
          .filter((w) => w !== way)
          .map((w) => (
            <button key={w} className="btn" type="button" onClick={() => setWay(w)}>
              {t(others[w])}
            </button>
          ))}
        <button className="btn quiet" type="button" onClick={onStartOver}>
          {t("startOver")}
        </button>
      </div>
    </div>
  );
}

function ByPasskey({ to }: { to: string | undefined }) {
  const t = useAccounts();
  const common = useCommon();
  const passkey = usePasskey(to, true);
  return (
    <>
      {(passkey.isError || (passkey.isSuccess && !passkey.data)) && (
        <p className="note x" role="alert">
          <Icon name="warn" />
          {passkey.isError ? explain(passkey.error, common) : t("noPasskey")}
        </p>
      )}
      <button
        className="btn primary lg block"
        type="button"
        disabled={passkey.isPending}
        onClick={() => passkey.mutate()}
      >
        {t("stepPasskey")}
      </button>
    </>
  );
}

interface CodeProps {
  kind: "totp" | "recovery";
  to: string | undefined;
  onStartOver: () => void;
}

function ByCode({ kind, to, onStartOver }: CodeProps) {
  const t = useAccounts();
  const common = useCommon();
  const [code, setCode] = useState("");
  const step = useSecondStep(to);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (code.trim()) step.mutate({ kind, code: code.trim() });
  };
  const over = codeOf(step.error) === "step-expired";
  const totp = kind === "totp";
  return (
    <form className="acc-form" onSubmit={submit} noValidate>
      {step.isError && (
        <p className="note x" role="alert">
          <Icon name="warn" />
          {explain(step.error, common)}
        </p>
      )}
      <Field
        label={t(totp ? "stepTotp" : "stepRecovery")}
        hint={t(totp ? "stepTotpHint" : "stepRecoveryHint")}
        name="code"
        autoComplete="one-time-code"
        inputMode={totp ? "numeric" : "text"}
        autoCapitalize="none"
        spellCheck={false}
        maxLength={40}
        value={code}
        onChange={(e) => setCode(e.target.value)}
      />
      {over ? (
        <button className="btn primary lg block" type="button" onClick={onStartOver}>
          {t("startOver")}
        </button>
      ) : (
        <button className="btn primary lg block" type="submit" disabled={step.isPending || !code.trim()}>
          {t("continue")}
        </button>
      )}
    </form>
  );
}
