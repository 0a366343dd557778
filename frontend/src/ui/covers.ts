export type CoverStyle = "agri" | "manu" | "it" | "ener" | "mgmt" | "pub";

export interface Shape {
  d: string;
  filled?: boolean;
  opacity?: number;
}

/** A stream of numbers in [0, 1) that a course's number decides for good (mulberry32). */
function numbersOf(seed: number): () => number {
  let state = (seed * 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const f = (n: number) => n.toFixed(1);
const dot = (x: number, y: number, r: number) =>
  `M${f(x - r)} ${f(y)}a${f(r)} ${f(r)} 0 1 0 ${f(2 * r)} 0a${f(r)} ${f(r)} 0 1 0 ${f(-2 * r)} 0`;

/** Furrows that run to a horizon, and a sun on it. */
function agri(next: () => number): Shape[] {
  const x = 130 + next() * 140;
  const y = 44 + next() * 14;
  const rows: Shape[] = Array.from({ length: 31 }, (_, n) => {
    const k = n - 15;
    return { d: `M${f(x + k * 1.6)} ${f(y)}Q${f(x + k * 9)} ${f(y + 34)} ${f(x + k * 34.5)} 172` };
  });
  const sun = 40 + next() * 320;
  const r = 18 + next() * 10;
  return [
    ...rows,
    { d: `M0 ${f(y)}H400` },
    { d: `M${f(sun - r)} ${f(y)}A${f(r)} ${f(r)} 0 0 1 ${f(sun + r)} ${f(y)}Z`, filled: true },
  ];
}

/** A dial gauge: rings of ticks with gaps. */
function manu(next: () => number): Shape[] {
  const x = 150 + next() * 110;
  const y = 84 + (next() - 0.5) * 24;
  let ticks = "";
  for (let r = 26; r < 190; r += 22 + next() * 12) {
    const long = 7 + next() * 10;
    const gap = next() * 6.28;
    const step = 7.5 / r + 0.02;
    for (let a = 0; a < 6.28 - (next() > 0.5 ? 0.9 : 0); a += step) {
      const c = Math.cos(a + gap);
      const s = Math.sin(a + gap);
      ticks += `M${f(x + r * c)} ${f(y + r * s)}L${f(x + (r + long) * c)} ${f(y + (r + long) * s)}`;
    }
  }
  return [{ d: ticks }, { d: dot(x, y, 9), filled: true }];
}

/** A half-tone of two waves. */
function it(next: () => number): Shape[] {
  const [a, b, p, q] = [0.011 + next() * 0.01, 0.016 + next() * 0.012, next() * 6.28, next() * 6.28];
  let dots = "";
  for (let y = 10; y < 168; y += 15) {
    for (let x = 10; x < 400; x += 15) {
      dots += dot(
        x,
        y,
        0.8 + 4.8 * Math.max(0, Math.sin(x * a + p + y * 0.01) * Math.cos(y * b + q + x * 0.004)),
      );
    }
  }
  return [{ d: dots, filled: true }];
}

/** Load curves of many days laid over each other. */
function ener(next: () => number): Shape[] {
  const [a, b, p] = [0.014 + next() * 0.012, 0.018 + next() * 0.01, next() * 6.28];
  return Array.from({ length: 15 }, (_, n) => {
    let d = "";
    for (let x = -10; x <= 410; x += 10) {
      const y =
        84 + (n - 7) * 5.2 + 13 * Math.sin(x * a + p + n * 0.11) + (n - 7) * 2.4 * Math.cos(x * b + p * 2);
      d += `${d ? "L" : "M"}${x} ${f(y)}`;
    }
    return { d, opacity: 0.3 + 0.7 * (1 - Math.abs(n - 7) / 7) };
  });
}

/** Bars, some of them full. */
function mgmt(next: () => number): Shape[] {
  const [p, q] = [next() * 6.28, 0.8 + next() * 0.5];
  const full = 2 + Math.floor(next() * 3);
  return Array.from({ length: 13 }, (_, n) => {
    const top = 90 + 38 * Math.sin(n * q + p) + (next() - 0.5) * 26;
    return { d: `M${26 + n * 28} 168V${f(top)}h16V168`, filled: n % full === 1 };
  });
}

/** Waves that go out from one point to everybody. */
function pub(next: () => number): Shape[] {
  const x = 110 + next() * 180;
  const arcs: Shape[] = Array.from({ length: 14 }, (_, n) => {
    const r = 16 + n * 13.5;
    return { d: `M${f(x - r)} 168V150A${f(r)} ${f(r)} 0 0 1 ${f(x + r)} 150V168`, opacity: 1 - n * 0.045 };
  });
  return [...arcs, { d: dot(x, 146, 7), filled: true }];
}

const drawings = { agri, manu, it, ener, mgmt, pub };

/** The drawing of a course: the field decides the motif, the running number its details. */
export function coverShapes(style: CoverStyle, seed: number): Shape[] {
  return drawings[style](numbersOf(seed + 1));
}
