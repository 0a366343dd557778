import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { explain } from "../../lib/Failure";
import { useTitle } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { askReset } from "./api";
import { Frame } from "./Frame";
import { useAccounts } from "./messages";

/** Says the same whether there is such an account or not. */
export function ForgotPage() {
  const t = useAccounts();
  const common = useCommon();
  const [email, setEmail] = useState("");
  const [tried, setTried] = useState(false);
  const ask = useMutation({ mutationFn: askReset });
  useTitle(t("forgotTitle"));
  const submit = (e: FormEvent) => {
    e.preventDefault();
    setTried(true);
    if (email.trim()) ask.mutate(email.trim());
  };
  return (
    <Frame title={t("forgotTitle")} aside={<Link to="/sign-in">{t("toSignIn")}</Link>}>
      {ask.isSuccess ? (
        <p className="note v" role="status">
          <Icon name="passed" />
          {t("forgotSent")}
        </p>
      ) : (
        <form className="acc-form" onSubmit={submit} noValidate>
          <p>{t("forgotText")}</p>
          {ask.isError && (
            <p className="note x" role="alert">
              <Icon name="warn" />
              {explain(ask.error, common)}
            </p>
          )}
          <Field
            label={t("email")}
            type="email"
            name="email"
            autoComplete="username"
            maxLength={254}
            value={email}
            onChange={(e) => setEmail(e.target.value)}
            error={tried && !email.trim() ? t("needed") : undefined}
          />
          <button className="btn primary lg block" type="submit" disabled={ask.isPending}>
            {t("forgotSend")}
          </button>
        </form>
      )}
    </Frame>
  );
}
