import { type FormEvent, useState } from "react";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { passkeysWork } from "../../lib/passkeys";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Ask } from "./Ask";
import { addPasskey, removePasskey } from "./api";
import { useSecurity } from "./messages";
import { ShownCodes } from "./ShownCodes";
import { useGuarded, Wrong } from "./useGuarded";

type Passkey = Schemas["MyPasskey"];

export function Passkeys({ passkeys }: { passkeys: Passkey[] }) {
  const t = useSecurity();
  const works = passkeysWork();
  const [open, setOpen] = useState(false);
  const [codes, setCodes] = useState<string[]>([]);
  return (
    <div className="sec-part">
      <div className="sec-head">
        <div>
          <h3>{t("passkeys")}</h3>
          <p className="muted small">{t(works ? "passkeysWhy" : "passkeysNot")}</p>
        </div>
        {works && !open && (
          <button className="btn" type="button" onClick={() => setOpen(true)}>
            {t("passkeyAdd")}
          </button>
        )}
      </div>
      {passkeys.length > 0 && (
        <ul className="sec-list">
          {passkeys.map((k) => (
            <Row key={k.id} passkey={k} />
          ))}
        </ul>
      )}
      {open && (
        <Add
          onDone={(got) => {
            setOpen(false);
            setCodes(got);
          }}
        />
      )}
      {codes.length > 0 && <ShownCodes codes={codes} onKept={() => setCodes([])} />}
    </div>
  );
}

function Row({ passkey: k }: { passkey: Passkey }) {
  const t = useSecurity();
  const f = useFormat();
  const [asking, ask] = useState(false);
  const remove = useGuarded(removePasskey);
  return (
    <li>
      <Icon name="lock" />
      <div>
        <b>{k.name}</b>
        <p className="muted small">
          {k.used_at
            ? t("passkeyUsed", { date: f.date(k.used_at) })
            : t("passkeyUnused", { date: f.date(k.created_at) })}
        </p>
        <Wrong error={remove.error} />
      </div>
      <button className="btn" type="button" disabled={remove.isPending} onClick={() => ask(true)}>
        {t("remove")}
      </button>
      {asking && (
        <Ask
          title={t("passkeyRemoveAsk", { name: k.name })}
          text={t("removeWhat")}
          act={t("remove")}
          onClose={() => ask(false)}
          onAct={() => remove.mutate(k.id)}
        />
      )}
      {remove.dialog}
    </li>
  );
}

function Add({ onDone }: { onDone: (codes: string[]) => void }) {
  const t = useSecurity();
  const [name, setName] = useState("");
  const add = useGuarded(addPasskey, (answer) => answer && onDone(answer.recovery_codes));
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (name.trim()) add.mutate(name.trim());
  };
  return (
    <form className="sec-form" onSubmit={submit} noValidate>
      <Field
        label={t("passkeyName")}
        hint={t("passkeyNameHint")}
        maxLength={60}
        value={name}
        onChange={(e) => setName(e.target.value)}
      />
      <Wrong error={add.error} />
      {add.isSuccess && !add.data && (
        <p className="note x" role="alert">
          <Icon name="warn" />
          {t("passkeyNone")}
        </p>
      )}
      <div className="sec-acts">
        <button className="btn primary" type="submit" disabled={add.isPending || !name.trim()}>
          {t("passkeyAdd")}
        </button>
      </div>
      {add.dialog}
    </form>
  );
}
