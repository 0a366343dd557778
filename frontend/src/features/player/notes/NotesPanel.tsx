import { useEffect, useRef, useState } from "react";
import { Failure } from "../../../lib/Failure";
import { useFormat } from "../../../lib/format";
import { useNotesText } from "../../../lib/notes/messages";
import { NoteForm } from "../../../lib/notes/NoteForm";
import { NoteList } from "../../../lib/notes/NoteList";
import { useDraft, useNotes } from "../../../lib/notes/useNotes";
import { Icon } from "../../../ui/Icon";
import { Skeleton } from "../../../ui/states";

/** Somebody asked to write at a moment; a new object is a new wish. */
export interface Asked {
  atMs: number;
}

interface Props {
  lessonId: string;
  /** Where the lesson is now, in ms on its line of positions. */
  atMs: number;
  asked: Asked | null;
  onGo: (seconds: number) => void;
}

/** What is being written lives on the device with its moment: "83000 text". */
function read(draft: string | null) {
  const [, at, text] = draft?.match(/^(\d+) ([\s\S]*)$/) ?? [];
  return at === undefined ? null : { atMs: Number(at), text: text ?? "" };
}

/** A lesson's notes: write one at the present moment, go to where one was written. */
export function NotesPanel({ lessonId, atMs, asked, onGo }: Props) {
  const t = useNotesText();
  const f = useFormat();
  const { items, query, save, remove } = useNotes(lessonId);
  const [kept, keep] = useDraft(`new.${lessonId}`);
  const draft = read(kept);
  const [nth, next] = useState(0);
  const write = useRef<HTMLButtonElement>(null);
  const begin = (at: number) => {
    // What is being written keeps the moment it was begun at.
    if (!draft) keep(`${Math.floor(at)} `);
    next((n) => n + 1);
  };
  const heard = useRef<Asked | null>(null);
  useEffect(() => {
    if (!asked || heard.current === asked) return;
    heard.current = asked;
    begin(asked.atMs);
  });
  const done = () => {
    keep(null);
    requestAnimationFrame(() => write.current?.focus());
  };
  return (
    <div className="nt-panel">
      <div className="nt-new">
        {draft ? (
          <NoteForm
            key={nth}
            atMs={draft.atMs}
            text={draft.text}
            onText={(text) => keep(`${draft.atMs} ${text}`)}
            onSave={(text) => {
              save({ id: crypto.randomUUID(), lessonId, atMs: draft.atMs }, text);
              done();
            }}
            onCancel={done}
          />
        ) : (
          <button ref={write} className="btn" type="button" onClick={() => begin(atMs)}>
            <Icon name="pencil" />
            <span className="num">{t("write", { at: f.clock(atMs / 1000) })}</span>
            <span className="kbd" aria-hidden="true">
              N
            </span>
          </button>
        )}
      </div>
      {query.isPending && items.length === 0 && <Skeleton lines={3} />}
      {query.isError && !query.data && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.data && items.length === 0 && !draft && (
        <p className="nt-none muted">
          <b>{t("none")}</b> {t("noneText")}
        </p>
      )}
      <NoteList
        items={items}
        label={t("notes")}
        save={save}
        remove={remove}
        moment={(item) => (
          <button
            className="nt-at"
            type="button"
            aria-label={t("go", { at: f.clock(item.atMs / 1000) })}
            onClick={() => onGo(item.atMs / 1000)}
          >
            {f.clock(item.atMs / 1000)}
          </button>
        )}
      />
    </div>
  );
}
