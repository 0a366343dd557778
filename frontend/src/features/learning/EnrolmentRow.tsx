import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Cover } from "../../ui/Cover";
import { Icon } from "../../ui/Icon";
import { Strip } from "../../ui/Strip";
import { useLearning } from "./messages";

export function EnrolmentRow({ enrolment: e }: { enrolment: Schemas["EnrolmentSummary"] }) {
  const t = useLearning();
  const common = useCommon();
  const f = useFormat();
  const { course } = e;
  const action = e.completed_at ? t("again") : e.studied_at ? t("goOn") : t("begin");
  return (
    <li className="card le-row">
      <div className="le-cv">
        <Cover root={course.subject === "public" ? undefined : course.field?.root} seed={course.number} />
      </div>
      <div className="le-b">
        <div className="row">
          <span className={course.subject === "public" ? "badge pub" : "badge pro"}>
            {common(course.subject)}
          </span>
          <span className="small muted num">
            {common("hours", { count: course.hours, n: f.number(course.hours) })}
          </span>
        </div>
        <h2>
          <Link to="/courses/$courseId" params={{ courseId: course.id }}>
            {f.text(course.title)}
          </Link>
        </h2>
        {course.duration_s > 0 && (
          <Strip pieces={[{ from: 0, to: e.covered_s / course.duration_s, texture: "v" }]} />
        )}
        <p className="le-m small muted num">
          {course.duration_s > 0 && (
            <span className="st v">
              {t("verified", { done: f.clock(e.covered_s), all: f.clock(course.duration_s) })}
            </span>
          )}
          {e.completed_at ? (
            <span>{t("completedAt", { date: f.date(e.completed_at) })}</span>
          ) : (
            <>
              <span>{t("lessons", { done: e.lessons_done, total: e.lessons_total })}</span>
              {e.studied_at && <span>{t("studied", { date: f.date(e.studied_at) })}</span>}
            </>
          )}
        </p>
      </div>
      <div className="le-a">
        {e.certificate_serial && (
          <Link className="btn" to="/verify/$serial" params={{ serial: e.certificate_serial }}>
            <Icon name="medal" />
            {t("certificate")}
          </Link>
        )}
        <Link
          className={e.completed_at ? "btn" : "btn primary"}
          to="/learn/$enrolmentId"
          params={{ enrolmentId: e.id }}
          aria-label={`${action}: ${f.text(course.title)}`}
        >
          {!e.completed_at && <Icon name="play" />}
          {action}
        </Link>
      </div>
    </li>
  );
}
