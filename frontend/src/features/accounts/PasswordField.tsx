import { useId, useState } from "react";
import { Icon } from "../../ui/Icon";
import { useAccounts } from "./messages";

interface Props {
  value: string;
  onChange: (value: string) => void;
  autoComplete: "current-password" | "new-password";
  hint?: string;
  error?: string;
}

export function PasswordField({ value, onChange, autoComplete, hint, error }: Props) {
  const t = useAccounts();
  const id = useId();
  const [shown, show] = useState(false);
  const notes = [hint && `${id}h`, error && `${id}e`].filter(Boolean).join(" ");
  return (
    <div className="lf">
      <label htmlFor={id}>{t("password")}</label>
      <span className={error ? "field bad" : "field"}>
        <input
          id={id}
          type={shown ? "text" : "password"}
          name="password"
          value={value}
          onChange={(e) => onChange(e.target.value)}
          autoComplete={autoComplete}
          maxLength={256}
          aria-invalid={error ? true : undefined}
          aria-describedby={notes || undefined}
        />
        <button
          className="icon-btn"
          type="button"
          aria-pressed={shown}
          aria-label={t(shown ? "hide" : "show")}
          onClick={() => show(!shown)}
        >
          <Icon name="eye" />
        </button>
      </span>
      {hint && (
        <p id={`${id}h`} className="lf-h">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}e`} className="lf-e">
          {error}
        </p>
      )}
    </div>
  );
}
