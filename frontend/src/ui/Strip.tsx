/** The texture of a piece of time: verified, public, pending, waiting to be heard of, missing, not counted. */
export type Texture = "v" | "pu" | "p" | "w" | "m" | "x";

export interface Piece {
  /** Shares of the whole, 0 to 1. */
  from: number;
  to: number;
  texture: Texture;
}

const percent = (share: number) => `${(Math.min(1, Math.max(0, share)) * 100).toFixed(3)}%`;

/** Time laid out along a lesson, a course or a year. Without a label it only repeats what stands beside it. */
export function Strip({ pieces, thin, label }: { pieces: Piece[]; thin?: boolean; label?: string }) {
  const named = label ? { role: "img", "aria-label": label } : { "aria-hidden": true };
  return (
    <span className={thin ? "strip thin" : "strip"} {...named}>
      {pieces
        .filter((p) => p.to > p.from)
        .map((p) => (
          <i
            key={`${p.texture}${p.from}`}
            className={p.texture}
            style={{ left: percent(p.from), width: percent(p.to - p.from) }}
          />
        ))}
    </span>
  );
}

/** One mark a credit hour; a part of an hour is a shorter mark. */
export function Ticks({ hours }: { hours: number }) {
  const whole = Math.min(24, Math.floor(hours));
  const part = hours < 24 ? hours - Math.floor(hours) : 0;
  return (
    <span className="ticks" aria-hidden="true">
      {Array.from({ length: whole }, (_, n) => (
        <i key={n} />
      ))}
      {part > 0 && <i className="part" style={{ transform: `scaleY(${part})` }} />}
    </span>
  );
}
