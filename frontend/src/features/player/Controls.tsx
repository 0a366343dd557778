import type { CSSProperties } from "react";
import { useFormat } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { type Piece, Strip } from "../../ui/Strip";
import { Choice } from "./Choice";
import { usePlayer } from "./messages";
import type { Command } from "./shortcuts";
import type { Media } from "./useMedia";
import type { VideoState } from "./useVideo";

export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];

interface Props {
  video: VideoState;
  durationS: number;
  pieces: Piece[];
  stripLabel: string;
  media: Media;
  maxRate: number;
  captions: string;
  captionLanguages: { value: string; label: string }[];
  full: boolean;
  disabled: boolean;
  onSeek: (seconds: number) => void;
  onRate: (rate: number) => void;
  onCaptions: (language: string) => void;
  run: (command: Command) => void;
}

const share = (part: number, whole: number) => `${whole > 0 ? Math.min(100, (part / whole) * 100) : 0}%`;

function Timeline({ video, durationS, pieces, stripLabel, onSeek, disabled }: Props) {
  const t = usePlayer();
  const f = useFormat();
  const at: CSSProperties = { left: share(video.at, durationS) };
  return (
    <div className="tl">
      <div className="seek">
        <span className="buf" style={{ width: share(video.bufferedTo, durationS) }} />
        <span className="pos" style={{ width: share(video.at, durationS) }} />
        <input
          type="range"
          min={0}
          max={Math.max(1, Math.floor(durationS))}
          step={1}
          value={Math.floor(video.at)}
          disabled={disabled}
          aria-label={t("position")}
          aria-valuetext={t("positionText", { at: f.clock(video.at), all: f.clock(durationS) })}
          onChange={(e) => onSeek(Number(e.target.value))}
        />
        <span className="thumb" style={at} />
      </div>
      <Strip pieces={pieces} label={stripLabel} />
    </div>
  );
}

export function Controls(props: Props) {
  const {
    video,
    durationS,
    media,
    maxRate,
    captions,
    captionLanguages,
    full,
    disabled,
    onRate,
    onCaptions,
    run,
  } = props;
  const t = usePlayer();
  const f = useFormat();
  const qualities = [
    { value: 0, label: media.playing ? t("autoAt", { height: media.playing }) : t("auto") },
    ...media.heights.map((h) => ({ value: h, label: `${h}p` })),
  ];
  const canPip = typeof document !== "undefined" && document.pictureInPictureEnabled;
  const rates = speeds.filter((s) => s <= maxRate).map((s) => ({ value: s, label: `${f.number(s)}×` }));
  const captionChoices = [{ value: "", label: t("captionsOff") }, ...captionLanguages];
  return (
    <div className="deck">
      <Timeline {...props} />
      <div className="ctl" inert={disabled}>
        <button
          className="pp"
          type="button"
          aria-label={t(video.paused ? "play" : "pause")}
          onClick={() => run("toggle")}
        >
          <Icon name={video.paused ? "play" : "pause"} />
        </button>
        <button type="button" aria-label={t("back10")} onClick={() => run("back10")}>
          <Icon name="rewind" />
        </button>
        <button className="hide-s" type="button" aria-label={t("forward10")} onClick={() => run("forward10")}>
          <Icon name="forward" />
        </button>
        <button
          className="hide-s"
          type="button"
          aria-label={t(video.muted ? "unmute" : "mute")}
          onClick={() => run("mute")}
        >
          <Icon name={video.muted ? "muted" : "volume"} />
        </button>
        <span className="tm num">
          <b>{f.clock(video.at)}</b> / {f.clock(durationS)}
        </span>
        <span className="sp" />
        <Choice
          label={t("speed")}
          shown={<span className="num">{f.number(video.rate)}×</span>}
          options={rates}
          value={video.rate}
          onChoose={onRate}
        />
        {captionLanguages.length > 0 && (
          <Choice
            className={captions ? "on" : undefined}
            label={t("captions")}
            shown={<Icon name="captions" />}
            options={captionChoices}
            value={captions}
            onChoose={onCaptions}
          />
        )}
        {media.heights.length > 1 && (
          <Choice
            className="hide-s"
            label={t("quality")}
            shown={<Icon name="quality" />}
            options={qualities}
            value={media.height}
            onChoose={media.choose}
          />
        )}
        {canPip && (
          <button className="hide-s" type="button" aria-label={t("pip")} onClick={() => run("pip")}>
            <Icon name="pip" />
          </button>
        )}
        <button className="hide-s" type="button" aria-label={t("shortcuts")} onClick={() => run("help")}>
          <Icon name="keyboard" />
        </button>
        <button type="button" aria-label={t(full ? "exitFull" : "full")} onClick={() => run("full")}>
          <Icon name="full" />
        </button>
      </div>
    </div>
  );
}
