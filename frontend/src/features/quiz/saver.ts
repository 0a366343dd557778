import type { Problem } from "../../api/problem";

export type SaveState =
  | { kind: "idle" }
  | { kind: "saving" }
  | { kind: "saved"; at: string }
  | { kind: "offline" };

type Save = (question: string, choices: string[]) => Promise<{ saved_at: string }>;

const retryMs = 3000;

/**
 * Saves answers one by one, in order; of two answers to one question only the
 * later is sent. What got no answer is sent again until it does.
 */
export class Saver {
  private readonly waiting = new Map<string, string[]>();
  private busy: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly save: Save,
    private readonly changed: (state: SaveState) => void,
    /** A refusal: this attempt takes no answers any more. */
    private readonly refused: (problem: unknown) => void,
  ) {}

  put(question: string, choices: string[]) {
    this.waiting.delete(question);
    this.waiting.set(question, choices);
    this.busy ??= this.work().finally(() => {
      this.busy = null;
    });
  }

  /** Resolves when everything is saved, or nothing more can be. */
  async settled(): Promise<void> {
    while (this.busy) await this.busy;
  }

  stop() {
    this.stopped = true;
  }

  private async work() {
    while (this.waiting.size > 0 && !this.stopped) {
      const [question, choices] = this.waiting.entries().next().value as [string, string[]];
      this.changed({ kind: "saving" });
      try {
        const saved = await this.save(question, choices);
        if (this.waiting.get(question) === choices) this.waiting.delete(question);
        this.changed({ kind: "saved", at: saved.saved_at });
      } catch (error) {
        if (!(error as Problem).passing) {
          this.waiting.clear();
          this.refused(error);
          return;
        }
        this.changed({ kind: "offline" });
        await new Promise((done) => setTimeout(done, retryMs));
      }
    }
  }
}
