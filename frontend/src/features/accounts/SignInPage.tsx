import { getRouteApi, Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { explain } from "../../lib/Failure";
import { useTitle } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { useSignIn } from "./api";
import { Frame } from "./Frame";
import { useAccounts } from "./messages";
import { PasswordField } from "./PasswordField";

const route = getRouteApi("/learner/sign-in");

export function SignInPage() {
  const t = useAccounts();
  const common = useCommon();
  const { to } = route.useSearch();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const signIn = useSignIn(to);
  useTitle(t("signIn"));
  const submit = (e: FormEvent) => {
    e.preventDefault();
    setTried(true);
    if (email.trim() && password) signIn.mutate({ email: email.trim(), password });
  };
  const needed = (value: string) => (tried && !value ? t("needed") : undefined);
  return (
    <Frame
      title={t("signIn")}
      aside={
        <>
          {t("noAccount")}{" "}
          <Link to="/sign-up" search={{ to }}>
            {t("signUp")}
          </Link>
        </>
      }
    >
      <form className="acc-form" onSubmit={submit} noValidate>
        {signIn.isError && (
          <p className="note x" role="alert">
            <Icon name="warn" />
            {explain(signIn.error, common)}
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
          error={needed(email.trim())}
        />
        <PasswordField
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          error={needed(password)}
        />
        <button className="btn primary lg block" type="submit" disabled={signIn.isPending}>
          {t("signIn")}
        </button>
        <Link className="btn block" to="/sign-in/organisation" search={{ to }}>
          {t("withOrganisation")}
        </Link>
      </form>
    </Frame>
  );
}
