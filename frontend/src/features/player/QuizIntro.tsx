import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { explain, Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { quizQuery, useStartAttempt } from "./api";
import { LessonHeader, type Place } from "./LessonHeader";
import { usePlayer } from "./messages";
import { Outline } from "./Outline";

type Quiz = Schemas["Quiz"];

function Attempts({ quiz }: { quiz: Quiz }) {
  const t = usePlayer();
  const f = useFormat();
  if (quiz.attempts.length === 0) return null;
  return (
    <section className="qa">
      <h2>{t("attempts")}</h2>
      <ul>
        {quiz.attempts.map((a) => (
          <li key={a.id}>
            <b>{t("attempt", { number: a.number })}</b>
            <span className="small muted num">{f.date(a.submitted_at ?? a.started_at, "minute")}</span>
            {a.submitted_at ? (
              <span className={a.passed ? "st v" : "st x"}>
                {t(a.passed ? "passed" : "notPassed")} ·{" "}
                <span className="num">{f.number(a.percent ?? 0, 0)}%</span>
              </span>
            ) : (
              <span className="st p">{t("inProgress")}</span>
            )}
            <Link className="btn sm" to="/attempts/$attemptId" params={{ attemptId: a.id }}>
              {a.submitted_at ? t("see") : t("goOnAttempt", { number: a.number })}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Begin({ quiz }: { quiz: Quiz }) {
  const t = usePlayer();
  const common = useCommon();
  const start = useStartAttempt(quiz.id);
  const running = quiz.attempts.find((a) => !a.submitted_at);
  const none = quiz.attempts_left === 0 && !running;
  const passed = quiz.attempts.some((a) => a.passed);
  if (!quiz.open) {
    return (
      <p className="note p">
        <Icon name="lock" />
        {t("quizLocked")}
      </p>
    );
  }
  return (
    <>
      {!none && (
        <button
          className={passed ? "btn lg" : "btn primary lg"}
          type="button"
          disabled={start.isPending}
          onClick={() => start.mutate()}
        >
          {running
            ? t("goOnAttempt", { number: running.number })
            : t(quiz.attempts.length > 0 ? "again" : "start")}
        </button>
      )}
      {none && <p className="note">{common("problem.no-attempts-left")}</p>}
      {start.isError && (
        <p className="note x" role="alert">
          <Icon name="warn" />
          {explain(start.error, common)}
        </p>
      )}
    </>
  );
}

export function QuizIntro({ place }: { place: Place }) {
  const t = usePlayer();
  const f = useFormat();
  const { lesson, enrolment } = place;
  const quiz = useQuery({ ...quizQuery(lesson.quiz?.id ?? ""), enabled: !!lesson.quiz });
  const q = quiz.data;
  return (
    <main id="main" className="pl">
      <div className="pl-main">
        <div className="body">
          <LessonHeader place={place} />
          {quiz.isError && <Failure error={quiz.error} retry={() => void quiz.refetch()} />}
          {quiz.isPending && <Skeleton lines={5} />}
          {q && (
            <div className="card qi">
              <span className="msg-i">
                <Icon name="pencil" size="l" />
              </span>
              <p className="qi-f num">{t("quizFacts", { questions: q.questions, mark: q.pass_mark })}</p>
              <ul>
                <li>
                  <Icon name="clock" />
                  {q.time_limit_s ? t("timeLimit", { time: f.duration(q.time_limit_s) }) : t("noTimeLimit")}
                </li>
                <li>
                  <Icon name="rewind" />
                  {q.attempts_left === undefined
                    ? t("attemptsFree")
                    : t("attemptsLeft", { count: q.attempts_left })}
                </li>
                <li>
                  <Icon name="saved" />
                  {t("rules1")}
                </li>
                <li>
                  <Icon name="passed" />
                  {t("rules2")}
                </li>
              </ul>
              <Begin quiz={q} />
              <Attempts quiz={q} />
            </div>
          )}
        </div>
      </div>
      <Outline enrolment={enrolment} lessonId={lesson.id} />
    </main>
  );
}
