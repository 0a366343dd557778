import type { Schemas } from "../../api/client";
import { Select } from "../../ui/Select";
import { useOrgs } from "./messages";

export type Owner = NonNullable<Schemas["Org"]["ownership"]>;
const owners: Owner[] = ["state", "private", "public_institution", "social_organisation"];

/** Whose an employer is. All kinds are treated alike; it is told and counted by. */
export function OwnerSelect({ value, onChange }: { value?: Owner; onChange: (owner?: Owner) => void }) {
  const t = useOrgs();
  return (
    <Select
      label={t("ownership")}
      value={value ?? ""}
      onChange={(e) => onChange(owners.find((o) => o === e.target.value))}
    >
      <option value="">{t("ownership.none")}</option>
      {owners.map((o) => (
        <option key={o} value={o}>
          {t(`ownership.${o}`)}
        </option>
      ))}
    </Select>
  );
}
