import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { allNotesQuery } from "../../lib/notes/api";
import { useNotesText } from "../../lib/notes/messages";
import { byCourse, type Changes, changedItem, itemOf, type Note } from "../../lib/notes/model";
import { NoteList } from "../../lib/notes/NoteList";
import { useOutbox } from "../../lib/notes/useNotes";
import { Icon } from "../../ui/Icon";
import { Message, Skeleton } from "../../ui/states";
import "./learning.css";

/** The notes of a list as changed on this device. */
function shown(notes: Note[], changes: Changes) {
  return notes.flatMap((n) => {
    const change = changes[n.id];
    return change ? changedItem(n.id, change) : [itemOf(n)];
  });
}

/** Everything one ever wrote down, by course and lesson, with the way back to each moment. */
export function NotesPage() {
  const t = useNotesText();
  const f = useFormat();
  const list = useInfiniteQuery(allNotesQuery);
  const { changes, save, remove } = useOutbox();
  const notes = list.data?.pages.flatMap((p) => p.items) ?? [];
  const unsent = Object.values(changes).filter((c) => !c.refused).length;
  useTitle(t("mine"));
  return (
    <main id="main" className="wrap">
      <div className="head1">
        <h1>{t("mine")}</h1>
        <Link className="btn quiet end" to="/learning">
          <Icon name="back" />
          {t("toLearning")}
        </Link>
      </div>
      <div role="status">{unsent > 0 && <p className="st p">{t("onTheWay", { count: unsent })}</p>}</div>
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton lines={6} />}
      {list.isSuccess && notes.length === 0 && (
        <Message
          icon="pencil"
          title={t("noneAtAll")}
          actions={
            <Link className="btn primary" to="/learning">
              {t("toCourses")}
            </Link>
          }
        >
          <p>{t("noneAtAllText")}</p>
        </Message>
      )}
      {byCourse(notes).map((course) => (
        <section className="card nt-course" key={course.id} aria-label={f.text(course.title)}>
          <h2>{f.text(course.title)}</h2>
          {course.lessons.map(({ of, notes: written }) => (
            <div key={of.lesson.id}>
              <h3>
                <Icon name="play" size="s" />
                {f.text(of.lesson.title)}
              </h3>
              <NoteList
                items={shown(written, changes)}
                label={f.text(of.lesson.title)}
                save={save}
                remove={remove}
                moment={(item) => (
                  <Link
                    className="nt-at"
                    to="/learn/$enrolmentId/$lessonId"
                    params={{ enrolmentId: of.enrolment_id, lessonId: of.lesson.id }}
                    search={{ at: item.atMs / 1000 }}
                    aria-label={t("go", { at: f.clock(item.atMs / 1000) })}
                  >
                    {f.clock(item.atMs / 1000)}
                  </Link>
                )}
              />
            </div>
          ))}
        </section>
      ))}
      {list.hasNextPage && (
        <div className="le-more">
          <More list={list} />
        </div>
      )}
    </main>
  );
}
