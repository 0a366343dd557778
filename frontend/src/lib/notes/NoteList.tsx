import { type ReactNode, useEffect, useRef, useState } from "react";
import { Icon } from "../../ui/Icon";
import { explain } from "../Failure";
import { useFormat } from "../format";
import { i18n } from "../i18n";
import { useCommon } from "../messages";
import "./notes.css";
import { useNotesText } from "./messages";
import type { Item } from "./model";
import { NoteForm } from "./NoteForm";
import { useDraft } from "./useNotes";

interface Acts {
  save: (item: Item, text: string) => void;
  remove: (item: Item) => void;
  /** The note's moment, as the way back to it. */
  moment: (item: Item) => ReactNode;
}

/** Notes by their moment, to be changed and deleted where they stand; what was deleted can be brought back. */
export function NoteList({ items, label, ...acts }: Acts & { items: Item[]; label: string }) {
  const [gone, setGone] = useState<Item[]>([]);
  const left = items.filter((i) => !gone.some((g) => g.id === i.id));
  const shown = [...left, ...gone];
  shown.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
  const remove = (item: Item) => {
    if (!item.refused) setGone([...gone, item]);
    acts.remove(item);
  };
  const back = (item: Item) => {
    setGone(gone.filter((g) => g.id !== item.id));
    acts.save(item, item.text);
  };
  return (
    <ol className="nts" aria-label={label}>
      {shown.map((item) =>
        left.includes(item) ? (
          <Row key={item.id} item={item} {...acts} remove={remove} />
        ) : (
          <Gone key={item.id} item={item} onUndo={back} />
        ),
      )}
    </ol>
  );
}

function Gone({ item, onUndo }: { item: Item; onUndo: (item: Item) => void }) {
  const t = useNotesText();
  const f = useFormat();
  const undo = useRef<HTMLButtonElement>(null);
  // The button that had the focus went with the note.
  useEffect(() => undo.current?.focus(), []);
  return (
    <li className="nt gone">
      <span role="status">{t("removed", { at: f.clock(item.atMs / 1000) })}</span>
      <button ref={undo} className="btn sm" type="button" onClick={() => onUndo(item)}>
        {t("undo")}
      </button>
    </li>
  );
}

function Row({ item, save, remove, moment }: Acts & { item: Item }) {
  const t = useNotesText();
  const f = useFormat();
  const at = f.clock(item.atMs / 1000);
  const [draft, setDraft] = useDraft(`edit.${item.id}`);
  const edit = useRef<HTMLButtonElement>(null);
  const done = () => {
    setDraft(null);
    requestAnimationFrame(() => edit.current?.focus());
  };
  if (draft !== null) {
    const keep = (text: string) => {
      if (text !== item.text) save(item, text);
      done();
    };
    return (
      <li className="nt">
        <NoteForm atMs={item.atMs} text={draft} onText={setDraft} onSave={keep} onCancel={done} />
      </li>
    );
  }
  return (
    <li className="nt">
      {moment(item)}
      <div className="nt-b">
        <p className="nt-t">{item.text}</p>
        <State item={item} />
      </div>
      <div className="nt-acts">
        <button
          ref={edit}
          className="icon-btn"
          type="button"
          aria-label={t("edit", { at })}
          title={t("edit", { at })}
          onClick={() => setDraft(item.text)}
        >
          <Icon name="pencil" />
        </button>
        <button
          className="icon-btn"
          type="button"
          aria-label={t("remove", { at })}
          title={t("remove", { at })}
          onClick={() => remove(item)}
        >
          <Icon name="trash" />
        </button>
      </div>
    </li>
  );
}

/** Where a note is, while it is not with the server. */
function State({ item: { waiting, refused } }: { item: Item }) {
  const t = useNotesText();
  const common = useCommon();
  if (!waiting) return null;
  if (!refused) {
    return (
      <p className="st p small">
        <span role="status">{t("waiting")}</span>
      </p>
    );
  }
  const key = `problem.${refused}`;
  const known = i18n.exists(key, { ns: "common" });
  const reason =
    refused === "too-many-notes" ? t("full") : known ? common(key as never) : explain(null, common);
  return (
    <p className="st x small" role="alert">
      {t("refused", { reason })}
    </p>
  );
}
