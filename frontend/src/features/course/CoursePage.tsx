import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { Markdown } from "../../ui/Markdown";
import { Skeleton } from "../../ui/states";
import { courseQuery } from "./api";
import "./course.css";
import { EnrolButton, EnrolCard } from "./EnrolCard";
import { useCourse } from "./messages";
import { Outline } from "./Outline";

const route = getRouteApi("/learner/courses/$courseId");

export function CoursePage() {
  const { courseId } = route.useParams();
  const f = useFormat();
  const course = useQuery(courseQuery(courseId));
  useTitle(f.text(course.data?.title));
  if (course.isError) {
    return (
      <main id="main" className="wrap">
        <Failure error={course.error} retry={() => void course.refetch()} />
      </main>
    );
  }
  if (!course.data) {
    return (
      <main id="main" className="wrap">
        <Skeleton lines={6} tall />
      </main>
    );
  }
  return <CourseView course={course.data} />;
}

function CourseView({ course }: { course: Schemas["Course"] }) {
  const t = useCourse();
  const common = useCommon();
  const f = useFormat();
  const description = f.text(course.description);
  return (
    <>
      <main id="main">
        <div className="head">
          <div className="wrap co-lay">
            <div>
              <nav aria-label={t("crumbs")}>
                <ol className="crumbs">
                  <li>
                    <Link to="/">{t("courses")}</Link>
                  </li>
                  {course.field && (
                    <li className="row">
                      <Icon name="right" />
                      <Link to="/" search={{ field: [course.field.id] }}>
                        {f.text(course.field.name)}
                      </Link>
                    </li>
                  )}
                </ol>
              </nav>
              <p className="co-b">
                <span className={course.subject === "public" ? "badge pub" : "badge pro"}>
                  {common(course.subject)}
                </span>
                <span className="small muted">{t("version", { version: course.version })}</span>
              </p>
              <h1>{f.text(course.title)}</h1>
              <p className="lede">{f.text(course.summary)}</p>
              <div className="by">
                <span className="crest" aria-hidden="true">
                  <Icon name="school" size="l" />
                </span>
                <div>
                  <b>
                    <Link to="/organisations/$orgId" params={{ orgId: course.provider.id }}>
                      {f.text(course.provider.name)}
                    </Link>
                  </b>
                  <span className="small">
                    <Icon name="shield" />
                    {t(`kind.${course.provider.kind}`)}
                  </span>
                </div>
              </div>
            </div>
            <EnrolCard course={course} />
          </div>
        </div>
        <div className="wrap co-lay">
          <div className="main-c">
            {course.outcomes.length > 0 && (
              <section>
                <h2>{t("learn")}</h2>
                <ul className="learn">
                  {course.outcomes.map((o) => (
                    <li key={o.en + o.zh}>
                      <Icon name="check" />
                      <span>{f.text(o)}</span>
                    </li>
                  ))}
                </ul>
              </section>
            )}
            {description && (
              <section>
                <h2>{t("about")}</h2>
                <Markdown text={description} />
              </section>
            )}
            <section>
              <h2>{t("outline")}</h2>
              <Outline chapters={course.chapters} />
            </section>
            <Earned course={course} />
          </div>
        </div>
      </main>
      <section className="fixed" aria-label={t("enrolment")}>
        <div>
          <b className="num">{common("hours", { count: course.hours, n: f.number(course.hours) })}</b>
          <div className="small muted">{t("free")}</div>
        </div>
        <EnrolButton course={course} short />
      </section>
    </>
  );
}

/** What the hours are given for. */
function Earned({ course }: { course: Schemas["Course"] }) {
  const t = useCourse();
  const f = useFormat();
  const quiz = course.chapters.flatMap((c) => c.lessons).find((l) => l.quiz)?.quiz;
  return (
    <section>
      <h2>{t("howEarned", { hours: f.number(course.hours) })}</h2>
      <div className="card req">
        <div>
          <Icon name="clock" size="l" />
          <h3>{t(course.has_video ? "watch" : "read")}</h3>
          <p>{t(course.has_video ? "watchText" : "readText", { time: f.clock(course.duration_s) })}</p>
        </div>
        {quiz && (
          <div>
            <Icon name="pencil" size="l" />
            <h3>{t("quiz")}</h3>
            <p>{t("quizText", { questions: quiz.questions, mark: quiz.pass_mark })}</p>
          </div>
        )}
        <div>
          <Icon name="medal" size="l" />
          <h3>{t("register")}</h3>
          <p>{t("registerText")}</p>
        </div>
      </div>
    </section>
  );
}
