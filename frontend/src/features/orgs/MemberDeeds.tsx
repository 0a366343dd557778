import { useState } from "react";
import { useFormat } from "../../lib/format";
import { Area } from "../../ui/Area";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { deeds, type Member, type Org, type Ref, type Role, useDeed } from "./api";
import { Form } from "./Form";
import { useOrgs } from "./messages";
import { dayOf, endOf, rolesIn } from "./model";
import { Picker } from "./Picker";

interface Props {
  member: Member;
  org: Org;
  onClose: () => void;
}

function End({ member, onClose }: Props) {
  const t = useOrgs();
  const today = dayOf(new Date());
  const [day, choose] = useState(today);
  const [reason, write] = useState("");
  const end = useDeed(
    () => deeds.end(member.id, { reason, ...(day === today ? {} : { until: endOf(day, new Date()) }) }),
    onClose,
  );
  return (
    <Form
      title={t("endOf", { name: member.person.name })}
      text={t("endText", { role: t(`role.${member.role}`) })}
      act={t("end")}
      danger
      busy={end.isPending}
      error={end.error}
      onAct={() => end.mutate(undefined)}
      onClose={onClose}
    >
      <Field
        label={t("endDay")}
        type="date"
        required
        value={day}
        max={today}
        min={dayOf(new Date(member.since))}
        onChange={(e) => choose(e.target.value || today)}
      />
      <Area
        label={t("reason")}
        hint={t("reasonShort")}
        rows={2}
        maxLength={2000}
        value={reason}
        onChange={(e) => write(e.target.value)}
      />
    </Form>
  );
}

function Give({ member, org, onClose }: Props) {
  const t = useOrgs();
  const choices = rolesIn(org.kind).filter((r) => r !== member.role);
  const [role, choose] = useState<Role>(choices[0] ?? "professional");
  const give = useDeed(() => deeds.give(org.id, member.person.id, role), onClose);
  return (
    <Form
      title={t("giveTo", { name: member.person.name })}
      act={t("give")}
      busy={give.isPending}
      error={give.error}
      onAct={() => give.mutate(undefined)}
      onClose={onClose}
    >
      <Select
        label={t("role")}
        value={role}
        onChange={(e) => choose(choices.find((r) => r === e.target.value) ?? role)}
      >
        {choices.map((r) => (
          <option key={r} value={r}>
            {t(`role.${r}`)}
          </option>
        ))}
      </Select>
    </Form>
  );
}

function Transfer({ member, org, onClose }: Props) {
  const t = useOrgs();
  const [to, choose] = useState<Ref>();
  const [tried, setTried] = useState(false);
  const transfer = useDeed((id: string) => deeds.transfer(member.id, id), onClose);
  return (
    <Form
      title={t("transferOf", { name: member.person.name })}
      text={t("transferText")}
      act={t("transfer")}
      busy={transfer.isPending}
      error={transfer.error}
      onAct={() => {
        setTried(true);
        if (to) transfer.mutate(to.id);
      }}
      onClose={onClose}
    >
      <Picker
        label={t("to")}
        kind="employer"
        fits={(o) => o.id !== org.id}
        chosen={to}
        onChoose={choose}
        error={tried && !to ? t("choose") : undefined}
      />
    </Form>
  );
}

const forms = { end: End, give: Give, transfer: Transfer };

/** What may be done with somebody's role. Moving is for whoever looks after both employers. */
export function MemberDeeds({ member, org }: Omit<Props, "onClose">) {
  const t = useOrgs();
  const f = useFormat();
  const [open, setOpen] = useState<keyof typeof forms>();
  const moves = org.may.place && org.kind === "employer" && member.role === "professional";
  const Chosen = open && forms[open];
  const of = `${member.person.name}, ${t(`role.${member.role}`)}, ${f.text(org.name)}`;
  return (
    <>
      {(["give", ...(moves ? (["transfer"] as const) : []), "end"] as const).map((deed) => (
        <button
          key={deed}
          className="btn quiet sm"
          type="button"
          aria-label={`${t(deed)}: ${of}`}
          onClick={() => setOpen(deed)}
        >
          {t(deed)}
        </button>
      ))}
      {Chosen && <Chosen member={member} org={org} onClose={() => setOpen(undefined)} />}
    </>
  );
}
