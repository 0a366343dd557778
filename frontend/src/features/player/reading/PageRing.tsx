import { type Layout, type PageTime, sharesOf } from "./pages";

/** All the way round, so that shares are lengths: 2πr. */
const round = 100;

/** One page's least time as a ring: solid verified, hatched pending, the rest hollow. */
export function PageRing({ page, layout }: { page: PageTime; layout: Layout }) {
  let from = 0;
  const arcs = sharesOf(page, layout.page_min_s).map(([texture, share]) => {
    const arc = { texture, from, share };
    from += share;
    return arc;
  });
  return (
    <svg className="ring" viewBox="0 0 40 40" aria-hidden="true">
      <circle className="m" cx="20" cy="20" r="15.9155" />
      {arcs
        .filter((a) => a.share > 0)
        .map((a) => (
          <circle
            key={a.texture}
            className={a.texture}
            cx="20"
            cy="20"
            r="15.9155"
            strokeDasharray={a.texture === "v" ? `${a.share * round} ${round}` : hatched(a.share * round)}
            strokeDashoffset={-a.from * round}
          />
        ))}
    </svg>
  );
}

/** Strokes of 2.5 with gaps as wide, as long as the share is. */
function hatched(length: number): string {
  const dashes: number[] = [];
  let at = 0;
  while (at < length) {
    const dash = Math.min(2.5, length - at);
    dashes.push(dash, Math.min(2.5, Math.max(0, length - at - dash)));
    at += 5;
  }
  dashes[dashes.length - 1] = round;
  return dashes.join(" ");
}
