import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { Icon, type IconName } from "../../ui/Icon";
import { useCourse } from "./messages";

type Lesson = Schemas["LessonOutline"];

const icons: Record<Lesson["kind"], IconName> = { video: "play", document: "file", quiz: "pencil" };

function useLength() {
  const t = useCourse();
  const f = useFormat();
  return (l: Lesson): string => {
    if (l.duration_ms) return f.clock(l.duration_ms / 1000);
    if (l.quiz) return t("questions", { count: l.quiz.questions });
    return t("document");
  };
}

function LessonRow({ lesson, place }: { lesson: Lesson; place: string }) {
  const t = useCourse();
  const f = useFormat();
  const length = useLength();
  return (
    <li>
      <Icon name={icons[lesson.kind]} />
      <span className="k num">{place}</span>
      <span>
        {f.text(lesson.title)}
        {lesson.quiz && (
          <span className="small muted"> · {t("passMark", { mark: lesson.quiz.pass_mark })}</span>
        )}
        {!lesson.required && <span className="badge plain">{t("optional")}</span>}
      </span>
      <span className="small muted num">{length(lesson)}</span>
    </li>
  );
}

export function Outline({ chapters }: { chapters: Schemas["ChapterOutline"][] }) {
  const t = useCourse();
  const f = useFormat();
  return (
    <div>
      {chapters.map((chapter, c) => {
        const seconds = chapter.lessons.reduce((sum, l) => sum + (l.duration_ms ?? 0) / 1000, 0);
        return (
          <details className="unit" key={chapter.id} open>
            <summary>
              <Icon name="down" />
              <span>
                <span className="num">{c + 1}</span>
                {"　"}
                {f.text(chapter.title)}
              </span>
              <span className="meta small muted num">
                <span>
                  {t("lessons", { count: chapter.lessons.length })}
                  {seconds > 0 && " · "}
                </span>
                {seconds > 0 && <span>{f.clock(seconds)}</span>}
              </span>
            </summary>
            <ol>
              {chapter.lessons.map((lesson, l) => (
                <LessonRow key={lesson.id} lesson={lesson} place={`${c + 1}.${l + 1}`} />
              ))}
            </ol>
          </details>
        );
      })}
    </div>
  );
}
