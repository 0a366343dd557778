import { useId, useRef, useState } from "react";
import { useFormat } from "../../lib/format";
import { Area } from "../../ui/Area";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { deeds, type Node, type Org, type Ref, useDeed } from "./api";
import { Decide } from "./Decide";
import { Form } from "./Form";
import { useOrgs } from "./messages";
import { type Owner, OwnerSelect } from "./OwnerSelect";
import { Picker } from "./Picker";

interface Props {
  node: Node;
  onClose: () => void;
}

function Rename({ node, onClose }: Props) {
  const t = useOrgs();
  const f = useFormat();
  const [zh, setZh] = useState(node.name.zh);
  const [en, setEn] = useState(node.name.en);
  const [owner, setOwner] = useState<Owner | undefined>(node.ownership);
  const nameless = zh.trim() === "";
  const change = useDeed(
    () => deeds.change(node.id, { name_zh: zh, name_en: en, ...(owner ? { ownership: owner } : {}) }),
    onClose,
  );
  return (
    <Form
      title={t("renameTitle", { org: f.text(node.name) })}
      act={t("save")}
      busy={change.isPending}
      error={change.error}
      onAct={() => {
        if (!nameless) change.mutate(undefined);
      }}
      onClose={onClose}
    >
      <Field
        label={t("nameZh")}
        lang="zh-CN"
        maxLength={200}
        value={zh}
        error={nameless ? t("nameNeeded") : undefined}
        onChange={(e) => setZh(e.target.value)}
      />
      <Field
        label={t("nameEn")}
        lang="en"
        maxLength={200}
        value={en}
        onChange={(e) => setEn(e.target.value)}
      />
      {node.kind === "employer" && <OwnerSelect value={owner} onChange={setOwner} />}
    </Form>
  );
}

function Move({ node, onClose }: Props) {
  const t = useOrgs();
  const f = useFormat();
  const [to, choose] = useState<Ref>();
  const [tried, setTried] = useState(false);
  const move = useDeed((id: string) => deeds.move(node.id, id), onClose);
  return (
    <Form
      title={t("moveTitle", { org: f.text(node.name) })}
      text={t("moveText")}
      act={t("move")}
      busy={move.isPending}
      error={move.error}
      onAct={() => {
        setTried(true);
        if (to) move.mutate(to.id);
      }}
      onClose={onClose}
    >
      <Picker
        label={t("newParent")}
        kind={node.kind === "personnel_department" ? "personnel_department" : undefined}
        fits={(o) => o.kind === "personnel_department" || o.kind === "industry_department"}
        chosen={to}
        onChoose={choose}
        error={tried && !to ? t("choose") : undefined}
      />
    </Form>
  );
}

function Close({ node, onClose }: Props) {
  const t = useOrgs();
  const f = useFormat();
  const [reason, write] = useState("");
  const [tried, setTried] = useState(false);
  const missing = reason.trim() === "";
  const close = useDeed(() => deeds.close(node.id, reason), onClose);
  return (
    <Form
      title={t("closeTitle", { org: f.text(node.name) })}
      text={t("closeText")}
      act={t("close")}
      danger
      busy={close.isPending}
      error={close.error}
      onAct={() => {
        setTried(true);
        if (!missing) close.mutate(undefined);
      }}
      onClose={onClose}
    >
      <Area
        label={t("reason")}
        hint={t("reasonShort")}
        error={tried && missing ? t("reasonNeeded") : undefined}
        rows={2}
        maxLength={2000}
        value={reason}
        onChange={(e) => write(e.target.value)}
      />
    </Form>
  );
}

function Merge({ node, onClose }: Props) {
  const t = useOrgs();
  const f = useFormat();
  const [into, choose] = useState<Ref>();
  const [reason, write] = useState("");
  const [tried, setTried] = useState(false);
  const missing = reason.trim() === "";
  const merge = useDeed((id: string) => deeds.merge(node.id, id, reason), onClose);
  return (
    <Form
      title={t("mergeTitle", { org: f.text(node.name) })}
      text={t("mergeText")}
      act={t("merge")}
      danger
      busy={merge.isPending}
      error={merge.error}
      onAct={() => {
        setTried(true);
        if (into && !missing) merge.mutate(into.id);
      }}
      onClose={onClose}
    >
      <Picker
        label={t("mergeInto")}
        kind={node.kind}
        fits={(o) => o.id !== node.id}
        chosen={into}
        onChoose={choose}
        error={tried && !into ? t("choose") : undefined}
      />
      <Area
        label={t("reason")}
        hint={t("reasonShort")}
        error={tried && missing ? t("reasonNeeded") : undefined}
        rows={2}
        maxLength={2000}
        value={reason}
        onChange={(e) => write(e.target.value)}
      />
    </Form>
  );
}

const forms = { decide: Decide, rename: Rename, move: Move, merge: Merge, close: Close };
type Deed = keyof typeof forms;

/** What may be done with an organisation of the tree, in a menu of its row. */
export function NodeDeeds({ node, parent }: { node: Node; parent: Org }) {
  const t = useOrgs();
  const f = useFormat();
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<Deed>();
  if (!parent.may.change) return null;
  const department = node.kind === "personnel_department" || node.kind === "industry_department";
  const choices: Deed[] = [
    ...(node.accreditation ? (["decide"] as const) : []),
    "rename",
    "move",
    ...(department ? [] : (["merge"] as const)),
    "close",
  ];
  const Chosen = open && forms[open];
  return (
    <>
      <button
        className="btn quiet sm"
        type="button"
        popoverTarget={id}
        aria-label={t("openMenu", { org: f.text(node.name) })}
      >
        {t("manage")}
        <Icon name="down" size="s" />
      </button>
      <div ref={menu} id={id} popover="auto" className="og-menu">
        {choices.map((deed) => (
          <button
            key={deed}
            type="button"
            className={deed === "close" || deed === "merge" ? "danger" : undefined}
            onClick={() => {
              menu.current?.hidePopover();
              setOpen(deed);
            }}
          >
            {t(deed)}
          </button>
        ))}
      </div>
      {Chosen && <Chosen node={node} onClose={() => setOpen(undefined)} />}
    </>
  );
}
