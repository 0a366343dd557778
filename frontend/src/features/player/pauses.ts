/** Waits between tries of the same request; the last one repeats. */
const pausesMs = [1000, 2000, 4000, 8000, 15_000];

/** How long to wait after so many failures: growing, and never shorter than the server asked. */
export function pauseMs(failures: number, retryAfterS: number): number {
  const planned = pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 15_000;
  return Math.max(planned, retryAfterS * 1000);
}
