import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useFormat } from "../../lib/format";
import { Icon, type IconName } from "../../ui/Icon";
import { AddMenu, useAdd } from "./AddMenu";
import { useAuthoring } from "./messages";
import type { EditChapter, EditLesson, LessonKind } from "./model";
import { mayMove, placeOf, type Step } from "./outline";
import { useEditor, useSnapshot } from "./useEditor";

const kindIcon: Record<LessonKind, IconName> = { video: "video", document: "book", quiz: "pencil" };

interface RowProps {
  item: EditChapter | EditLesson;
  at: string;
  icon?: IconName;
  name: string;
  wanting: boolean;
  onMove: (key: string, step: Step) => void;
}

function MoveButton({
  item,
  step,
  name,
  onMove,
}: {
  item: { key: string };
  step: Step;
  name: string;
  onMove: RowProps["onMove"];
}) {
  const t = useAuthoring();
  const { chapters } = useSnapshot(useEditor());
  return (
    <button
      className="icon-btn"
      type="button"
      aria-label={t(step < 0 ? "moveUp" : "moveDown", { name })}
      data-part={`${item.key}:${step}`}
      disabled={!mayMove(chapters, item.key, step)}
      onClick={() => onMove(item.key, step)}
    >
      <Icon name={step < 0 ? "up" : "down"} size="s" />
    </button>
  );
}

function Row({ item, at, icon, name, wanting, onMove }: RowProps) {
  const t = useAuthoring();
  const { draft } = useSnapshot(useEditor());
  const current = at === item.key || at === item.id;
  const keys = (e: KeyboardEvent) => {
    const step = e.key === "ArrowUp" ? -1 : e.key === "ArrowDown" ? 1 : 0;
    if (!step || !e.altKey) return;
    e.preventDefault();
    onMove(item.key, step);
  };
  return (
    <div className="ol-r" data-current={current || undefined}>
      <Link
        to="/workspace/courses/$courseId"
        params={{ courseId: draft.id }}
        search={{ at: item.id ?? item.key }}
        aria-current={current ? "page" : undefined}
        activeProps={{}}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        data-part={item.key}
        onKeyDown={keys}
      >
        {icon && <Icon name={icon} size="s" />}
        <span className="grow">{name}</span>
        {wanting && (
          <span className="ol-w">
            <Icon name="warn" size="s" />
            <span className="vh">{t("incomplete")}</span>
          </span>
        )}
      </Link>
      <span className="ol-m">
        <MoveButton item={item} step={-1} name={name} onMove={onMove} />
        <MoveButton item={item} step={1} name={name} onMove={onMove} />
      </span>
    </div>
  );
}

/** The keys of chapters and lessons with something missing in them. */
function useWanting(): Set<string> {
  const { draft, saved } = useSnapshot(useEditor());
  const out = new Set<string>();
  for (const { place } of draft.missing) {
    const m = place.match(/^chapters\[(\d+)\](?:\.lessons\[(\d+)\])?/);
    const chapter = m?.[1] === undefined ? undefined : saved[Number(m[1])];
    const lesson = m?.[2] === undefined ? undefined : chapter?.lessons[Number(m[2])];
    const key = (lesson ?? chapter)?.key;
    if (key) out.add(key);
  }
  return out;
}

function Fixed({
  to,
  at,
  icon,
  words,
  count,
}: {
  to: string;
  at: string;
  icon: IconName;
  words: string;
  count?: number;
}) {
  const { draft } = useSnapshot(useEditor());
  return (
    <div className="ol-r" data-current={at === to || undefined}>
      <Link
        to="/workspace/courses/$courseId"
        params={{ courseId: draft.id }}
        search={{ at: to }}
        aria-current={at === to ? "page" : undefined}
        activeProps={{}}
      >
        <Icon name={icon} size="s" />
        <span className="grow">{words}</span>
        {count ? <span className="ol-n num">{count}</span> : null}
      </Link>
    </div>
  );
}

export function OutlinePane({ at }: { at: string }) {
  const t = useAuthoring();
  const f = useFormat();
  const editor = useEditor();
  const { chapters, draft } = useSnapshot(editor);
  const wanting = useWanting();
  const add = useAdd();
  const pane = useRef<HTMLElement>(null);
  const moved = useRef<string | null>(null);
  const [said, say] = useState("");
  const move = (key: string, step: Step) => {
    moved.current = document.activeElement?.getAttribute("data-part") ?? null;
    editor.apply({ type: "move", key, step });
    const { n, of, chapter } = placeOf(editor.get().chapters, key);
    const where = chapter ? f.text(chapter.title) || t("untitledChapter") : "";
    say(t(where ? "movedIn" : "moved", { n, of, chapter: where }));
  };
  // What moves is taken out of the page and put in elsewhere: the focus goes after it.
  useEffect(() => {
    if (!moved.current) return;
    const part = (name = "") => pane.current?.querySelector<HTMLElement>(`[data-part="${name}"]`);
    const same = part(moved.current);
    (same?.matches(":disabled") ? part(moved.current.split(":")[0]) : same)?.focus();
    moved.current = null;
  });
  return (
    <nav className="ed-ol card" aria-label={t("outline")} ref={pane} id="outline" tabIndex={-1}>
      <Fixed to="about" at={at} icon="info" words={t("about")} />
      <ol className="ol-c">
        {chapters.map((c, n) => (
          <li key={c.key}>
            <Row
              item={c}
              at={at}
              name={t("chapterN", { n: n + 1, title: f.text(c.title) || t("untitledChapter") })}
              wanting={wanting.has(c.key)}
              onMove={move}
            />
            <ol>
              {c.lessons.map((l) => (
                <li key={l.key}>
                  <Row
                    item={l}
                    at={at}
                    icon={kindIcon[l.kind]}
                    name={f.text(l.title) || t("untitledLesson")}
                    wanting={wanting.has(l.key)}
                    onMove={move}
                  />
                </li>
              ))}
            </ol>
            <AddMenu chapter={c.key} />
          </li>
        ))}
      </ol>
      {chapters.length === 0 && <p className="ol-empty muted small">{t("outlineEmpty")}</p>}
      <button className="btn sm block" type="button" onClick={add.chapter}>
        <Icon name="plus" size="s" />
        {t("addChapter")}
      </button>
      <Fixed to="submit" at={at} icon="flag" words={t("submitAndHistory")} count={draft.missing.length} />
      <p className="ol-k small muted">
        <span className="kbd">Alt</span> <span className="kbd">↑</span> <span className="kbd">↓</span>{" "}
        {t("moveKeys")}
      </p>
      <p className="vh" role="status">
        {said}
      </p>
    </nav>
  );
}
