import { Trans } from "react-i18next";
import { useFormat } from "../../../lib/format";
import { i18n } from "../../../lib/i18n";
import { useCommon } from "../../../lib/messages";
import { Confirmed, CourseTime, Forfeited, PendingTime } from "../Ledger";
import type { Study } from "../study";
import { useReading } from "./messages";
import { type Layout, nextMissing, type PageTime, ranges, readS, stateOf } from "./pages";

interface Props {
  study: Study;
  layout: Layout;
  pages: PageTime[];
  /** From 0. */
  at: number;
  course: { covered: number; all: number };
  onPage: (page: number) => void;
}

const sum = (pages: PageTime[], of: keyof PageTime) => pages.reduce((all, p) => all + p[of], 0);

/** What of the document is read, in figures, each beside its texture. */
export function Figures({ study, layout, pages, at, course, onPage }: Props) {
  const t = useReading();
  const common = useCommon();
  const f = useFormat();
  const read = pages.filter((p) => stateOf(p, layout) === "read").length;
  return (
    <section className="card led" aria-label={t("lessonTime")}>
      <div>
        <span className="st v">{common("verified")}</span>
        <b className="big num" data-testid="pages-read">
          <Trans
            i18n={i18n}
            ns="reading"
            i18nKey="readPages"
            values={{ read, pages: layout.pages }}
            components={{ of: <span className="of" /> }}
          />
        </b>
        <span className="small num" data-testid="verified">
          {t("time", { time: f.exact(sum(pages, "verified")) })}
        </span>
        <span className="small num">
          {" · "}
          <Confirmed study={study} />
        </span>
      </div>
      <PendingTime study={study} credited={sum(pages, "pending")} waiting={sum(pages, "waiting")} />
      <Missing study={study} layout={layout} pages={pages} at={at} onPage={onPage} />
      <CourseTime {...course} />
    </section>
  );
}

function Missing({ study, layout, pages, at, onPage }: Omit<Props, "course">) {
  const t = useReading();
  const common = useCommon();
  const lacking = pages.flatMap((p, n) => (readS(p) < layout.page_min_s ? [n] : []));
  const next = nextMissing(pages, layout, at);
  const { text, more } = ranges(lacking);
  return (
    <div>
      <span className="st m">{common("missing")}</span>
      <b className="mid num">{t("missingPages", { count: lacking.length })}</b>
      {next === null ? (
        <span className="small">{t("noneMissing")}</span>
      ) : (
        <>
          <span className="small num rdr-which">
            {t(more ? "missingAreMore" : "missingAre", { pages: text })}
          </span>
          <button className="go num" type="button" onClick={() => onPage(next)}>
            {t("goMissing", { page: next + 1 })}
          </button>
        </>
      )}
      <Forfeited study={study} />
    </div>
  );
}
