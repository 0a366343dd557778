import type { Kept, Store } from "./kept";
import type { Locks, Release } from "./lock";

/** While nothing else happens, what was played is written down this often. */
const everyMs = 2000;

type Entry = Omit<Kept, "person" | "savedAt">;

/**
 * Keeps one person's unacknowledged study on the device. The tab that lives
 * with a session holds its lock, so that no other tab takes it for a lost one.
 */
export class Keeper {
  private readonly locks = new Map<string, Release>();
  private latest: Entry | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly person: string,
    private readonly store: Store,
    private readonly take: Locks,
    private readonly now: () => number = Date.now,
  ) {}

  /** What was left behind and is nobody's now; `others`: another tab of this browser is studying. */
  async left(): Promise<{ entries: Kept[]; others: boolean }> {
    const all = await this.store.all();
    const mine = all.filter((k) => k.person === this.person);
    // Somebody else's, on a shared device: it is not ours to send, nor to keep.
    await Promise.all(
      all.filter((k) => k.person !== this.person).map((k) => this.store.remove(k.session.id)),
    );
    const free = await Promise.all(mine.map((k) => this.hold(k.session.id)));
    const entries = mine.filter((_, n) => free[n]).sort((a, b) => b.savedAt - a.savedAt);
    return { entries, others: entries.length < mine.length };
  }

  async hold(sessionId: string): Promise<boolean> {
    if (this.locks.has(sessionId)) return true;
    const release = await this.take(sessionId).catch(() => null);
    if (release) this.locks.set(sessionId, release);
    return release !== null;
  }

  /** Notes where a session stands; written at once when it is urgent, else with the next turn. */
  note(entry: Entry, urgent: boolean) {
    this.latest = entry;
    if (urgent) this.write();
    else this.timer ??= setTimeout(() => this.write(), everyMs);
  }

  write() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.latest || !this.person) return;
    const kept = { ...this.latest, person: this.person, savedAt: this.now() };
    this.latest = null;
    void this.store.put(kept);
  }

  /** The session needs no keeping any more: acknowledged to the end, or lost. */
  async forget(sessionId: string) {
    if (this.latest?.session.id === sessionId) this.latest = null;
    await this.store.remove(sessionId);
    this.letGo(sessionId);
  }

  /** Leaves the session to whoever opens a lesson next. */
  letGo(sessionId: string) {
    this.write();
    this.locks.get(sessionId)?.();
    this.locks.delete(sessionId);
  }
}
