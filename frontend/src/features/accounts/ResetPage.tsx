import { getRouteApi, Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { codeOf, refusedField } from "../../api/problem";
import { explain } from "../../lib/Failure";
import { useTitle } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { PasswordField } from "../../lib/PasswordField";
import { Icon } from "../../ui/Icon";
import { useReset } from "./api";
import { Frame } from "./Frame";
import { useAccounts } from "./messages";
import { minPassword } from "./model";

const route = getRouteApi("/learner/reset-password");

/** Where the mailed link leads: a new password, once. */
export function ResetPage() {
  const t = useAccounts();
  const { token } = route.useSearch();
  const reset = useReset();
  useTitle(t("resetTitle"));
  if (!token || codeOf(reset.error) === "link-spent") return <BadLink again="/forgot-password" />;
  if (reset.isSuccess) {
    return (
      <Frame title={t("resetTitle")}>
        <div className="acc-form">
          <p className="note v" role="status">
            <Icon name="passed" />
            {t("resetDone")}
          </p>
          <Link className="btn primary lg block" to="/sign-in">
            {t("signIn")}
          </Link>
        </div>
      </Frame>
    );
  }
  return (
    <Frame title={t("resetTitle")}>
      <ResetForm token={token} reset={reset} />
    </Frame>
  );
}

function ResetForm({ token, reset }: { token: string; reset: ReturnType<typeof useReset> }) {
  const t = useAccounts();
  const common = useCommon();
  const [password, setPassword] = useState("");
  const refused = refusedField(reset.error, "body.password") && reset.variables?.password === password;
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (password) reset.mutate({ token, password });
  };
  const problem = [...password].length < minPassword ? "short" : "guessable";
  return (
    <form className="acc-form" onSubmit={submit} noValidate>
      <p>{t("resetNote")}</p>
      {reset.isError && !refusedField(reset.error, "body.password") && (
        <p className="note x" role="alert">
          <Icon name="warn" />
          {explain(reset.error, common)}
        </p>
      )}
      <PasswordField
        label={t("newPassword")}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        hint={t("passwordHint")}
        error={refused ? t(problem) : undefined}
      />
      <button className="btn primary lg block" type="submit" disabled={reset.isPending || !password}>
        {t("resetSave")}
      </button>
    </form>
  );
}

/** A mailed link that does not hold, and where to get another. */
export function BadLink({ again }: { again: "/forgot-password" | "/settings/security" }) {
  const t = useAccounts();
  return (
    <Frame title={t("linkBad")}>
      <div className="acc-form">
        <p role="alert">{t("linkBadText")}</p>
        <Link className="btn primary lg block" to={again}>
          {t("linkNew")}
        </Link>
      </div>
    </Frame>
  );
}
