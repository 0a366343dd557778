import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { type Piece, Strip } from "../../ui/Strip";
import { usePlayer } from "./messages";

type Enrolment = Schemas["Enrolment"];
type Progress = Schemas["LessonProgress"];
type LessonItem = Schemas["LessonOutline"];

/** What is known of the lesson on the stage before the server's page of progress is asked again. */
export interface Live {
  lessonId: string;
  pieces: Piece[];
  coveredS: number;
  completed: boolean;
}

function LessonLine({
  enrolment,
  lesson,
  place,
  progress,
  live,
  now,
}: {
  enrolment: Enrolment;
  lesson: LessonItem;
  place: string;
  progress?: Progress;
  live?: Live;
  now: boolean;
}) {
  const t = usePlayer();
  const f = useFormat();
  const done = !!progress?.completed_at || !!live?.completed;
  const covered = live?.coveredS ?? progress?.covered_s ?? 0;
  const seconds = (lesson.duration_ms ?? 0) / 1000;
  // Of a document not before the reader, its share is known, not which pages.
  const whole: Piece[] | undefined =
    lesson.kind === "document" ? [{ from: 0, to: covered / seconds, texture: "v" }] : undefined;
  const pieces =
    live?.pieces ??
    whole ??
    progress?.covered.map(
      ([a = 0, b = 0]): Piece => ({ from: a / seconds, to: b / seconds, texture: "v" }),
    ) ??
    [];
  const locked = progress?.open === false;
  const word = () => {
    if (lesson.kind === "quiz" && progress?.quiz_best !== undefined)
      return t("passedWith", { percent: f.number(progress.quiz_best, 0) });
    if (locked) return t("locked");
    if (done && lesson.kind !== "quiz") return t("allVerified");
    if (covered > 0) return t("verifiedOf", { done: f.clock(covered) });
    return lesson.required ? "" : t("optional");
  };
  const length = lesson.quiz ? t("questions", { count: lesson.quiz.questions }) : f.clock(seconds);
  return (
    <li className={[done ? "done" : "", now ? "now" : ""].join(" ").trim() || undefined}>
      <Link
        to="/learn/$enrolmentId/$lessonId"
        params={{ enrolmentId: enrolment.id, lessonId: lesson.id }}
        aria-current={now ? "true" : undefined}
      >
        <span className="mk">
          {done ? (
            <Icon name="check" size="s" />
          ) : now ? (
            <Icon name="play" size="s" />
          ) : locked ? (
            <Icon name="lock" size="s" />
          ) : null}
        </span>
        <span className="grow">
          <span className="lt">
            <span className="num">{place}</span> {f.text(lesson.title)}
          </span>
          {lesson.kind !== "quiz" && !done && covered > 0 && <Strip thin pieces={pieces} />}
          <span className="lm num">{word()}</span>
        </span>
        <span className="num small muted">{length}</span>
      </Link>
    </li>
  );
}

export function Outline({
  enrolment,
  lessonId,
  live,
}: {
  enrolment: Enrolment;
  lessonId: string;
  live?: Live;
}) {
  const t = usePlayer();
  const f = useFormat();
  const progress = new Map(enrolment.progress.map((p) => [p.lesson_id, p]));
  const coveredOf = (id: string) =>
    live?.lessonId === id ? live.coveredS : (progress.get(id)?.covered_s ?? 0);
  const lessons = enrolment.chapters.flatMap((c) => c.lessons);
  const all = Math.max(
    1,
    lessons.reduce((sum, l) => sum + (l.duration_ms ?? 0) / 1000, 0),
  );
  const covered = lessons.reduce((sum, l) => sum + coveredOf(l.id), 0);
  return (
    <aside className="out" aria-label={t("outline")}>
      <div className="out-h">
        <div className="row">
          <h2 className="grow">{t("outline")}</h2>
          <span className="small muted num">
            {t("done", { percent: Math.min(100, Math.floor((covered / all) * 100)) })}
          </span>
        </div>
        <Strip pieces={[{ from: 0, to: covered / all, texture: "v" }]} />
      </div>
      {enrolment.chapters.map((chapter, c) => {
        const seconds = chapter.lessons.reduce((sum, l) => sum + (l.duration_ms ?? 0) / 1000, 0);
        const done = chapter.lessons.reduce((sum, l) => sum + coveredOf(l.id), 0);
        return (
          <details className="u" key={chapter.id} open>
            <summary>
              <Icon name="down" size="s" />
              <span className="grow">
                <b>
                  <span className="num">{c + 1}</span>
                  {"　"}
                  {f.text(chapter.title)}
                </b>
                {seconds > 0 && (
                  <span className="muted num small">
                    {f.clock(done)} / {f.clock(seconds)}
                  </span>
                )}
              </span>
            </summary>
            <ol>
              {chapter.lessons.map((lesson, l) => (
                <LessonLine
                  key={lesson.id}
                  enrolment={enrolment}
                  lesson={lesson}
                  place={`${c + 1}.${l + 1}`}
                  progress={progress.get(lesson.id)}
                  live={live?.lessonId === lesson.id ? live : undefined}
                  now={lesson.id === lessonId}
                />
              ))}
            </ol>
          </details>
        );
      })}
    </aside>
  );
}
