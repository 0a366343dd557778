/** A timer that comes later than this was asleep, and so was the reader's device. */
const asleepMs = 2000;

/**
 * Counts whole seconds of reading one page. A second that another page
 * interrupts is not read whole and counts for neither, like a second of video.
 */
export class ReadingClock {
  private page = -1;
  private last = 0;
  private ms = 0;

  /** Called often; `page` is null while nothing counts. True when one more second of the page is whole. */
  tick(page: number | null, now: number): boolean {
    const step = now - this.last;
    this.last = now;
    if (page === null || page !== this.page || step > asleepMs) {
      this.page = page ?? -1;
      this.ms = 0;
      return false;
    }
    this.ms += Math.max(0, step);
    if (this.ms < 1000) return false;
    this.ms = Math.min(this.ms - 1000, 999);
    return true;
  }
}
