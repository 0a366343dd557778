import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Problem } from "../../api/problem";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Area } from "../../ui/Area";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import { consentQuery, type Kind, kinds, useEnter } from "./api";
import { useIdentity } from "./messages";

/** What is not right, by the server's word: it alone holds the rules of numbers and names. */
function badFields(error: unknown): string[] {
  return error instanceof Problem ? error.fields.map((f) => f.location) : [];
}

export function DocumentForm({ onDone, onCancel }: { onDone: () => void; onCancel?: () => void }) {
  const t = useIdentity();
  const common = useCommon();
  const f = useFormat();
  const notice = useQuery(consentQuery);
  const consent = notice.data?.consents.find((c) => c.purpose === "identity-number");
  const enter = useEnter(onDone);
  const [kind, setKind] = useState<Kind>("resident_card");
  const [name, setName] = useState("");
  const [number, setNumber] = useState("");
  const [note, setNote] = useState("");
  const [agreed, setAgreed] = useState(false);
  const [tried, setTried] = useState(false);
  const bad = badFields(enter.error);
  const nameError = tried && !name.trim() ? t("nameNeeded") : undefined;
  const numberError = tried && !number.trim() ? t("numberNeeded") : undefined;
  const known = bad.includes("body.name") || bad.includes("body.number");
  const submit = (e: FormEvent) => {
    e.preventDefault();
    setTried(true);
    if (!name.trim() || !number.trim() || !agreed || !consent) return;
    enter.mutate({ kind, name, number, note: note.trim() || undefined, consent_version: consent.version });
  };
  return (
    <form className="id-form" onSubmit={submit} noValidate>
      {enter.isError && !known && (
        <p className="note x" role="alert">
          <Icon name="warn" />
          {explain(enter.error, common)}
        </p>
      )}
      <Select label={t("kind")} value={kind} onChange={(e) => setKind(e.target.value as Kind)}>
        {kinds.map((k) => (
          <option key={k} value={k}>
            {t(`kind.${k}`)}
          </option>
        ))}
      </Select>
      <Field
        label={t("name")}
        hint={t("nameHint")}
        autoComplete="off"
        maxLength={200}
        value={name}
        onChange={(e) => setName(e.target.value)}
        error={nameError ?? (bad.includes("body.name") ? t("nameBad") : undefined)}
      />
      <Field
        label={t("number")}
        autoComplete="off"
        spellCheck={false}
        autoCapitalize="characters"
        maxLength={80}
        value={number}
        onChange={(e) => setNumber(e.target.value)}
        error={numberError ?? (bad.includes("body.number") ? t(`numberBad.${kind}`) : undefined)}
      />
      <Area
        label={t("note")}
        hint={t("noteHint")}
        rows={2}
        maxLength={500}
        value={note}
        onChange={(e) => setNote(e.target.value)}
      />
      <label className="id-agree">
        <input type="checkbox" checked={agreed} onChange={(e) => setAgreed(e.target.checked)} />
        <span>{f.text(consent?.body)}</span>
      </label>
      {tried && !agreed && (
        <p className="lf-e" role="alert">
          {t("agreeNeeded")}
        </p>
      )}
      <div className="row">
        <button className="btn primary" type="submit" disabled={enter.isPending || !consent}>
          {t("save")}
        </button>
        {onCancel && (
          <button className="btn quiet" type="button" onClick={onCancel}>
            {t("cancel")}
          </button>
        )}
      </div>
    </form>
  );
}
