import { useLayoutEffect, useRef, useState } from "react";
import type { Place } from "../LessonHeader";
import { useRefreshOnCompletion, useRefreshOnLeaving } from "../refresh";
import { useKeys } from "../shortcuts";
import { studying } from "../study";
import { useStudy } from "../useStudy";
import { type Command, keys } from "./keys";
import { nextMissing, onePage, pagesOf } from "./pages";
import { nothingSeen } from "./seen";
import { useCounting } from "./useCounting";
import { zoomed } from "./zoom";

/** A document before a reader: what of it is read, where they are in it, and the ways to move. */
export function useReader(place: Place) {
  const { lesson } = place;
  const { study, reporter } = useStudy(lesson.id);
  useRefreshOnCompletion(place, study.completed);
  useRefreshOnLeaving(place);
  const layout = study.session?.reading ?? lesson.reading ?? onePage;
  const [seen, setSeen] = useState(nothingSeen);
  const [shown, setShown] = useState(false);
  const [zoom, setZoom] = useState(1);
  const [help, setHelp] = useState(false);
  const jump = useRef<(page: number) => void>(() => undefined);
  const counting = studying(study);
  const pause = useCounting({
    reporter,
    layout: study.session?.reading,
    seen,
    shown: shown && counting,
  });

  const known = study.confirmedAt === null ? { ...study, covered: lesson.progress.covered } : study;
  const pages = pagesOf(layout, known);
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
  return {
    ...{ study, reporter, layout, pages, seen, zoom, help, counting, jump },
    pause: shown && counting ? pause : null,
    ...{ setSeen, setShown, go, run, endHelp: () => setHelp(false) },
  };
}

export type Reader = ReturnType<typeof useReader>;
