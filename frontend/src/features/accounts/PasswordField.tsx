import { useState } from "react";
import { Icon } from "../../ui/Icon";
import { Labelled } from "../../ui/Labelled";
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
  const [shown, show] = useState(false);
  return (
    <Labelled label={t("password")} hint={hint} error={error}>
      {(ties) => (
        <>
          <input
            type={shown ? "text" : "password"}
            name="password"
            value={value}
            onChange={(e) => onChange(e.target.value)}
            autoComplete={autoComplete}
            maxLength={256}
            {...ties}
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
        </>
      )}
    </Labelled>
  );
}
