import { memo, useEffect, useMemo, useRef, useState } from "react";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { usePlayer } from "./messages";

type Track = Schemas["CaptionTrack"];
type Cue = Schemas["Cue"];

/** The cue at a place; -1 between two. */
export function cueAt(cues: Cue[], ms: number): number {
  return cues.findIndex((c) => c.from_ms <= ms && ms < c.to_ms);
}

/** The last cue that began; a transcript stays on it during silence. */
function lastBegun(cues: Cue[], ms: number): number {
  let at = -1;
  for (const [n, c] of cues.entries()) if (c.from_ms <= ms) at = n;
  return at;
}

interface Props {
  tracks: Track[];
  atMs: number;
  onGo: (seconds: number) => void;
}

const Line = memo(function Line({
  cue,
  now,
  onGo,
}: {
  cue: Cue;
  now: boolean;
  onGo: (seconds: number) => void;
}) {
  const f = useFormat();
  return (
    <li className={now ? "now" : undefined}>
      <button type="button" aria-current={now || undefined} onClick={() => onGo(cue.from_ms / 1000)}>
        <span className="num">{f.clock(cue.from_ms / 1000)}</span>
        <span>{cue.text}</span>
      </button>
    </li>
  );
});

export function Transcript({ tracks, atMs, onGo }: Props) {
  const t = usePlayer();
  const common = useCommon();
  const f = useFormat();
  const list = useRef<HTMLOListElement>(null);
  const [follow, setFollow] = useState(true);
  const [sought, setSought] = useState("");
  const [chosen, choose] = useState<Track["language"]>(f.locale === "en" ? "en" : "zh");
  const track = tracks.find((c) => c.language === chosen) ?? tracks[0];
  const cues = useMemo(() => track?.cues ?? [], [track]);
  const at = lastBegun(cues, atMs);
  const wanted = sought.trim().toLowerCase();
  const shown = cues
    .map((cue, n) => ({ cue, n }))
    .filter(({ cue }) => !wanted || cue.text.toLowerCase().includes(wanted));

  useEffect(() => {
    const box = list.current;
    if (!follow || wanted || !box || at < 0) return;
    const line = box.children[at] as HTMLElement | undefined;
    // Only the list scrolls: the page stays where the reader put it.
    if (line)
      box.scrollTo({ top: line.offsetTop - box.offsetTop - box.clientHeight / 3, behavior: "smooth" });
  }, [at, follow, wanted]);

  if (!track) return <p className="tr-none muted">{t("noTranscript")}</p>;
  return (
    <>
      <div className="trs">
        <label className="field">
          <Icon name="search" size="s" />
          <span className="vh">{t("searchTranscript")}</span>
          <input
            type="search"
            value={sought}
            placeholder={t("searchTranscript")}
            onChange={(e) => setSought(e.target.value)}
          />
        </label>
        {tracks.length > 1 && (
          <fieldset className="seg" aria-label={t("transcriptLanguage")}>
            {tracks.map((c) => (
              <button
                key={c.language}
                type="button"
                aria-pressed={c === track}
                onClick={() => choose(c.language)}
              >
                {common(c.language === "en" ? "language.en" : "language.zh")}
              </button>
            ))}
          </fieldset>
        )}
        <button
          className="btn quiet sm fol"
          type="button"
          aria-pressed={follow}
          onClick={() => setFollow(!follow)}
        >
          {follow && <Icon name="check" size="s" />}
          {t("follow")}
        </button>
      </div>
      {shown.length === 0 && <p className="tr-none muted">{t("noHit")}</p>}
      <ol
        className="tr"
        ref={list}
        aria-label={t("transcript")}
        lang={track.language === "zh" ? "zh-CN" : "en"}
      >
        {shown.map(({ cue, n }) => (
          <Line key={n} cue={cue} now={n === at} onGo={onGo} />
        ))}
      </ol>
    </>
  );
}
