/** What the year's ring is drawn from, in hours. */
export interface Year {
  required: number;
  professional: number;
  public: number;
  publicCap: number;
  /** Registered public hours above the cap. */
  over: number;
}

export type TickKind = "v" | "pu" | "m" | "over" | "mark";

export interface Line {
  kind: TickKind;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

const centre = 200;
const inner = 134;
const outer = 164;

function spoke(kind: TickKind, degrees: number, from: number, to: number): Line {
  const a = (degrees * Math.PI) / 180;
  const at = (r: number) => [round(centre + r * Math.sin(a)), round(centre - r * Math.cos(a))] as const;
  const [x1, y1] = at(from);
  const [x2, y2] = at(to);
  return { kind, x1, y1, x2, y2 };
}

const round = (n: number) => Math.round(n * 10) / 10;

/** A public hour is a split tick, so that the two can be told apart without colour. */
function counted(kind: "v" | "pu", degrees: number, share: number): Line[] {
  const end = inner + (outer - inner) * share;
  if (kind === "v") return [spoke("v", degrees, inner, end)];
  const lines = [spoke("pu", degrees, inner, Math.min(end, inner + 13))];
  if (end > inner + 17) lines.push(spoke("pu", degrees, inner + 17, end));
  return lines;
}

/** A tick that two kinds share takes the look of the greater part. */
function mostly(pub: number, all: number, n: number): "v" | "pu" {
  return pub - n >= 0.5 || (pub > n && all <= pub) ? "pu" : "v";
}

/** The ring: one tick a required hour, public first, then professional, then what is missing, and the line of the cap. */
export function dialLines(year: Year): Line[] {
  const ticks = Math.max(1, Math.round(year.required));
  const step = 360 / ticks;
  const pub = Math.min(year.public, ticks);
  const all = Math.min(year.public + year.professional, ticks);
  const lines: Line[] = [];
  for (let n = 0; n < ticks; n++) {
    const degrees = (n + 0.5) * step;
    const share = Math.min(1, Math.max(0, all - n));
    if (share === 0) lines.push(spoke("m", degrees, 144, 154));
    else lines.push(...counted(mostly(pub, all, n), degrees, share));
  }
  for (let n = 0; n < Math.min(ticks, Math.ceil(year.over)); n++) {
    lines.push(spoke("over", year.publicCap * step + (n + 0.5) * step, 168, 179));
  }
  if (year.publicCap > 0 && year.publicCap < year.required)
    lines.push(spoke("mark", year.publicCap * step, 124, 176));
  return lines;
}

/** Where the words of the cap's line stand. */
export function capLabelAt(year: Year): { x: number; y: number } {
  const { x2, y2 } = spoke("mark", (year.publicCap * 360) / Math.max(1, year.required), 0, 192);
  return { x: x2, y: y2 + 5 };
}
