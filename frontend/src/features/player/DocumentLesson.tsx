import { useFormat } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { Markdown } from "../../ui/Markdown";
import { LessonHeader, NextLink, type Place } from "./LessonHeader";
import { usePlayer } from "./messages";
import { Outline } from "./Outline";

export function DocumentLesson({ place }: { place: Place }) {
  const t = usePlayer();
  const f = useFormat();
  const { lesson, enrolment } = place;
  const text = f.text(lesson.text);
  return (
    <main id="main" className="pl">
      <div className="pl-main">
        <div className="body">
          <LessonHeader place={place} />
          <article className="card read">
            <p className="small muted row">
              <Icon name="book" size="s" />
              {t("readingNote")}
            </p>
            {lesson.file_url && (
              <a className="btn" href={lesson.file_url} target="_blank" rel="noreferrer">
                <Icon name="file" />
                {t("openFile")}
              </a>
            )}
            {text && <Markdown text={text} />}
          </article>
          <div className="read-end">
            <NextLink place={place} primary />
          </div>
        </div>
      </div>
      <Outline enrolment={enrolment} lessonId={lesson.id} />
    </main>
  );
}
