import { useState } from "react";
import { Icon } from "../ui/Icon";
import { Labelled } from "../ui/Labelled";
import { useCommon } from "./messages";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  autoComplete: "current-password" | "new-password";
  hint?: string;
  error?: string;
}

/** A password that can be looked at while it is typed. */
export function PasswordField({ label, value, onChange, autoComplete, hint, error }: Props) {
  const t = useCommon();
  const [shown, show] = useState(false);
  return (
    <Labelled label={label} hint={hint} error={error}>
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
            aria-label={t(shown ? "hidePassword" : "showPassword")}
            onClick={() => show(!shown)}
          >
            <Icon name="eye" />
          </button>
        </>
      )}
    </Labelled>
  );
}
