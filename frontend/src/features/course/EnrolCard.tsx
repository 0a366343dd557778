import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Trans } from "react-i18next";
import type { Schemas } from "../../api/client";
import { enrolmentQuery, meQuery, yearQuery } from "../../api/queries";
import { MyAssignments } from "../../lib/assignments/MyAssignments";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { i18n } from "../../lib/i18n";
import { useCommon } from "../../lib/messages";
import { Cover } from "../../ui/Cover";
import { Icon, type IconName } from "../../ui/Icon";
import { Strip, Ticks } from "../../ui/Strip";
import { useEnrol } from "./api";
import { useCourse } from "./messages";

type Course = Schemas["Course"];

function useFacts(course: Course): { icon: IconName; label: string; value: string }[] {
  const t = useCourse();
  const common = useCommon();
  const f = useFormat();
  const lessons = course.chapters.flatMap((c) => c.lessons);
  const quizzes = lessons.filter((l) => l.kind === "quiz").length;
  const name = (l: string) => common(l === "en" ? "language.en" : "language.zh");
  const captions = course.captions
    .filter((l) => l !== course.language)
    .map((l) => t("captionsIn", { language: name(l) }));
  const content = [
    t("lessons", { count: lessons.length - quizzes }),
    quizzes > 0 && t("quizzes", { count: quizzes }),
  ].filter(Boolean);
  const joint = f.locale === "en" ? ", " : " · ";
  const facts: { icon: IconName; label: string; value: string }[] = [
    { icon: "list", label: t("content"), value: content.join(joint) },
    { icon: "globe", label: t("language"), value: [name(course.language), ...captions].join(joint) },
    { icon: "calendar", label: t("published"), value: f.date(course.published_at) },
    { icon: "people", label: t("learners"), value: f.number(course.learners) },
  ];
  if (course.duration_s > 0)
    facts.unshift({ icon: "clock", label: t("studyTime"), value: f.duration(course.duration_s) });
  return facts;
}

/** Where the course stands in the reader's year. */
function Fit({ course }: { course: Course }) {
  const t = useCourse();
  const common = useCommon();
  const f = useFormat();
  const { data: year } = useQuery(yearQuery());
  if (!year) return null;
  const counted = year.counted / year.required;
  const gain = Math.min(course.hours, year.missing) / year.required;
  return (
    <div className="fit">
      <Strip
        pieces={[
          { from: 0, to: counted, texture: "v" },
          { from: counted, to: counted + gain, texture: "m" },
        ]}
      />
      {year.met ? (
        t("fitMet", { hours: f.number(course.hours) })
      ) : (
        <span>
          <Trans
            i18n={i18n}
            ns="course"
            i18nKey="fit"
            values={{
              subject: common(course.subject),
              year: year.year,
              missing: f.number(year.missing),
              hours: f.number(course.hours),
            }}
            components={{ b: <b /> }}
          />
        </span>
      )}
    </div>
  );
}

function Progress({ enrolmentId }: { enrolmentId: string }) {
  const t = useCourse();
  const f = useFormat();
  const { data: e } = useQuery(enrolmentQuery(enrolmentId));
  if (!e) return null;
  const all = Math.max(1, e.course.duration_s);
  return (
    <div className="fit">
      <Strip pieces={[{ from: 0, to: e.covered_s / all, texture: "v" }]} />
      <span className="st v num">
        {e.completed_at
          ? t("completed")
          : t("progress", { done: f.clock(e.covered_s), all: f.clock(e.course.duration_s) })}
      </span>
    </div>
  );
}

/** The one thing to do here: enrol, or go on. */
export function EnrolButton({ course, short }: { course: Course; short?: boolean }) {
  const t = useCourse();
  const { data: me } = useQuery(meQuery);
  const enrol = useEnrol(course.id);
  const look = short ? "btn primary" : "btn primary lg block enrol";
  if (course.enrolment_id) {
    return (
      <Link className={look} to="/learn/$enrolmentId" params={{ enrolmentId: course.enrolment_id }}>
        <Icon name="play" />
        {t("goOn")}
      </Link>
    );
  }
  if (me === null) {
    return (
      <Link className={look} to="/sign-in" search={{ to: `/courses/${course.id}` }}>
        {t(short ? "enrolShort" : "enrol")}
      </Link>
    );
  }
  return (
    <button className={look} type="button" disabled={enrol.isPending || !me} onClick={() => enrol.mutate()}>
      {t(short ? "enrolShort" : "enrol")}
    </button>
  );
}

export function EnrolCard({ course }: { course: Course }) {
  const t = useCourse();
  const common = useCommon();
  const f = useFormat();
  const facts = useFacts(course);
  const { data: me } = useQuery(meQuery);
  const enrol = useEnrol(course.id);
  return (
    <aside className="card buy" aria-label={t("enrolment")}>
      <div className="cvw">
        <Cover root={course.subject === "public" ? undefined : course.field?.root} seed={course.number} />
      </div>
      <div className="in">
        <div className="hrs">
          <b className="num">{f.number(course.hours)}</b>
          <span>{common("hourUnit")}</span>
          <Ticks hours={course.hours} />
        </div>
        <ul className="facts">
          {facts.map((fact) => (
            <li key={fact.icon}>
              <Icon name={fact.icon} />
              <span>{fact.label}</span>
              <b className="num">{fact.value}</b>
            </li>
          ))}
        </ul>
        {me && <MyAssignments course={course.id} />}
        <EnrolButton course={course} />
        {enrol.isError && (
          <p className="note x" role="alert">
            {explain(enrol.error, common)}
          </p>
        )}
        {me === null && <p className="fit">{t("signUpFirst")}</p>}
        {course.enrolment_id ? <Progress enrolmentId={course.enrolment_id} /> : me && <Fit course={course} />}
      </div>
    </aside>
  );
}
