import { type RefObject, useEffect, useState } from "react";
import type { Reporter } from "./reporter";

export interface VideoState {
  at: number;
  paused: boolean;
  waiting: boolean;
  rate: number;
  volume: number;
  muted: boolean;
  bufferedTo: number;
}

const still: VideoState = {
  at: 0,
  paused: true,
  waiting: false,
  rate: 1,
  volume: 1,
  muted: false,
  bufferedTo: 0,
};

const moves = (v: HTMLVideoElement) =>
  !v.paused && !v.ended && !v.seeking && v.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;

function bufferedTo(v: HTMLVideoElement): number {
  for (let n = 0; n < v.buffered.length; n++) {
    if (v.buffered.start(n) <= v.currentTime + 0.1 && v.currentTime <= v.buffered.end(n))
      return v.buffered.end(n);
  }
  return v.currentTime;
}

/** Tells the reporter what the element does, and the controls what to show. */
export function useVideo(video: RefObject<HTMLVideoElement | null>, reporter: Reporter): VideoState {
  const [state, setState] = useState(still);
  useEffect(() => {
    const v = video.current;
    if (!v) return;
    let waiting = false;
    const show = () =>
      setState({
        at: v.currentTime,
        paused: v.paused,
        waiting,
        rate: v.playbackRate,
        volume: v.volume,
        muted: v.muted,
        bufferedTo: bufferedTo(v),
      });
    const tick = () =>
      reporter.tell({
        type: "tick",
        at: v.currentTime * 1000,
        rate: v.playbackRate,
        playing: moves(v),
        now: Date.now(),
      });
    const stop = (how: "paused" | "buffering" | "ended") =>
      reporter.tell({ type: "stop", state: how, at: v.currentTime * 1000, now: Date.now() });
    const on: Partial<Record<keyof HTMLVideoElementEventMap, () => void>> = {
      timeupdate: tick,
      ratechange: tick,
      playing: () => {
        waiting = false;
        tick();
      },
      waiting: () => {
        waiting = true;
        stop("buffering");
      },
      seeking: () => reporter.tell({ type: "seek", to: v.currentTime * 1000 }),
      seeked: tick,
      pause: () => {
        if (!v.ended) stop("paused");
      },
      ended: () => stop("ended"),
      progress: () => undefined,
      volumechange: () => undefined,
      play: tick,
      loadedmetadata: tick,
    };
    const entries = Object.entries(on).map(([name, act]) => {
      const listen = () => {
        act?.();
        show();
      };
      v.addEventListener(name, listen);
      return () => v.removeEventListener(name, listen);
    });
    return () => {
      for (const off of entries) off();
    };
  }, [video, reporter]);
  return state;
}
