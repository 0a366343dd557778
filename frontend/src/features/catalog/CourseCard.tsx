import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Cover } from "../../ui/Cover";
import { Strip, Ticks } from "../../ui/Strip";
import { useCatalog } from "./messages";
import { marked } from "./model";

interface Props {
  course: Schemas["CourseCard"];
  terms: string[];
  /** Of the reader, if enrolled. */
  covered?: number;
}

export function CourseCard({ course, terms, covered }: Props) {
  const t = useCatalog();
  const common = useCommon();
  const f = useFormat();
  const title = f.text(course.title);
  const captions = course.captions
    .filter((l) => l !== course.language)
    .map((l) => t("captionsIn", { language: common(l === "en" ? "language.en" : "language.zh") }));
  const share = covered !== undefined && course.duration_s > 0 ? covered / course.duration_s : 0;
  return (
    <li className="card cc">
      <div className="cc-cv">
        <Cover root={course.subject === "public" ? undefined : course.field?.root} seed={course.number} />
        {share > 0 && <Strip pieces={[{ from: 0, to: share, texture: "v" }]} />}
      </div>
      <div className="cc-b">
        <div className="row cc-top">
          <span className={course.subject === "public" ? "badge pub" : "badge pro"}>
            {common(course.subject)}
          </span>
          {course.field && <span className="small muted">{f.text(course.field.name)}</span>}
        </div>
        <h3>
          <Link to="/courses/$courseId" params={{ courseId: course.id }}>
            {marked(title, terms).map((p, n) => (p.hit ? <mark key={n}>{p.text}</mark> : p.text))}
          </Link>
        </h3>
        <p className="small muted cc-inst">{f.text(course.provider.name)}</p>
        <div className="cc-f">
          <div className="cc-h">
            <b className="num">{f.number(course.hours)}</b>
            <span className="small">{common("hourUnit")}</span>
            <Ticks hours={course.hours} />
          </div>
          <div className="cc-m small muted">
            {share > 0 ? (
              <span className="st v num">
                {common("verified")} {f.clock(covered ?? 0)} / {f.clock(course.duration_s)}
              </span>
            ) : (
              <>
                <span>{course.duration_s > 0 ? f.duration(course.duration_s) : t("reading")}</span>
                <span>
                  {[common(course.language === "en" ? "language.en" : "language.zh"), ...captions].join(
                    f.locale === "en" ? ", " : " · ",
                  )}
                </span>
              </>
            )}
          </div>
        </div>
      </div>
    </li>
  );
}
