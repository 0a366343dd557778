import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { useTryAgain } from "./api";
import { useQuiz } from "./messages";

type Attempt = Schemas["Attempt"];
type Question = Schemas["AttemptQuestion"];

function Choices({ question: q }: { question: Question }) {
  const t = useQuiz();
  const f = useFormat();
  return (
    <ul className="rc">
      {q.choices.map((c) => {
        const mine = q.answer.includes(c.id);
        const words = [mine && t("yourAnswer"), c.correct && t("rightAnswer")].filter(Boolean).join(" · ");
        return (
          <li
            key={c.id}
            className={[c.correct && "ok", mine && "mine"].filter(Boolean).join(" ") || undefined}
          >
            {c.correct ? (
              <Icon name="check" size="s" />
            ) : mine ? (
              <Icon name="close" size="s" />
            ) : (
              <span className="i s" />
            )}
            <span>{f.text(c.text)}</span>
            {words && <span className="small">{words}</span>}
          </li>
        );
      })}
    </ul>
  );
}

function Reviewed({ question: q, n }: { question: Question; n: number }) {
  const t = useQuiz();
  const f = useFormat();
  return (
    <li className="card rq">
      <div className="row">
        <b className="num">{n}</b>
        <span className={q.correct ? "st v" : "st x"}>{t(q.correct ? "right" : "wrong")}</span>
        {q.answer.length === 0 && <span className="small muted">{t("noAnswer")}</span>}
      </div>
      <h3>{f.text(q.stem)}</h3>
      <Choices question={q} />
      {q.explanation && f.text(q.explanation) && (
        <p className="note">
          <Icon name="info" />
          <span>
            <b>{t("why")}</b> {f.text(q.explanation)}
          </span>
        </p>
      )}
    </li>
  );
}

export function Result({ attempt: a }: { attempt: Attempt }) {
  const t = useQuiz();
  const common = useCommon();
  const f = useFormat();
  const again = useTryAgain(a.quiz.id);
  const mark = a.quiz.pass_mark;
  const percent = a.percent ?? 0;
  const mayTry = a.attempts_left === undefined || a.attempts_left > 0;
  return (
    <main id="main" className="wrap res">
      <section className="card res-top">
        <span className={a.passed ? "ok" : "ok bad"} aria-hidden="true">
          <Icon name={a.passed ? "check" : "close"} />
        </span>
        <div className="grow">
          <h1 tabIndex={-1} ref={(e) => e?.focus()}>
            {t(a.passed ? "passed" : "notPassed")} · <span className="num">{f.number(percent, 0)}%</span>
          </h1>
          <p>{t(a.passed ? "passedText" : "notPassedText", { mark })}</p>
          <div
            className="score"
            role="img"
            aria-label={t("distribution", { percent: f.number(percent, 0), mark })}
          >
            <i style={{ width: `${percent}%` }} className={a.passed ? "v" : "x"} />
            <span style={{ left: `${mark}%` }} />
          </div>
          <p className="small muted num">
            {t("points", { points: a.points ?? 0, total: a.points_total ?? 0 })}
          </p>
          {a.course_completed && (
            <p className="note v">
              <Icon name="medal" />
              {t("courseCompleted")}
            </p>
          )}
          {again.isError && <p className="note x">{explain(again.error, common)}</p>}
          <div className="res-a">
            {a.course_completed && (
              <Link className="btn primary" to="/hours">
                {t("seeHours")}
              </Link>
            )}
            <Link
              className={a.passed && !a.course_completed ? "btn primary" : "btn"}
              to="/learn/$enrolmentId/$lessonId"
              params={{ enrolmentId: a.enrolment_id, lessonId: a.lesson_id }}
            >
              {t("toLesson")}
            </Link>
            {!a.passed && mayTry && (
              <button
                className="btn primary"
                type="button"
                disabled={again.isPending}
                onClick={() => again.mutate()}
              >
                {t("tryAgain")}
              </button>
            )}
            {!a.passed && a.attempts_left !== undefined && (
              <span className="small muted">
                {a.attempts_left > 0 ? t("attemptsLeft", { count: a.attempts_left }) : t("noneLeft")}
              </span>
            )}
          </div>
        </div>
      </section>
      <section>
        <h2 className="res-h2">{t("answers")}</h2>
        <ol className="rqs">
          {a.questions.map((q, n) => (
            <Reviewed key={q.id} question={q} n={n + 1} />
          ))}
        </ol>
      </section>
    </main>
  );
}
