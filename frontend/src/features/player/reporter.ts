import type { Schemas } from "../../api/client";
import { Problem } from "../../api/problem";
import { claim, nothingPlayed, type Play, type PlayEvent, play, type Span, unclaimed } from "./model";

type Session = Schemas["StudySession"];
type Beat = Schemas["Beat"];
type Answer = Schemas["BeatAnswer"];

/** The study endpoints; every call rejects with a Problem. */
export interface Wire {
  open(lessonId: string, takeOver: boolean): Promise<Session>;
  beat(sessionId: string, beat: Beat, last: boolean): Promise<Answer>;
  close(sessionId: string): Promise<void>;
}

export type Status =
  | { kind: "opening" }
  | { kind: "live" }
  /** No answer for now: what was played is kept and sent again at `retryAt`. */
  | { kind: "offline"; since: number; retryAt: number }
  /** The person is studying on another device. */
  | { kind: "held"; device: string }
  /** Another device took over. */
  | { kind: "fenced" }
  | { kind: "failed"; error: Problem };

export interface Study {
  status: Status;
  session: Session | null;
  covered: number[][];
  verifiedS: number;
  pendingS: number;
  completed: boolean;
  /** When the server last confirmed, by the client's clock. */
  confirmedAt: number | null;
  /** Played, and not yet confirmed. */
  waiting: Span[];
  /** Seconds of the last claim that was refused; the player says so. */
  refusedS: number;
}

const initial: Study = {
  status: { kind: "opening" },
  session: null,
  covered: [],
  verifiedS: 0,
  pendingS: 0,
  completed: false,
  confirmedAt: null,
  waiting: [],
  refusedS: 0,
};

/** Waits between tries of the same beat; the last one repeats. */
const backoffMs = [1000, 2000, 4000, 8000, 15_000];
/** While paused there is nothing to claim: a beat this seldom keeps the lease. */
const idleMs = 60_000;

const lost = new Set(["session-closed", "wrong-sequence", "wrong-token", "not-found", "gone"]);

/**
 * Reports one lesson's study to the server. One beat is under way at a time;
 * one that got no answer is sent again as it was, with the same sequence and
 * token, so that it is counted exactly once whether or not it had arrived.
 */
export class Reporter {
  private study = initial;
  private played: Play = nothingPlayed;
  private token = "";
  private seq = 0;
  /** Sent, or to be sent again: never changed once it left. */
  private unanswered: Beat | null = null;
  private sending: Promise<void> | null = null;
  private again = false;
  private failures = 0;
  private lastBeatAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private ended = false;

  constructor(
    private readonly wire: Wire,
    private readonly lessonId: string,
    private readonly changed: (study: Study) => void,
    private readonly now: () => number = Date.now,
  ) {}

  get snapshot(): Study {
    return this.study;
  }

  async open(takeOver = false): Promise<void> {
    clearTimeout(this.timer);
    if (this.study.status.kind !== "offline") this.set({ status: { kind: "opening" } });
    try {
      const session = await this.wire.open(this.lessonId, takeOver);
      if (this.ended) return void this.wire.close(session.id).catch(() => undefined);
      this.begin(session);
    } catch (error) {
      this.openFailed(asProblem(error), takeOver);
    }
  }

  /** What the video element says. */
  tell(event: PlayEvent) {
    this.played = play(this.played, event);
    this.set({ waiting: this.waiting() });
    if (event.type === "stop" && event.state !== "buffering") this.beatNow();
  }

  /** Tries at once instead of waiting for the next turn. */
  retryNow() {
    if (this.study.status.kind !== "offline") return;
    if (this.study.session) this.beatNow(true);
    else void this.open();
  }

  /** A part of the video was refused to this session: a beat tells why, even when there is nothing to claim. */
  ask() {
    if (this.study.status.kind === "live") this.beatNow(true);
  }

