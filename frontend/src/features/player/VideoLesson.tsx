import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { Dropped, LineBand, ShortcutsDialog, TakeOver, Veil } from "./Banners";
import { Controls, speeds } from "./Controls";
import { Ledger } from "./Ledger";
import { LessonHeader, NextLink, type Place } from "./LessonHeader";
import { LessonText } from "./LessonText";
import { usePlayer } from "./messages";
import type { Asked } from "./notes/NotesPanel";
import { Outline } from "./Outline";
import { PresenceCard } from "./presence/PresenceCard";
import { usePausing } from "./presence/usePausing";
import { useRefreshOnCompletion, useRefreshOnLeaving } from "./refresh";
import { type Command, useShortcuts } from "./shortcuts";
import { studying } from "./study";
import { cueAt } from "./Transcript";
import { piecesOf, timelineOf, total } from "./timeline";
import { useCaptions } from "./useCaptions";
import { useFullScreen } from "./useFullScreen";
import { useMedia } from "./useMedia";
import { useStudy } from "./useStudy";
import { useVideo } from "./useVideo";

export function VideoLesson({ place }: { place: Place }) {
  const t = usePlayer();
  const common = useCommon();
  const f = useFormat();
  const { lesson, enrolment } = place;
  const video = useRef<HTMLVideoElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const { study, reporter } = useStudy(lesson.id);
  const state = useVideo(video, reporter);
  const { session, status } = study;
  const durationS = (session?.duration_ms ?? lesson.duration_ms ?? 0) / 1000;
  const leftMs = session && session.resume_at_ms < session.duration_ms - 2000 ? session.resume_at_ms : 0;
  const startMs = place.startMs ?? leftMs;
  const here = studying(study);
  const media = useMedia(
    video,
    here && study.confirmedAt !== null ? session?.playlist_url : undefined,
    state.at > 0 ? state.at * 1000 : startMs,
    session?.policy.look_ahead_s ?? 60,
    () => reporter.ask(),
  );
  const languages = lesson.captions.map((c) => c.language);
  const [captions, setCaptions] = useCaptions(languages);
  const [full, toggleFull] = useFullScreen();
  const [help, setHelp] = useState(false);
  const [asked, askNote] = useState<Asked | null>(null);
  const [declined, setDeclined] = useState(false);
  const [ended, setEnded] = useState(false);
  const maxRate = session?.policy.max_rate ?? 2;
  useRefreshOnCompletion(place, study.completed);
  useRefreshOnLeaving(place);

  const timeline = useMemo(
    () =>
      timelineOf(
        study.confirmedAt === null ? { covered: lesson.progress.covered, waiting: study.waiting } : study,
        durationS,
      ),
    [study, lesson.progress.covered, durationS],
  );
  const pieces = useMemo(() => piecesOf(timeline, durationS), [timeline, durationS]);
  const coveredS = total(timeline.verified);

  usePausing(video, study);
  // Taken over or stopped: a picture that moves without counting would be a lie.
  useEffect(() => {
    if (!here) video.current?.pause();
  }, [here]);

  const go = useCallback((seconds: number) => {
    const v = video.current;
    if (!v) return;
    v.currentTime = Math.min(Math.max(0, seconds), Number.isFinite(v.duration) ? v.duration : seconds);
    setEnded(false);
  }, []);
  const setRate = useCallback(
    (rate: number) => {
      if (video.current) video.current.playbackRate = Math.min(rate, maxRate);
    },
    [maxRate],
  );
  const faster = (step: number) => {
    const at = speeds.indexOf(state.rate);
    setRate(speeds[Math.min(speeds.length - 1, Math.max(0, (at < 0 ? 2 : at) + step))] ?? 1);
  };
  const run = (command: Command) => {
    const v = video.current;
    if (!v || !here) return;
    const acts: Record<Command, () => void> = {
      toggle: () => {
        setEnded(false);
        if (v.paused) void v.play().catch(() => undefined);
        else v.pause();
      },
      back10: () => go(v.currentTime - 10),
      forward10: () => go(v.currentTime + 10),
      back5: () => go(v.currentTime - 5),
      forward5: () => go(v.currentTime + 5),
      slower: () => faster(-1),
      faster: () => faster(1),
      captions: () =>
        setCaptions(
          captions
            ? ""
            : (languages.find((l) => l === (f.locale === "en" ? "en" : "zh")) ?? languages[0] ?? ""),
        ),
      mute: () => {
        v.muted = !v.muted;
      },
      full: () => toggleFull(stage.current),
      pip: () =>
        void (
          document.pictureInPictureElement ? document.exitPictureInPicture() : v.requestPictureInPicture()
        ).catch(() => undefined),
      note: () => {
        if (full) toggleFull(stage.current);
        askNote({ atMs: v.currentTime * 1000 });
      },
      help: () => setHelp(true),
    };
    acts[command]();
  };
  useShortcuts(run);

  const cues = lesson.captions.find((c) => c.language === captions)?.cues ?? [];
  const cue = cues[cueAt(cues, state.at * 1000)];
  const others = enrolment.covered_s - lesson.progress.covered_s;
  const stripLabel = t("strip", {
    verified: f.clock(coveredS),
    pending: f.clock(total(timeline.pending)),
    waiting: f.clock(total(timeline.waiting)),
    missing: f.clock(total(timeline.missing)),
  });
  const live = { lessonId: lesson.id, pieces, coveredS, completed: study.completed };

  return (
    <main id="main" className="pl">
      <div className="pl-main">
        <div className="stage" ref={stage} data-status={status.kind}>
          <LineBand
            study={study}
            reporter={reporter}
            playableTo={state.bufferedTo > 0 ? state.bufferedTo : undefined}
          />
          <div className="vw">
            <div className="pic">
              <div className="vid">
                {/* biome-ignore lint/a11y/useMediaCaption: the tracks are there, one a language the lesson has */}
                <video
                  ref={video}
                  poster={lesson.poster_url}
                  playsInline
                  preload="auto"
                  crossOrigin="anonymous"
                  onClick={() => run("toggle")}
                  onEnded={() => setEnded(true)}
                >
                  {lesson.captions.map((c) => (
                    <track
                      key={c.language}
                      kind="captions"
                      src={c.url}
                      srcLang={c.language}
                      label={common(c.language === "en" ? "language.en" : "language.zh")}
                    />
                  ))}
                </video>
                {here && study.confirmedAt !== null && state.paused && state.at < 0.5 && !media.failed && (
                  <button
                    className="bigplay"
                    type="button"
                    aria-label={t("play")}
                    onClick={() => run("toggle")}
                  >
                    <Icon name="play" />
                  </button>
                )}
                {(status.kind === "opening" || (state.waiting && !state.paused)) && (
                  <div className="spin" role="status">
                    <span className="vh">{t("opening")}</span>
                  </div>
                )}
                {cue && (
                  <div className="cap" aria-hidden="true">
                    <span lang={captions === "zh" ? "zh-CN" : "en"}>{cue.text}</span>
                  </div>
                )}
                {media.failed && (
                  <div className="veil" role="alert">
                    <div>
                      <Icon name="warn" size="l" />
                      <h2>{t("failedTitle")}</h2>
                      <p>{t("mediaFailed")}</p>
                      <button className="btn primary" type="button" onClick={media.reload}>
                        {common("retry")}
                      </button>
                    </div>
                  </div>
                )}
                {ended && lesson.next_id && (
                  <div className="veil soft" role="status">
                    <div>
                      {study.completed && <Icon name="passed" size="l" />}
                      <h2>{study.completed ? t("lessonDone") : t("upNext")}</h2>
                      <NextLink place={place} primary />
                    </div>
                  </div>
                )}
                <Veil study={study} reporter={reporter} waitingHere={status.kind === "held" && declined} />
              </div>
              <PresenceCard study={study} reporter={reporter} />
            </div>
            <Controls
              video={state}
              durationS={durationS}
              pieces={pieces}
              stripLabel={stripLabel}
              media={media}
              maxRate={maxRate}
              captions={captions}
              captionLanguages={lesson.captions.map((c) => ({
                value: c.language,
                label: common(c.language === "en" ? "language.en" : "language.zh"),
              }))}
              full={full}
              disabled={!here}
              onSeek={go}
              onRate={setRate}
              onCaptions={setCaptions}
              run={run}
            />
          </div>
        </div>
        <div className="body">
          <LessonHeader place={place} primary={study.completed} />
          <Dropped study={study} reporter={reporter} />
          {study.completed && (
            <p className="note v done-note" role="status">
              <Icon name="passed" />
              {t("lessonDone")}
            </p>
          )}
          <Ledger
            study={study}
            timeline={timeline}
            durationS={durationS}
            course={{ covered: others + coveredS, all: lesson.course.duration_s }}
            onGo={go}
          />
          <LessonText lesson={lesson} atMs={state.at * 1000} asked={asked} onGo={go} />
        </div>
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
      {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
    </main>
  );
}
