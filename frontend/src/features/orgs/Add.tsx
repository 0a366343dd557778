import { useState } from "react";
import { useFormat } from "../../lib/format";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { deeds, type Kind, type Org, useDeed } from "./api";
import { Form } from "./Form";
import { useOrgs } from "./messages";
import { kindsBelow, type Level, levelsBelow } from "./model";
import { type Owner, OwnerSelect } from "./OwnerSelect";

/** A new organisation below a department. */
export function Add({ parent, onClose }: { parent: Org; onClose: () => void }) {
  const t = useOrgs();
  const f = useFormat();
  const levels = levelsBelow(parent.level);
  const kinds = kindsBelow(parent.kind).filter((k) => k !== "personnel_department" || levels.length > 0);
  const [kind, setKind] = useState<Kind>("employer");
  const [level, setLevel] = useState<Level | undefined>(levels[0]);
  const [ownership, setOwnership] = useState<Owner>();
  const [zh, setZh] = useState("");
  const [en, setEn] = useState("");
  const [tried, setTried] = useState(false);
  const nameless = zh.trim() === "";
  const add = useDeed(
    () =>
      deeds.create({
        kind,
        name_zh: zh,
        name_en: en,
        parent_id: parent.id,
        ...(kind === "personnel_department" ? { level } : {}),
        ...(kind === "employer" && ownership ? { ownership } : {}),
      }),
    onClose,
  );
  return (
    <Form
      title={t("addBelow", { org: f.text(parent.name) })}
      act={t("add")}
      busy={add.isPending}
      error={add.error}
      onAct={() => {
        setTried(true);
        if (!nameless) add.mutate(undefined);
      }}
      onClose={onClose}
    >
      <Select
        label={t("kindOf")}
        value={kind}
        onChange={(e) => setKind(kinds.find((k) => k === e.target.value) ?? kind)}
      >
        {kinds.map((k) => (
          <option key={k} value={k}>
            {t(`kind.${k}`)}
          </option>
        ))}
      </Select>
      {kind === "personnel_department" && (
        <Select
          label={t("level")}
          value={level}
          onChange={(e) => setLevel(levels.find((l) => l === e.target.value))}
        >
          {levels.map((l) => (
            <option key={l} value={l}>
              {t(`level.${l}`)}
            </option>
          ))}
        </Select>
      )}
      {kind === "employer" && <OwnerSelect value={ownership} onChange={setOwnership} />}
      <Field
        label={t("nameZh")}
        lang="zh-CN"
        maxLength={200}
        value={zh}
        error={tried && nameless ? t("nameNeeded") : undefined}
        onChange={(e) => setZh(e.target.value)}
      />
      <Field
        label={t("nameEn")}
        lang="en"
        maxLength={200}
        value={en}
        onChange={(e) => setEn(e.target.value)}
      />
    </Form>
  );
}
