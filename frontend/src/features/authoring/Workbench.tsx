import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { meQuery } from "../../api/queries";
import type { Tagged } from "../../api/tagged";
import { Reader } from "../../lib/draft/Reader";
import { StateBadge } from "../../lib/draft/StateBadge";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { Icon } from "../../ui/Icon";
import { Message } from "../../ui/states";
import { AboutPanel } from "./AboutPanel";
import { ChapterPanel } from "./ChapterPanel";
import { LeaveGuard } from "./LeaveGuard";
import { LessonPanel } from "./LessonPanel";
import { useAuthoring } from "./messages";
import type { Draft } from "./model";
import { OutlinePane } from "./OutlinePane";
import { findChapter, findLesson } from "./outline";
import { Returned } from "./Returned";
import { Conflict, SaveState } from "./SaveState";
import { SubmitPanel } from "./SubmitPanel";
import { EditorContext, useEditor, useNewEditor, useSnapshot } from "./useEditor";

const route = getRouteApi("/workspace/courses/$courseId");

/** The part of the course that is open, as the address names it. */
function Panel({ at }: { at: string }) {
  const t = useAuthoring();
  const editor = useEditor();
  const { chapters } = useSnapshot(editor);
  const { data: me } = useQuery(meQuery);
  if (at === "about") return <AboutPanel />;
  if (at === "submit") return me ? <SubmitPanel me={me} /> : null;
  const lesson = findLesson(chapters, at);
  if (lesson) return <LessonPanel key={lesson.key} lesson={lesson} />;
  const chapter = findChapter(chapters, at);
  if (chapter) return <ChapterPanel key={chapter.key} chapter={chapter} />;
  return (
    <Message icon="search" title={t("partGone")}>
      <p>{t("partGoneText")}</p>
    </Message>
  );
}

/** A part gets its lasting name when it is saved first; the address follows, so that it can be kept. */
function useLastingAddress(at: string | undefined) {
  const { chapters } = useSnapshot(useEditor());
  const navigate = route.useNavigate();
  const found = at ? (findLesson(chapters, at) ?? findChapter(chapters, at)) : undefined;
  const id = found?.id;
  useEffect(() => {
    if (id && at !== id) void navigate({ search: { at: id }, replace: true });
  }, [id, at, navigate]);
}

function Body() {
  const t = useAuthoring();
  const editor = useEditor();
  const snap = useSnapshot(editor);
  const { at } = route.useSearch();
  const { data: me } = useQuery(meQuery);
  useLastingAddress(at);
  if (!editor.editable) {
    return (
      <div className="ed-read">
        {me && <SubmitPanel me={me} />}
        <section aria-labelledby="content">
          <h2 className="vh" id="content">
            {t("content")}
          </h2>
          <Reader draft={snap.draft} />
        </section>
      </div>
    );
  }
  return (
    <div className={at ? "ed has-part" : "ed"}>
      <OutlinePane at={at ?? "about"} />
      <section className="ed-part" aria-label={t("part")}>
        {at && (
          <Link
            className="btn quiet sm ed-back"
            to="/workspace/courses/$courseId"
            params={{ courseId: snap.draft.id }}
            search={{}}
          >
            <Icon name="back" size="s" />
            {t("toOutline")}
          </Link>
        )}
        <Panel at={at ?? "about"} />
      </section>
    </div>
  );
}

export function Workbench({ courseId, loaded }: { courseId: string; loaded: Tagged<Draft> }) {
  const t = useAuthoring();
  const f = useFormat();
  const editor = useNewEditor(courseId, loaded);
  const { draft, fields } = useSnapshot(editor);
  const title = f.text(fields.title) || t("untitled");
  useTitle(title);
  return (
    <EditorContext value={editor}>
      <main id="main" className="wsp">
        <header className="ed-h">
          <nav aria-label={t("crumbs")}>
            <ol className="crumbs">
              <li>
                <Link to="/workspace/courses" search={{}}>
                  {t("title")}
                </Link>
              </li>
            </ol>
          </nav>
          <h1>{title}</h1>
          <div className="ed-f">
            <StateBadge state={draft.state} />
            <span className="small muted">{t("version", { version: draft.version })}</span>
            <span className="small muted">{f.text(draft.provider.name)}</span>
            <SaveState />
          </div>
        </header>
        <LeaveGuard />
        <Conflict />
        <Returned draft={draft} />
        <Body />
      </main>
    </EditorContext>
  );
}
