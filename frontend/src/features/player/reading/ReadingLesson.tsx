import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { useFormat } from "../../../lib/format";
import { Icon } from "../../../ui/Icon";
import { Dropped, LineBand, TakeOver, Veil } from "../Banners";
import { LessonHeader, NextLink, type Place } from "../LessonHeader";
import { Outline } from "../Outline";
import { PresenceCard } from "../presence/PresenceCard";
import { useRefreshOnCompletion, useRefreshOnLeaving } from "../refresh";
import { useKeys } from "../shortcuts";
import { pausedForCheck, studying } from "../study";
import { useStudy } from "../useStudy";
import { Bar } from "./Bar";
import { Figures } from "./Figures";
import { Introduction } from "./Introduction";
import { Keys } from "./Keys";
import { type Command, keys } from "./keys";
import { useReading } from "./messages";
import { Opening } from "./Opening";
import { nextMissing, onePage, pageAt, pagesOf, stripOf, towardsMinimum } from "./pages";
import { PdfDocument } from "./pdf/PdfDocument";
import { countedOf, nothingSeen } from "./seen";
import { TextView } from "./TextView";
import "./reading.css";
import { useCounting } from "./useCounting";
import { zoomed } from "./zoom";

/** A document, read page by page while its time is counted. */
export function ReadingLesson({ place }: { place: Place }) {
  const t = useReading();
  const f = useFormat();
  const { lesson, enrolment } = place;
  const { study, reporter } = useStudy(lesson.id);
  const { session, status } = study;
  useRefreshOnCompletion(place, study.completed);
  useRefreshOnLeaving(place);
  const layout = session?.reading ?? lesson.reading ?? onePage;
  const [seen, setSeen] = useState(nothingSeen);
  const [shown, setShown] = useState(false);
  const [zoom, setZoom] = useState(1);
  const [help, setHelp] = useState(false);
  const [declined, setDeclined] = useState(false);
  const jump = useRef<(page: number) => void>(() => undefined);
  const here = studying(study);
  const pause = useCounting({ reporter, layout: session?.reading, seen, shown: shown && here });

  const known = study.confirmedAt === null ? { ...study, covered: lesson.progress.covered } : study;
  const pages = pagesOf(layout, known);
  const read = towardsMinimum(pages, layout);
  const go = (page: number) => jump.current(Math.max(0, Math.min(layout.pages - 1, page)));
  const run = (command: Command) => {
    const missing = nextMissing(pages, layout, seen.middle);
    const acts: Record<Command, () => void> = {
      back: () => go(seen.middle - 1),
      on: () => go(seen.middle + 1),
      missing: () => missing !== null && go(missing),
      smaller: () => setZoom((z) => zoomed(z, -1)),
      larger: () => setZoom((z) => zoomed(z, 1)),
      fit: () => setZoom(1),
      help: () => setHelp(true),
    };
    acts[command]();
  };
  useKeys(keys, run);
  // Larger pages lie elsewhere: the one that was read stays before the reader.
  const middle = useRef(0);
  middle.current = seen.middle;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only zooming moves the pages
  useLayoutEffect(() => jump.current(middle.current), [zoom]);

  const open = here && study.confirmedAt !== null && session?.reading ? session : null;
  // Where one was is asked once a session: what is read afterwards does not scroll the page.
  const start = useMemo(() => (open?.reading ? pageAt(open.reading, open.resume_at_ms) : 0), [open]);
  const at = { pages: layout.pages, start, onSeen: setSeen, jump };
  const text = f.text(lesson.text);
  const shownIn = { place: at, onShown: setShown, onGone: () => reporter.ask() };
  const others = enrolment.covered_s - lesson.progress.covered_s;
  const live = {
    lessonId: lesson.id,
    pieces: stripOf(pages, layout),
    coveredS: read,
    completed: study.completed,
  };
  return (
    <main id="main" className="pl">
      <div className="pl-main rdr">
        <div className="body">
          <LessonHeader place={place} primary={study.completed} />
          <Dropped study={study} reporter={reporter} />
          {study.completed && (
            <p className="note v done-note" role="status">
              <Icon name="passed" />
              {t("lessonDone")}
            </p>
          )}
          <Figures
            study={study}
            layout={layout}
            pages={pages}
            at={seen.middle}
            course={{ covered: others + read, all: lesson.course.duration_s }}
            onPage={go}
          />
          <p className="small muted rdr-rule">
            {t("rule", { min: f.exact(layout.page_min_s), max: f.exact(layout.page_max_s) })}
          </p>
          {lesson.file_url && <Introduction text={text} fileUrl={lesson.file_url} />}
        </div>
        <div className="rdr-bar">
          <LineBand study={study} reporter={reporter} />
          <Bar
            layout={layout}
            pages={pages}
            at={seen.middle}
            counted={countedOf(seen, pages, layout)}
            counting={here}
            pause={pausedForCheck(study) ? "check" : shown && here ? pause : null}
            zoom={lesson.file_url ? zoom : null}
            onPage={go}
            run={run}
          />
        </div>
        <div className="body rdr-doc" data-status={status.kind}>
          <div className="rdr-veil">
            <Veil study={study} reporter={reporter} waitingHere={status.kind === "held" && declined} />
          </div>
          {open?.reading &&
            (lesson.file_url ? (
              <PdfDocument key={open.id} url={open.reading.document_url} zoom={zoom} {...shownIn} />
            ) : (
              <TextView
                key={open.id}
                url={`${open.reading.document_url}?lang=${f.locale.slice(0, 2)}`}
                {...shownIn}
              />
            ))}
          {!open && (here || status.kind === "opening") && <Opening />}
          <div className="read-end">
            <NextLink place={place} primary={study.completed} />
          </div>
        </div>
        <PresenceCard study={study} reporter={reporter} reading />
      </div>
      <Outline enrolment={enrolment} lessonId={lesson.id} live={live} />
      {status.kind === "held" && !declined && (
        <TakeOver
          device={status.device}
          anotherTab={status.anotherTab}
          onTake={() => void reporter.open(true)}
          onLeave={() => setDeclined(true)}
        />
      )}
      {help && <Keys zooms={lesson.file_url !== undefined} onClose={() => setHelp(false)} />}
    </main>
  );
}
