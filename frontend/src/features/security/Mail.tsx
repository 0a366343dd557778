import { type FormEvent, useState } from "react";
import type { Schemas } from "../../api/client";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { changeMail, sendVerification } from "./api";
import { useSecurity } from "./messages";
import { Right, useGuarded, Wrong } from "./useGuarded";

export function Mail({ me }: { me: Schemas["Me"] }) {
  const t = useSecurity();
  const [open, setOpen] = useState(false);
  const [email, setEmail] = useState("");
  const send = useGuarded((_: undefined) => sendVerification());
  const change = useGuarded(changeMail, () => setOpen(false));
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (email.trim()) change.mutate(email.trim());
  };
  const told = change.isSuccess ? change.variables : send.isSuccess ? me.email : undefined;
  return (
    <section className="card" aria-labelledby="sec-mail">
      <h2 id="sec-mail">{t("mail")}</h2>
      <p className="muted">{t("mailWhy")}</p>
      <p className="sec-what">
        <b>{me.email}</b>
        <span className={me.mail_verified ? "sec-ok" : "sec-open"}>
          <Icon name={me.mail_verified ? "passed" : "warn"} size="s" />
          {t(me.mail_verified ? "verified" : "unverified")}
        </span>
      </p>
      {told && <Right>{t("sent", { email: told })}</Right>}
      <Wrong error={send.error} />
      {open ? (
        <form className="sec-form" onSubmit={submit} noValidate>
          <Field
            label={t("newMail")}
            hint={t("newMailHint")}
            type="email"
            autoComplete="email"
            maxLength={254}
            value={email}
            onChange={(e) => setEmail(e.target.value)}
          />
          <Wrong error={change.error} />
          <div className="sec-acts">
            <button className="btn primary" type="submit" disabled={change.isPending || !email.trim()}>
              {t("sendLink")}
            </button>
          </div>
        </form>
      ) : (
        <div className="sec-acts">
          {!me.mail_verified && (
            <button
              className="btn"
              type="button"
              disabled={send.isPending}
              onClick={() => send.mutate(undefined)}
            >
              {t("sendAgain")}
            </button>
          )}
          <button
            className="btn"
            type="button"
            onClick={() => {
              setEmail("");
              setOpen(true);
            }}
          >
            {t("changeMail")}
          </button>
        </div>
      )}
      {change.dialog}
    </section>
  );
}
