import { getRouteApi } from "@tanstack/react-router";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { useAuthoring } from "./messages";
import { type MissingPlace, missingPlace } from "./missing";
import type { Draft, EditChapter } from "./model";

const route = getRouteApi("/workspace/courses/$courseId");

/** Waits for the part to be shown, then goes to the very place. */
function focusOn(id: string, tries = 20) {
  const found = document.getElementById(id);
  if (!found) {
    if (tries > 0) setTimeout(() => focusOn(id, tries - 1), 50);
    return;
  }
  found.scrollIntoView({ block: "center" });
  found.focus({ preventScroll: true });
}

/** Fields of two languages are gone to in the reader's own. */
const fieldOf = (place: MissingPlace, locale: string) =>
  place.focus === "title" && place.at !== "about" ? `title-${locale === "en" ? "en" : "zh"}` : place.focus;

function useWords() {
  const t = useAuthoring();
  const common = useCommon();
  const f = useFormat();
  return (p: MissingPlace, n: number) => {
    const where = [
      p.chapter && t("chapterN", { n: n + 1, title: f.text(p.chapter.title) || t("untitledChapter") }),
      p.lesson && (f.text(p.lesson.title) || t("untitledLesson")),
      p.question && t("questionN", { n: p.question }),
    ].filter(Boolean);
    const what = p.kind
      ? t(`missing.${p.kind}`, {
          language: p.language ? common(`language.${p.language}`) : "",
          choice: p.choice ? String.fromCharCode(64 + p.choice) : "",
        })
      : p.message;
    return { where: where.join(" › "), what };
  };
}

/** Everything that stands between the course and its submission; each line leads to the place. */
export function MissingList({ draft, chapters }: { draft: Draft; chapters: EditChapter[] }) {
  const t = useAuthoring();
  const { locale } = useFormat();
  const navigate = route.useNavigate();
  const words = useWords();
  if (draft.missing.length === 0) {
    return (
      <p className="note v">
        <Icon name="passed" />
        {t("complete")}
      </p>
    );
  }
  const go = async (p: MissingPlace) => {
    await navigate({ search: p.at === "outline" ? {} : { at: p.at } });
    focusOn(fieldOf(p, locale));
  };
  return (
    <div>
      <h3>{t("missingTitle", { count: draft.missing.length })}</h3>
      <ul className="miss">
        {draft.missing.map((problem) => {
          const p = missingPlace(problem, chapters);
          const { where, what } = words(p, p.chapter ? chapters.indexOf(p.chapter) : 0);
          return (
            <li key={problem.place + problem.code}>
              <button type="button" onClick={() => void go(p)}>
                <Icon name="warn" size="s" />
                <span className="grow">
                  {what}
                  {where && <span className="small muted">{where}</span>}
                </span>
                <Icon name="right" size="s" />
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
