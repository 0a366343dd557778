import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useId, useState } from "react";
import { Icon } from "../../ui/Icon";
import { useCertificates } from "./messages";
import { readSerial } from "./serial";

/** Takes a number as it stands on paper; slips are found before anything is asked. */
export function SerialForm({ label }: { label: string }) {
  const t = useCertificates();
  const navigate = useNavigate();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const serial = readSerial(typed);
    setWrong(serial === null);
    if (serial) void navigate({ to: "/verify/$serial", params: { serial } });
  };
  return (
    <form className="ser" onSubmit={submit} noValidate>
      <label htmlFor={id}>{label}</label>
      <div className="ser-r">
        <span className={wrong ? "field bad" : "field"}>
          <Icon name="search" />
          <input
            id={id}
            className="mono"
            value={typed}
            placeholder="HG-2026-XXXX-XXXX-X"
            autoCapitalize="characters"
            autoComplete="off"
            spellCheck={false}
            maxLength={40}
            aria-invalid={wrong || undefined}
            aria-describedby={wrong ? `${id}e` : undefined}
            onChange={(e) => {
              setTyped(e.target.value);
              setWrong(false);
            }}
          />
        </span>
        <button className="btn primary" type="submit">
          {t("check")}
        </button>
      </div>
      {wrong && (
        <p id={`${id}e`} className="lf-e" role="alert">
          {t("badSerial")}
        </p>
      )}
    </form>
  );
}
