import type Hls from "hls.js";
import { type RefObject, useEffect, useRef, useState } from "react";

export interface Media {
  /** Heights to choose from, the best first. */
  heights: number[];
  /** The chosen height; 0 is automatic. */
  height: number;
  /** The height that plays now. */
  playing: number;
  failed: boolean;
  choose: (height: number) => void;
  reload: () => void;
}

/** Parts further ahead than the pace allows are refused for a moment (429): ask again, as often as it takes. */
const patient = {
  default: {
    maxTimeToFirstByteMs: 10_000,
    maxLoadTimeMs: 60_000,
    timeoutRetry: { maxNumRetry: 6, retryDelayMs: 500, maxRetryDelayMs: 8000 },
    errorRetry: {
      maxNumRetry: 60,
      retryDelayMs: 1000,
      maxRetryDelayMs: 4000,
      shouldRetry: (
        _config: unknown,
        count: number,
        _isTimeout: boolean,
        response: { code?: number } | undefined,
        standard: boolean,
      ) => (response?.code === 429 ? count < 60 : standard && count < 8),
    },
  },
};

/** Feeds the video from the session's playlist, from a place on; says when a part is refused to the session. */
export function useMedia(
  video: RefObject<HTMLVideoElement | null>,
  playlist: string | undefined,
  startMs: number,
  lookAheadS: number,
  refused: () => void,
): Media {
  const told = useRef(refused);
  told.current = refused;
  const hls = useRef<Hls | null>(null);
  const start = useRef(startMs);
  start.current = startMs;
  /** Where it goes on after its addresses were asked for anew. */
  const left = useRef<{ playlist: string; at: number }>(undefined);
  const [heights, setHeights] = useState<number[]>([]);
  const [height, setHeight] = useState(0);
  const [playing, setPlaying] = useState(0);
  const [failed, setFailed] = useState(false);
  const [turn, setTurn] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn means loading once more
  useEffect(() => {
    const element = video.current;
    if (!element || !playlist) return;
    let gone = false;
    setFailed(false);
    void import("hls.js/light").then(({ default: HlsClass }) => {
      if (gone) return;
      if (!HlsClass.isSupported()) {
        element.src = playlist; // Safari on phones plays HLS by itself
        element.currentTime = start.current / 1000;
        return;
      }
      const ahead = Math.max(8, Math.min(40, lookAheadS * 0.6));
      const player = new HlsClass({
        startPosition: left.current?.playlist === playlist ? left.current.at : start.current / 1000,
        maxBufferLength: ahead,
        maxMaxBufferLength: ahead,
        backBufferLength: 120,
        capLevelToPlayerSize: true,
        fragLoadPolicy: patient,
      });
      hls.current = player;
      player.on(HlsClass.Events.MANIFEST_PARSED, (_e, data) =>
        setHeights([...new Set(data.levels.map((l) => l.height))].sort((a, b) => b - a)),
      );
      player.on(HlsClass.Events.LEVEL_SWITCHED, (_e, data) =>
        setPlaying(player.levels[data.level]?.height ?? 0),
      );
      player.on(HlsClass.Events.ERROR, (_e, data) => {
        // The session has ended or another has taken over (RFC 9110: 409).
        if (data.response?.code === 409) told.current();
        if (!data.fatal) return;
        // The addresses hold for the length of the recording: after a night they are asked for again.
        const at = element.currentTime;
        if (data.response?.code === 410 && left.current?.at !== at) {
          left.current = { playlist, at };
          setTurn((n) => n + 1);
        } else if (data.type === HlsClass.ErrorTypes.MEDIA_ERROR) player.recoverMediaError();
        else setFailed(true);
      });
      player.loadSource(playlist);
      player.attachMedia(element);
    });
    return () => {
      gone = true;
      hls.current?.destroy();
      hls.current = null;
    };
  }, [playlist, video, lookAheadS, turn]);

  const choose = (to: number) => {
    setHeight(to);
    const player = hls.current;
    if (player) player.nextLevel = to === 0 ? -1 : player.levels.findIndex((l) => l.height === to);
  };
  return { heights, height, playing, failed, choose, reload: () => setTurn((n) => n + 1) };
}
