import { getRouteApi, Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { codeOf, refusedField } from "../../api/problem";
import { explain } from "../../lib/Failure";
import { useTitle } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { PasswordField } from "../../lib/PasswordField";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { useSignUp } from "./api";
import { Frame } from "./Frame";
import { useAccounts } from "./messages";
import { checkSignUp, type SignUpForm } from "./model";

const route = getRouteApi("/learner/sign-up");

export function SignUpPage() {
  const t = useAccounts();
  const common = useCommon();
  const { to } = route.useSearch();
  const [form, setForm] = useState<SignUpForm>({ name: "", email: "", password: "" });
  const [tried, setTried] = useState(false);
  const signUp = useSignUp(to);
  useTitle(t("signUp"));
  const problems = tried ? checkSignUp(form) : {};
  const say = (key: keyof SignUpForm) => problems[key] && t(problems[key]);
  const taken = codeOf(signUp.error) === "email-taken" && signUp.variables?.email === form.email.trim();
  const guessable =
    refusedField(signUp.error, "body.password") && signUp.variables?.password === form.password;
  const submit = (e: FormEvent) => {
    e.preventDefault();
    setTried(true);
    if (Object.keys(checkSignUp(form)).length === 0) {
      signUp.mutate({ name: form.name.trim(), email: form.email.trim(), password: form.password });
    }
  };
  return (
    <Frame
      title={t("signUp")}
      aside={
        <>
          {t("haveAccount")}{" "}
          <Link to="/sign-in" search={{ to }}>
            {t("signIn")}
          </Link>
        </>
      }
    >
      <form className="acc-form" onSubmit={submit} noValidate>
        {signUp.isError && !taken && !guessable && (
          <p className="note x" role="alert">
            <Icon name="warn" />
            {explain(signUp.error, common)}
          </p>
        )}
        <Field
          label={t("name")}
          name="name"
          autoComplete="name"
          maxLength={100}
          hint={t("nameHint")}
          value={form.name}
          onChange={(e) => setForm({ ...form, name: e.target.value })}
          error={say("name")}
        />
        <Field
          label={t("email")}
          type="email"
          name="email"
          autoComplete="email"
          maxLength={254}
          value={form.email}
          onChange={(e) => setForm({ ...form, email: e.target.value })}
          error={taken ? t("taken") : say("email")}
        />
        <PasswordField
          label={t("password")}
          value={form.password}
          onChange={(password) => setForm({ ...form, password })}
          autoComplete="new-password"
          hint={t("passwordHint")}
          error={say("password") ?? (guessable ? t("guessable") : undefined)}
        />
        <button className="btn primary lg block" type="submit" disabled={signUp.isPending}>
          {t("signUp")}
        </button>
      </form>
    </Frame>
  );
}
