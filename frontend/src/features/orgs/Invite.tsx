import { useState } from "react";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { deeds, type Org, type Role, useDeed } from "./api";
import { Form } from "./Form";
import { useOrgs } from "./messages";
import { rolesIn } from "./model";

interface Props {
  org: Org;
  onClose: () => void;
  onDone: (email: string) => void;
}

export function Invite({ org, onClose, onDone }: Props) {
  const t = useOrgs();
  const common = useCommon();
  const f = useFormat();
  const roles = rolesIn(org.kind);
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>(roles[0] ?? "professional");
  const [locale, setLocale] = useState(f.locale);
  const [tried, setTried] = useState(false);
  const wrong = !/^\S+@\S+$/.test(email.trim());
  const invite = useDeed(
    () => deeds.invite(org.id, { email: email.trim(), role, locale }),
    (made) => onDone(made.email),
  );
  return (
    <Form
      title={t("inviteTitle", { org: f.text(org.name) })}
      act={t("sendInvitation")}
      busy={invite.isPending}
      error={invite.error}
      onAct={() => {
        setTried(true);
        if (!wrong) invite.mutate(undefined);
      }}
      onClose={onClose}
    >
      <Field
        label={t("email")}
        hint={t("emailHint")}
        error={tried && wrong ? t("emailWrong") : undefined}
        type="email"
        inputMode="email"
        autoComplete="off"
        maxLength={254}
        value={email}
        onChange={(e) => setEmail(e.target.value)}
      />
      <Select
        label={t("role")}
        value={role}
        onChange={(e) => setRole(roles.find((r) => r === e.target.value) ?? role)}
      >
        {roles.map((r) => (
          <option key={r} value={r}>
            {t(`role.${r}`)}
          </option>
        ))}
      </Select>
      <Select
        label={t("mailLanguage")}
        value={locale}
        onChange={(e) => setLocale(e.target.value === "en" ? "en" : "zh-CN")}
      >
        <option value="zh-CN">{common("language.zh")}</option>
        <option value="en">{common("language.en")}</option>
      </Select>
    </Form>
  );
}
