import { Problem } from "../../api/problem";
import type { Change, Changes, Note } from "./model";

export interface Wire {
  put(id: string, change: Change & { text: string }): Promise<Note>;
  remove(id: string): Promise<void>;
}

/** What the server now holds; null: the note is gone. */
export type Settled = (id: string, note: Note | null, change: Change) => void;

/** Waits between tries while no answer comes, in ms; the last one repeats. */
const pausesMs = [2000, 5000, 15_000, 30_000];

/**
 * Changes to one person's notes on their way to the server. They stand on the
 * device until they are answered, so that neither a lost line nor a closed tab
 * loses a word; whatever is sent twice is the same note.
 */
export class Outbox {
  private changes: Changes;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private sending: Promise<void> | null = null;
  private stamp = Date.now();

  constructor(
    private readonly key: string,
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
    private readonly wire: Wire,
    private readonly settled: Settled,
  ) {
    this.changes = this.read();
  }

  snapshot = (): Changes => this.changes;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  change(id: string, change: Omit<Change, "stamp">) {
    this.stamp++;
    this.set({ ...this.changes, [id]: { ...change, stamp: this.stamp } });
    void this.flush();
  }

  /** Takes a change back that the server refused. */
  drop(id: string) {
    const { [id]: _, ...rest } = this.changes;
    this.set(rest);
  }

  /** Sends everything there is; resolves when it is sent or no answer comes. */
  flush = (): Promise<void> => {
    clearTimeout(this.timer);
    this.sending ??= this.send().finally(() => {
      this.sending = null;
    });
    return this.sending;
  };

  /** Forgets everything, on the device as well. */
  clear() {
    clearTimeout(this.timer);
    this.set({});
  }

  private async send() {
    for (;;) {
      const next = Object.entries(this.changes).find(([, c]) => !c.refused);
      if (!next) break;
      try {
        await this.deliver(...next);
      } catch (error) {
        if (this.later(error)) return;
        const code = error instanceof Problem ? error.code : "internal";
        this.replace(next[0], next[1], { ...next[1], refused: code });
      }
    }
    this.failures = 0;
  }

  private async deliver(id: string, change: Change) {
    const { text } = change;
    let note: Note | null = null;
    if (text !== null) note = await this.wire.put(id, { ...change, text });
    else await this.wire.remove(id).catch(ignoreGone);
    this.settled(id, note, change);
    this.replace(id, change, undefined);
  }

  /** Whether it is to be tried again: no answer came, or nobody is signed in for now. */
  private later(error: unknown): boolean {
    if (!(error instanceof Problem) || !(error.passing || error.status === 401)) return false;
    const pause = pausesMs[Math.min(this.failures, pausesMs.length - 1)] ?? 0;
    this.failures++;
    this.timer = setTimeout(this.flush, Math.max(pause, error.retryAfterS * 1000));
    return true;
  }

  /** A change that was made meanwhile stays. */
  private replace(id: string, sent: Change, now: Change | undefined) {
    if (this.changes[id]?.stamp !== sent.stamp) return;
    if (now) this.set({ ...this.changes, [id]: now });
    else this.drop(id);
  }

  private set(changes: Changes) {
    this.changes = changes;
    try {
      if (Object.keys(changes).length > 0) this.storage.setItem(this.key, JSON.stringify(changes));
      else this.storage.removeItem(this.key);
    } catch {
      // Without storage they live as long as the page.
    }
    for (const listener of this.listeners) listener();
  }

  private read(): Changes {
    try {
      return JSON.parse(this.storage.getItem(this.key) ?? "{}");
    } catch {
      return {};
    }
  }
}

/** What was to be deleted and is not there is deleted. */
function ignoreGone(error: unknown) {
  if (!(error instanceof Problem && error.status === 404)) throw error;
}
