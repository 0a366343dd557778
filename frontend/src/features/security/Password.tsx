import { type FormEvent, useState } from "react";
import { codeOf, refusedField } from "../../api/problem";
import { explain } from "../../lib/Failure";
import { useCommon } from "../../lib/messages";
import { PasswordField } from "../../lib/PasswordField";
import { changePassword } from "./api";
import { useSecurity } from "./messages";
import { Right, useGuarded, Wrong } from "./useGuarded";

export function Password({ secondFactor }: { secondFactor: boolean }) {
  const t = useSecurity();
  const [open, setOpen] = useState(false);
  return (
    <section className="card" aria-labelledby="sec-password">
      <h2 id="sec-password">{t("password")}</h2>
      <p className="muted">{t("passwordWhy")}</p>
      {open ? (
        <Form rule={t(secondFactor ? "beside" : "alone")} />
      ) : (
        <div className="sec-acts">
          <button className="btn" type="button" onClick={() => setOpen(true)}>
            {t("changePassword")}
          </button>
        </div>
      )}
    </section>
  );
}

function Form({ rule }: { rule: string }) {
  const t = useSecurity();
  const common = useCommon();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const change = useGuarded(changePassword);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (current && password) change.mutate({ current, password });
  };
  if (change.isSuccess) return <Right>{t("passwordSaved")}</Right>;
  const wrong = codeOf(change.error) === "wrong-password";
  const refused = refusedField(change.error, "body.password");
  return (
    <form className="sec-form" onSubmit={submit} noValidate>
      <PasswordField
        label={t("current")}
        value={current}
        onChange={setCurrent}
        autoComplete="current-password"
        error={wrong ? explain(change.error, common) : undefined}
      />
      <PasswordField
        label={t("newPassword")}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        hint={rule}
        error={refused ? t("refused", { rule }) : undefined}
      />
      {!wrong && !refused && <Wrong error={change.error} />}
      <div className="sec-acts">
        <button className="btn primary" type="submit" disabled={change.isPending || !current || !password}>
          {t("save")}
        </button>
      </div>
    </form>
  );
}
