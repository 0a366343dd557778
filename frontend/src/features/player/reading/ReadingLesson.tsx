import { useState } from "react";
import { useFormat } from "../../../lib/format";
import { Icon } from "../../../ui/Icon";
import { Dropped, LineBand, TakeOver } from "../Banners";
import { LessonHeader, NextLink, type Place } from "../LessonHeader";
import { Outline } from "../Outline";
import { PresenceCard } from "../presence/PresenceCard";
import { pausedForCheck } from "../study";
import { Bar } from "./Bar";
import { Document } from "./Document";
import { Figures } from "./Figures";
import { Introduction } from "./Introduction";
import { Keys } from "./Keys";
import { useReading } from "./messages";
import { stripOf, towardsMinimum } from "./pages";
import { countedOf } from "./seen";
import "./reading.css";
import { type Reader, useReader } from "./useReader";

/** A document, read page by page while its time is counted. */
export function ReadingLesson({ place }: { place: Place }) {
  const { lesson, enrolment } = place;
  const reader = useReader(place);
  const { study, reporter, layout, pages } = reader;
  const { status } = study;
  const [declined, setDeclined] = useState(false);
  const live = {
    lessonId: lesson.id,
    pieces: stripOf(pages, layout),
    coveredS: towardsMinimum(pages, layout),
    completed: study.completed,
  };
  return (
    <main id="main" className="pl">
      <div className="pl-main rdr">
        <Head place={place} reader={reader} />
        <div className="rdr-bar">
          <LineBand study={study} reporter={reporter} />
          <Bar
            layout={layout}
            pages={pages}
            at={reader.seen.middle}
            counted={countedOf(reader.seen, pages, layout)}
            counting={reader.counting}
            pause={pausedForCheck(study) ? "check" : reader.pause}
            zoom={lesson.file_url ? reader.zoom : null}
            onPage={reader.go}
            run={reader.run}
          />
        </div>
        <div className="body rdr-doc">
          <Document place={place} reader={reader} declined={declined} />
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
      {reader.help && <Keys zooms={lesson.file_url !== undefined} onClose={reader.endHelp} />}
    </main>
  );
}

/** What the lesson is, how much of it is done, and how it counts. */
function Head({ place, reader }: { place: Place; reader: Reader }) {
  const t = useReading();
  const f = useFormat();
  const { lesson, enrolment } = place;
  const { study, layout, pages } = reader;
  const others = enrolment.covered_s - lesson.progress.covered_s;
  return (
    <div className="body">
      <LessonHeader place={place} primary={study.completed} />
      <Dropped study={study} reporter={reader.reporter} />
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
        at={reader.seen.middle}
        course={{ covered: others + towardsMinimum(pages, layout), all: lesson.course.duration_s }}
        onPage={reader.go}
      />
      <p className="small muted rdr-rule">
        {t("rule", { min: f.exact(layout.page_min_s), max: f.exact(layout.page_max_s) })}
      </p>
      {lesson.file_url && <Introduction text={f.text(lesson.text)} fileUrl={lesson.file_url} />}
    </div>
  );
}
