import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { Select } from "../../ui/Select";
import { fieldsQuery } from "./api";
import { useAuthoring } from "./messages";

interface Props {
  id?: string;
  value: string;
  onChange: (id: string) => void;
  /** A public subject may do without a field. */
  optional: boolean;
  disabled?: boolean;
}

/** The tree of fields as one list, each level set in. */
function flatten(nodes: Schemas["FieldNode"][], depth = 0): { node: Schemas["FieldNode"]; depth: number }[] {
  return nodes.flatMap((node) => [{ node, depth }, ...flatten(node.children, depth + 1)]);
}

export function FieldSelect({ id, value, onChange, optional, disabled }: Props) {
  const t = useAuthoring();
  const f = useFormat();
  const fields = useQuery(fieldsQuery);
  return (
    <Select
      id={id}
      label={t(optional ? "fieldOptional" : "field")}
      value={value}
      disabled={disabled}
      error={fields.isError ? t("fieldsFailed") : undefined}
      onChange={(e) => onChange(e.target.value)}
    >
      <option value="">{t(fields.isPending ? "fieldsLoading" : "noField")}</option>
      {flatten(fields.data ?? []).map(({ node, depth }) => (
        <option key={node.id} value={node.id}>
          {"　".repeat(depth) + f.text(node.name)}
        </option>
      ))}
    </Select>
  );
}