  /** The last beat and the end of the session. Resolves when another may be opened. */
  async finish(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.timer);
    const { session, status } = this.study;
    if (!session || status.kind === "fenced") return;
    await this.sending;
    try {
      await this.sendLast(session.id);
    } catch {
      // The lease runs out by itself; what was claimed before is safe.
    }
    await this.wire.close(session.id).catch(() => undefined);
  }

  /**
   * The page is going away, and only one request is sure to outlive it: the
   * last claim, or, with nothing to claim, the end of the session. A session
   * left open is ended by this tab when it comes back, or by its lease.
   */
  leave() {
    const { session, status } = this.study;
    if (!session || this.sending || status.kind !== "live") return;
    if (this.unanswered || unclaimed(this.played).length > 0) this.beatNow(true, true);
    else void this.wire.close(session.id).catch(() => undefined);
  }

  private async sendLast(sessionId: string) {
    if (this.unanswered) this.accept(await this.wire.beat(sessionId, this.unanswered, true));
    if (unclaimed(this.played).length > 0) await this.wire.beat(sessionId, this.nextBeat(), true);
  }

  private begin(session: Session) {
    this.token = session.token;
    this.seq = session.seq;
    this.unanswered = null;
    this.failures = 0;
    this.lastBeatAt = this.now();
    // Only what this session was sent can be credited to it.
    this.played = { ...nothingPlayed, visible: this.played.visible };
    this.set({
      status: { kind: "live" },
      session,
      covered: session.covered,
      verifiedS: session.verified_s,
      pendingS: 0,
      completed: session.lesson_completed,
      confirmedAt: this.now(),
      waiting: [],
    });
    this.schedule(session.beat_interval_s * 1000);
  }

  private openFailed(problem: Problem, takeOver: boolean) {
    if (this.ended) return;
    if (problem.code === "lease-held") {
      this.set({ status: { kind: "held", device: String(problem.extra.device ?? "") } });
    } else if (problem.passing) {
      this.wait(problem, () => void this.open(takeOver));
    } else {
      this.set({ status: { kind: "failed", error: problem } });
    }
  }

  private schedule(ms: number) {
    clearTimeout(this.timer);
    if (!this.ended) this.timer = setTimeout(() => this.turn(), ms);
  }

  private turn() {
    const idle = this.played.state !== "playing" && unclaimed(this.played).length === 0;
    if (idle && this.now() - this.lastBeatAt < idleMs) this.schedule(this.interval());
    else this.beatNow(true);
  }

  private interval(): number {
    return (this.study.session?.beat_interval_s ?? 15) * 1000;
  }

  private beatNow(evenIfEmpty = false, last = false) {
    const { session, status } = this.study;
    if (!session || (status.kind !== "live" && status.kind !== "offline")) return;
    if (this.sending) {
      this.again = true;
      return;
    }
    if (!evenIfEmpty && !this.unanswered && unclaimed(this.played).length === 0) return;
    clearTimeout(this.timer);
    const beat = this.unanswered ?? this.nextBeat();
    this.unanswered = beat;
    this.lastBeatAt = this.now();
    this.sending = this.send(session.id, beat, last).finally(() => {
      this.sending = null;
      if (this.again && !this.ended) {
        this.again = false;
        if (this.study.status.kind === "live") this.beatNow();
      }
    });
  }

  private nextBeat(): Beat {
    const { spans, rest } = claim(this.played);
    this.played = rest;
    return { token: this.token, seq: this.seq, state: rest.state, visible: rest.visible, spans };
  }

  private async send(sessionId: string, beat: Beat, last: boolean) {
    try {
      this.accept(await this.wire.beat(sessionId, beat, last));
    } catch (error) {
      this.refused(asProblem(error), beat);
    }
  }

  private accept(answer: Answer) {
    this.unanswered = null;
    this.failures = 0;
    this.token = answer.token;
    this.seq = answer.seq + 1;
    this.set({
      status: { kind: "live" },
      covered: answer.covered,
      verifiedS: answer.verified_s,
      pendingS: answer.pending_s,
      completed: answer.lesson_completed,
      confirmedAt: this.now(),
      refusedS: 0,
      waiting: this.waiting(),
    });
    this.schedule(unclaimed(this.played).length >= 32 ? 1000 : this.interval());
  }

  private refused(problem: Problem, beat: Beat) {
    if (problem.code === "fenced") {
      this.unanswered = null;
      this.set({ status: { kind: "fenced" } });
    } else if (lost.has(problem.code)) {
      void this.reopen();
    } else if (problem.status === 422) {
      // Sequence and token stay good: drop the claim and go on.
      this.unanswered = null;
      const refusedS = Math.round(beat.spans.reduce((sum, s) => sum + s.to_ms - s.from_ms, 0) / 1000);
      this.set({ status: { kind: "live" }, refusedS, waiting: this.waiting() });
      this.schedule(this.interval());
    } else if (problem.passing) {
      this.wait(problem, () => this.beatNow(true));
    } else {
      this.set({ status: { kind: "failed", error: problem } });
    }
  }

  private async reopen() {
    const old = this.study.session;
    this.unanswered = null;
    if (old) await this.wire.close(old.id).catch(() => undefined);
    if (!this.ended) await this.open();
  }

  private wait(problem: Problem, retry: () => void) {
    const planned = backoffMs[Math.min(this.failures, backoffMs.length - 1)] ?? 15_000;
    const ms = Math.max(planned, problem.retryAfterS * 1000);
    this.failures++;
    const { status } = this.study;
    const since = status.kind === "offline" ? status.since : this.now();
    this.set({ status: { kind: "offline", since, retryAt: this.now() + ms } });
    clearTimeout(this.timer);
    if (!this.ended) this.timer = setTimeout(retry, ms);
  }

  private waiting(): Span[] {
    return [...(this.unanswered?.spans ?? []), ...unclaimed(this.played)];
  }

  private set(part: Partial<Study>) {
    this.study = { ...this.study, ...part };
    this.changed(this.study);
  }
}

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : Problem.network();
}
