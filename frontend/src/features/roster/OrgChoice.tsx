import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { Select } from "../../ui/Select";
import { useRoster } from "./messages";

interface Props {
  orgs: Schemas["OrgRef"][];
  org?: Schemas["OrgRef"];
  onChoose: (id: string) => void;
}

/** Whose people: the name of the one organisation, or a choice among several. */
export function OrgChoice({ orgs, org, onChoose }: Props) {
  const t = useRoster();
  const f = useFormat();
  if (orgs.length < 2) return org ? <p className="muted">{f.text(org.name)}</p> : null;
  return (
    <Select
      id="staff-org"
      label={t("organisation")}
      value={org?.id}
      onChange={(e) => onChoose(e.target.value)}
    >
      {orgs.map((o) => (
        <option key={o.id} value={o.id}>
          {f.text(o.name)}
        </option>
      ))}
    </Select>
  );
}
