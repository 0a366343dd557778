/** A day: no document counts longer. */
const mostS = 24 * 60 * 60;

/** Minutes as they are written into a field; nothing for a time that follows from the document's length. */
export const minutesOf = (seconds: number): string =>
  seconds === 0 ? "" : String(Math.round((seconds / 60) * 100) / 100);

/** What was written, in whole seconds; 0 for nothing, and for what is no length. */
export function secondsOf(minutes: string): number {
  const n = Number(minutes);
  return Number.isFinite(n) && n > 0 ? Math.min(mostS, Math.round(n * 60)) : 0;
}

/** The most is below the least: the server takes no such pair. */
export const tooShort = ({ minS, maxS }: { minS: number; maxS: number }): boolean => maxS > 0 && minS > maxS;
