import { type RefObject, useEffect, useRef } from "react";
import { pausedForCheck, type Study } from "../study";

/** A missed check stops the picture, since it would not count; passing the check lets it go on. */
export function usePausing(video: RefObject<HTMLVideoElement | null>, study: Study) {
  const paused = pausedForCheck(study);
  const was = useRef(paused);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const resumes = was.current && !paused && study.told?.outcome === "passed";
    was.current = paused;
    if (resumes) void element.play().catch(() => undefined);
    if (!paused) return;
    const stop = () => element.pause();
    stop();
    element.addEventListener("play", stop);
    return () => element.removeEventListener("play", stop);
  }, [video, paused, study.told]);
}
