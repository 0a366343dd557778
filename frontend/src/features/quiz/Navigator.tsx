import type { Schemas } from "../../api/client";
import { useQuiz } from "./messages";
import type { Answers } from "./model";

interface Props {
  attempt: Schemas["Attempt"];
  answers: Answers;
  flags: Set<string>;
  at: number;
  onGo: (n: number) => void;
  onSubmit: () => void;
}

export function Navigator({ attempt, answers, flags, at, onGo, onSubmit }: Props) {
  const t = useQuiz();
  const total = attempt.questions.length;
  const answered = attempt.questions.filter((q) => (answers[q.id] ?? []).length > 0).length;
  const describe = (id: string, n: number) =>
    [
      n === at && t("currentWord"),
      t((answers[id] ?? []).length > 0 ? "answered" : "notAnswered"),
      flags.has(id) && t("flaggedWord"),
    ]
      .filter(Boolean)
      .join(", ");
  return (
    <aside className="card nav" aria-label={t("navigator")}>
      <h2>
        <span>{t("questions")}</span>
        <span className="num">{t("answeredOf", { n: answered, total })}</span>
      </h2>
      <ol>
        {attempt.questions.map((q, n) => (
          <li
            key={q.id}
            className={[n === at && "c", (answers[q.id] ?? []).length > 0 && "a", flags.has(q.id) && "f"]
              .filter(Boolean)
              .join(" ")}
          >
            <button
              type="button"
              aria-current={n === at ? "step" : undefined}
              aria-label={t("navItem", { n: n + 1, state: describe(q.id, n) })}
              onClick={() => onGo(n)}
            >
              {n + 1}
            </button>
          </li>
        ))}
      </ol>
      <div className="leg" aria-hidden="true">
        <span>
          <i className="la" />
          {t("legAnswered")}
        </span>
        <span>
          <i />
          {t("legNot")}
        </span>
        <span>
          <i className="lc" />
          {t("legCurrent")}
        </span>
        <span>
          <i className="lf" />
          {t("legFlagged")}
        </span>
      </div>
      <button
        className={answered === total ? "btn primary block" : "btn block"}
        type="button"
        onClick={onSubmit}
      >
        {t("submit")}
      </button>
      <p className="small muted nav-n">
        {t(attempt.due_at ? "timeOut" : "passMark", { mark: attempt.quiz.pass_mark })}
      </p>
    </aside>
  );
}
