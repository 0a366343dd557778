import { getRouteApi, Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { codeOf, Problem } from "../../api/problem";
import { explain } from "../../lib/Failure";
import { useTitle } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { PasswordField } from "../../lib/PasswordField";
import { passkeysWork } from "../../lib/passkeys";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { usePasskey, useSignIn } from "./api";
import { Frame } from "./Frame";
import { useAccounts } from "./messages";
import { SecondStep, type Way } from "./SecondStep";

const route = getRouteApi("/learner/sign-in");

export function SignInPage() {
  const t = useAccounts();
  const { to, step } = route.useSearch();
  const navigate = route.useNavigate();
  const signIn = useSignIn(to);
  const half = codeOf(signIn.error) === "second-step" && signIn.error instanceof Problem;
  useTitle(t(half || step ? "stepTitle" : "signIn"));
  if (half || step) {
    // An organisation's sign-in comes back here with the ways in its address.
    const ways = half ? (((signIn.error as Problem).extra.factors ?? []) as Way[]) : (step ?? []);
    const startOver = () => (half ? signIn.reset() : void navigate({ search: { to } }));
    return (
      <Frame title={t("stepTitle")}>
        <SecondStep ways={ways} to={to} onStartOver={startOver} />
      </Frame>
    );
  }
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
      <FirstStep signIn={signIn} to={to} />
      <Link className="btn block acc-org" to="/sign-in/organisation" search={{ to }}>
        {t("withOrganisation")}
      </Link>
    </Frame>
  );
}

function FirstStep({ signIn, to }: { signIn: ReturnType<typeof useSignIn>; to: string | undefined }) {
  const t = useAccounts();
  const common = useCommon();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const passkey = usePasskey(to, false);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    setTried(true);
    passkey.reset();
    if (email.trim() && password) signIn.mutate({ email: email.trim(), password });
  };
  const needed = (value: string) => (tried && !value ? t("needed") : undefined);
  const wrong = passkey.error ?? signIn.error;
  return (
    <form className="acc-form" onSubmit={submit} noValidate>
      {wrong && (
        <p className="note x" role="alert">
          <Icon name="warn" />
          {explain(wrong, common)}
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
        label={t("password")}
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        error={needed(password)}
      />
      <p className="acc-forgot">
        <Link to="/forgot-password">{t("forgot")}</Link>
      </p>
      <button className="btn primary lg block" type="submit" disabled={signIn.isPending}>
        {t("signIn")}
      </button>
      {passkeysWork() && (
        <>
          <p className="acc-or">{t("or")}</p>
          <button
            className="btn lg block"
            type="button"
            disabled={passkey.isPending}
            onClick={() => passkey.mutate()}
          >
            <Icon name="lock" />
            {t("passkeyIn")}
          </button>
        </>
      )}
    </form>
  );
}
