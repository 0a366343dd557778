import type Hls from "hls.js";
import { useEffect, useRef, useState } from "react";
import "./hls-video.css";

interface Props {
  src: string;
  poster?: string;
  label: string;
  captions?: { language: string; label: string; url: string }[];
  /** Shown when the video cannot be played. */
  failed: string;
}

/** A plain player for looking at a video: no time is counted here. */
export function HlsVideo({ src, poster, label, captions, failed }: Props) {
  const ref = useRef<HTMLVideoElement>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const video = ref.current;
    if (!video) return;
    let gone = false;
    let player: Hls | undefined;
    setBroken(false);
    void import("hls.js/light").then(({ default: HlsClass }) => {
      if (gone) return;
      if (!HlsClass.isSupported()) {
        video.src = src; // Safari on phones plays HLS by itself
        return;
      }
      player = new HlsClass({ maxBufferLength: 20, capLevelToPlayerSize: true });
      player.on(HlsClass.Events.ERROR, (_e, data) => {
        if (data.fatal) setBroken(true);
      });
      player.loadSource(src);
      player.attachMedia(video);
    });
    return () => {
      gone = true;
      player?.destroy();
    };
  }, [src]);
  return (
    <div className="hlsv">
      {/* biome-ignore lint/a11y/useMediaCaption: the tracks are there, one a language that has been uploaded */}
      <video ref={ref} controls playsInline preload="metadata" poster={poster} aria-label={label}>
        {captions?.map((c) => (
          <track key={c.url} kind="captions" src={c.url} srcLang={c.language} label={c.label} />
        ))}
      </video>
      {broken && (
        <p className="note x" role="alert">
          {failed}
        </p>
      )}
    </div>
  );
}
