import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, take } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { useFormat } from "../format";
import "./assignments.css";
import { useAssignments } from "./messages";

/** What one is to take, why and until when: all that is not done, or one course's. */
export function MyAssignments({ course }: { course?: string }) {
  const t = useAssignments();
  const f = useFormat();
  const { data } = useQuery({
    queryKey: ["my-assignments"],
    queryFn: () => take(api.GET("/me/assignments")),
  });
  const items = data?.items.filter((a) => (course ? a.course_id === course : a.stage !== "done")) ?? [];
  if (items.length === 0) return null;
  return (
    <section className="mya" aria-label={t("title")}>
      {!course && <h2>{t("title")}</h2>}
      <ul>
        {items.map((a) => (
          <li key={a.id} className={a.stage === "overdue" ? "note x" : "note"}>
            <Icon name="calendar" size="s" />
            <span>
              {!course && (
                <Link to="/courses/$courseId" params={{ courseId: a.course_id }}>
                  {f.text(a.title)}
                </Link>
              )}
              <b>
                {t("until", { date: f.date(a.due_on) })} · {t(`stage.${a.stage}`)}
              </b>
              <span>{t("by", { organisation: f.text(a.org.name) })}</span>
              {a.note && <q>{a.note}</q>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
