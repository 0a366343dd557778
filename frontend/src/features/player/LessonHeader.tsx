import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { usePlayer } from "./messages";

export interface Place {
  enrolment: Schemas["Enrolment"];
  lesson: Schemas["Lesson"];
  /** Where to begin instead of where one left off. */
  startMs?: number;
}

/** "2.3" for the third lesson of the second chapter. */
export function numberOf({ enrolment, lesson }: Place): string {
  for (const [c, chapter] of enrolment.chapters.entries()) {
    const l = chapter.lessons.findIndex((x) => x.id === lesson.id);
    if (l >= 0) return `${c + 1}.${l + 1}`;
  }
  return "";
}

export function NextLink({ place, primary }: { place: Place; primary?: boolean }) {
  const t = usePlayer();
  if (!place.lesson.next_id) return null;
  return (
    <Link
      className={primary ? "btn primary" : "btn"}
      to="/learn/$enrolmentId/$lessonId"
      params={{ enrolmentId: place.enrolment.id, lessonId: place.lesson.next_id }}
    >
      {t("next")}
      <Icon name="next" />
    </Link>
  );
}

export function LessonHeader({ place, primary }: { place: Place; primary?: boolean }) {
  const t = usePlayer();
  const f = useFormat();
  return (
    <div className="ttl">
      <div>
        <Link className="small" to="/courses/$courseId" params={{ courseId: place.lesson.course.id }}>
          {f.text(place.lesson.course.title)}
        </Link>
        <h1>
          <span className="num">{numberOf(place)}</span>
          {"　"}
          {f.text(place.lesson.title)}
        </h1>
      </div>
      <div className="acts">
        {place.lesson.previous_id && (
          <Link
            className="btn quiet"
            to="/learn/$enrolmentId/$lessonId"
            params={{ enrolmentId: place.enrolment.id, lessonId: place.lesson.previous_id }}
          >
            <Icon name="back" />
            {t("previous")}
          </Link>
        )}
        <NextLink place={place} primary={primary} />
      </div>
    </div>
  );
}
