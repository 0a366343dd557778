import type { Schemas } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { clock } from "../format";
import { useDraft } from "./messages";

interface Props {
  questions: Schemas["LessonQuestion"][];
  /** Of the course: they are written in no other. */
  language: "zh" | "en";
}

/** A lesson's own questions with their right answers, in the order of their moments. */
export function Asks({ questions, language }: Props) {
  const t = useDraft();
  if (questions.length === 0) return null;
  const place = (q: Schemas["LessonQuestion"]) => q.page ?? q.at_ms;
  const inOrder = questions.toSorted((a, b) => place(a) - place(b));
  return (
    <section>
      <h5 className="rd-asks">{t("asks")}</h5>
      <ol className="rd-qs">
        {inOrder.map((q, n) => (
          <li key={`${n}${q.prompt}`} className="rd-q">
            <p className="small muted num">
              {t("questionN", { n: n + 1 })} · {t(`${q.kind}_choice`)} ·{" "}
              {q.page ? t("askPage", { page: q.page }) : t("askAt", { time: clock(q.at_ms / 1000) })}
            </p>
            <div lang={language === "zh" ? "zh-CN" : "en"}>
              <p className="rd-stem">{q.prompt}</p>
              <ul>
                {q.choices.map((c, k) => (
                  <li key={`${k}${c.text}`} className={c.correct ? "ok" : undefined}>
                    <Icon name={c.correct ? "passed" : "close"} size="s" />
                    <span className="vh">{t(c.correct ? "right" : "wrong")}</span>
                    {c.text}
                  </li>
                ))}
              </ul>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
