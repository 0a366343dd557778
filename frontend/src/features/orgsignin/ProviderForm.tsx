import { type FormEvent, useState } from "react";
import { codeOf, Problem } from "../../api/problem";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { type Provider, useSaveProvider } from "./api";
import { useOrgSignIn } from "./messages";
import { Rules } from "./Rules";

interface Props {
  id: string;
  provider: Provider;
  etag: string;
}

export function ProviderForm({ id, provider, etag }: Props) {
  const t = useOrgSignIn();
  const f = useFormat();
  const common = useCommon();
  const save = useSaveProvider(id, etag);
  const { enabled, issuer, client_id, claim, rules } = provider;
  const [form, setForm] = useState({ enabled, issuer, client_id, claim, rules, secret: "" });
  const failed = save.error instanceof Problem ? save.error : undefined;
  const at = (place: string) => failed?.fields.find((x) => x.location === `body.${place}`)?.message;
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const { secret, ...rest } = form;
    const body = secret ? { ...rest, client_secret: secret } : rest;
    save.mutate(body, { onSuccess: () => set({ secret: "" }) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <h2>{f.text(provider.org.name)}</h2>
      {save.isError && (
        <p className="note x" role="alert">
          <Icon name="warn" />
          {failed?.status === 412 ? t("conflict") : said(codeOf(save.error)) || explain(save.error, common)}
        </p>
      )}
      <Field
        label={t("issuer")}
        hint={t("issuerHint")}
        type="url"
        maxLength={255}
        value={form.issuer}
        onChange={(e) => set({ issuer: e.target.value })}
        error={at("issuer")}
      />
      <Field
        label={t("client")}
        autoComplete="off"
        maxLength={255}
        value={form.client_id}
        onChange={(e) => set({ client_id: e.target.value })}
        error={at("client_id")}
      />
      <Field
        label={t("secret")}
        hint={provider.has_secret ? t("secretKept") : t("secretNone")}
        type="password"
        autoComplete="new-password"
        maxLength={512}
        value={form.secret}
        onChange={(e) => set({ secret: e.target.value })}
        error={at("client_secret")}
      />
      <div>
        <b>{t("callback")}</b>
        <p className="mono small prv-address">{provider.callback_url}</p>
        <p className="small muted">{t("callbackHint")}</p>
      </div>
      <Field
        label={t("claim")}
        hint={t("claimHint")}
        maxLength={100}
        value={form.claim}
        onChange={(e) => set({ claim: e.target.value })}
        error={at("claim")}
      />
      {form.claim.trim() !== "" && (
        <Rules
          rules={form.rules}
          kind={provider.org.kind}
          error={at("rules")}
          onChange={(next) => set({ rules: next })}
        />
      )}
      <div>
        <label className="prv-on">
          <input type="checkbox" checked={form.enabled} onChange={() => set({ enabled: !form.enabled })} />
          {t("enabled")}
        </label>
        <p className="small muted">{t("enabledHint")}</p>
      </div>
      <div role="status">{save.isSuccess && <p className="note v">{t("saved")}</p>}</div>
      <div>
        <button className="btn primary" type="submit" disabled={save.isPending || !provider.may_change}>
          {t("save")}
        </button>
      </div>
    </form>
  );

  /** The provider's problems in words of this page. */
  function said(code: string | undefined) {
    if (code === "provider-away" || code === "provider-issuer" || code === "provider-address")
      return t(`problem.${code}`);
    return "";
  }
}
