import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { Glass } from "../../ui/Icon";
import { useQuiz } from "./messages";

export function Header({ attempt, children }: { attempt: Schemas["Attempt"]; children?: ReactNode }) {
  const t = useQuiz();
  const f = useFormat();
  const { attempts_allowed: allowed } = attempt.quiz;
  return (
    <header className="qh">
      <div className="wrap qh-in">
        <Link className="brand" to="/">
          <Glass />
          <span className="vh">Hourglass</span>
        </Link>
        <div className="t">
          <b>{f.text(attempt.title)}</b>
          <span>
            {allowed
              ? t("attemptOf", { number: attempt.number, allowed })
              : t("attempt", { number: attempt.number })}
          </span>
        </div>
        <div className="end">
          {children}
          <Link
            className="btn sm quiet"
            to="/learn/$enrolmentId/$lessonId"
            params={{ enrolmentId: attempt.enrolment_id, lessonId: attempt.lesson_id }}
          >
            {t(attempt.submitted_at ? "toLesson" : "leave")}
          </Link>
        </div>
      </div>
    </header>
  );
}
