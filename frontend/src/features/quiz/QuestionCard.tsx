import { Trans } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { i18n } from "../../lib/i18n";
import { Icon } from "../../ui/Icon";
import { useQuiz } from "./messages";

interface Props {
  question: Schemas["AttemptQuestion"];
  n: number;
  total: number;
  answer: string[];
  flagged: boolean;
  onPress: (choice: string) => void;
  onFlag: () => void;
}

export function QuestionCard({ question: q, n, total, answer, flagged, onPress, onFlag }: Props) {
  const t = useQuiz();
  const f = useFormat();
  const many = q.kind === "multiple_choice";
  return (
    <>
      <div className="q-k">
        <span className="num">
          <Trans i18n={i18n} ns="quiz" i18nKey="question" values={{ n, total }} components={{ b: <b /> }} />
        </span>
        <span>{t(q.kind, { count: q.points })}</span>
        <button className="btn sm" type="button" aria-pressed={flagged} onClick={onFlag}>
          <Icon name="flag" size="s" />
          {t(flagged ? "flagged" : "flag")}
        </button>
      </div>
      <h1 className="q-t" tabIndex={-1} id="question">
        {f.text(q.stem)}
      </h1>
      <fieldset className="ans">
        <legend className={many ? "q-many" : "vh"}>{t(many ? "chooseMany" : "chooseOne")}</legend>
        {q.choices.map((c, at) => (
          <label key={c.id}>
            <input
              type={many ? "checkbox" : "radio"}
              name={q.id}
              checked={answer.includes(c.id)}
              onChange={() => onPress(c.id)}
            />
            <span>{f.text(c.text)}</span>
            <span className="kbd" aria-hidden="true">
              {at + 1}
            </span>
          </label>
        ))}
      </fieldset>
    </>
  );
}
