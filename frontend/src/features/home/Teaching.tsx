import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { ago } from "../../lib/ago";
import { useFormat } from "../../lib/format";
import { useNow } from "../../lib/hooks";
import type { Workspace } from "../../lib/workspaces";
import { Message } from "../../ui/states";
import { teachingQuery } from "./api";
import { useHome } from "./messages";
import { Figures, Loaded, Panel } from "./Panel";
import { Rows } from "./Rows";

type View = Schemas["TeachingFigures"];

function Sum({ view: v }: { view: View }) {
  const t = useHome();
  const f = useFormat();
  const states = [
    ["returned", v.returned],
    ["draft", v.drafts],
    ["submitted", v.waiting],
    ["published", v.published],
  ] as const;
  return (
    <section className="card hp wide" aria-label={t("courses")}>
      <div className="hk six">
        {states.map(([state, n]) => (
          <div key={state}>
            <span className="small muted">{t(`state.${state}`)}</span>
            <b className="num">{f.number(n)}</b>
            {n > 0 && (
              <Link className="small" to="/workspace/courses" search={{ state }}>
                {t("which")}
              </Link>
            )}
          </div>
        ))}
        <div>
          <span className="small muted">{t("learners")}</span>
          <b className="num">{f.number(v.learners)}</b>
        </div>
        <div>
          <span className="small muted">{t("completions")}</span>
          <b className="num">{f.number(v.completions)}</b>
        </div>
      </div>
    </section>
  );
}

function Months({ months }: { months: Schemas["MonthFigure"][] }) {
  const t = useHome();
  const f = useFormat();
  const most = Math.max(1, ...months.map((m) => m.completions));
  const all = months.reduce((sum, m) => sum + m.completions, 0);
  const name = (m: Schemas["MonthFigure"], long?: boolean) =>
    new Intl.DateTimeFormat(f.locale, {
      month: long ? "long" : "short",
      year: long ? "numeric" : undefined,
    }).format(new Date(m.start));
  return (
    <Panel title={t("months")} sub={all ? t("monthsSub", { count: all }) : t("monthsNone")}>
      <div className="mo" aria-hidden="true" hidden={all === 0}>
        {months.map((m) => (
          <div key={m.start}>
            <span className="num">{m.completions > 0 && f.number(m.completions)}</span>
            <i style={{ height: `${(m.completions / most) * 130}px` }} />
            <span className="l">{name(m)}</span>
          </div>
        ))}
      </div>
      <Figures
        caption={t("months")}
        head={[t("month"), t("col.completions")]}
        rows={months.map((m) => ({ key: m.start, cells: [name(m, true), f.number(m.completions)] }))}
      />
    </Panel>
  );
}

function Courses({ courses }: { courses: Schemas["CourseLearners"][] }) {
  const t = useHome();
  const f = useFormat();
  return (
    <Panel title={t("learned")} sub={t("learnedSub")} wide>
      <table className="tbl learned">
        <thead>
          <tr>
            <th scope="col">{t("course")}</th>
            <th scope="col" className="n">
              {t("col.learners")}
            </th>
            <th scope="col" className="n">
              {t("col.completed")}
            </th>
          </tr>
        </thead>
        <tbody>
          {courses.map((c) => (
            <tr key={c.course_id}>
              <td>
                <Link to="/courses/$courseId" params={{ courseId: c.course_id }}>
                  {f.text(c.title)}
                </Link>
              </td>
              <td className="n">{f.number(c.learners)}</td>
              <td className="n">{f.number(c.completed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** What an institution has to do, and how its courses are studied. */
export function Teaching({ ws }: { ws: Workspace }) {
  const t = useHome();
  const f = useFormat();
  const now = useNow(60_000);
  const view = useQuery(teachingQuery(ws.org.id));
  return (
    <Loaded query={view}>
      {(v) => (
        <>
          <Sum view={v} />
          <Panel title={t("toDo")} sub={v.to_do.length ? t("toDoSub") : t("toDoNone")}>
            {v.to_do.length === 0 && v.published === 0 ? (
              <Message icon="pencil" title={t("begin")}>
                <Link className="btn primary" to="/workspace/courses" search={{}}>
                  {t("toCourses")}
                </Link>
              </Message>
            ) : (
              <Rows
                rows={v.to_do.map((x) => ({
                  key: x.version_id,
                  icon: x.state === "returned" ? "warn" : "pencil",
                  name: f.text(x.title) || t("untitled"),
                  sub: t(`state.${x.state}`),
                  end: ago(x.at, now, f.locale),
                  link: { to: "/workspace/courses/$courseId", params: { courseId: x.course_id }, search: {} },
                }))}
              />
            )}
          </Panel>
          <Months months={v.months} />
          {v.courses.length > 0 && <Courses courses={v.courses} />}
        </>
      )}
    </Loaded>
  );
}
