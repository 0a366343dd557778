import { Problem } from "../../api/problem";
import type { Keeper } from "./kept/keeper";
import { type Kept, secondsOf } from "./kept/kept";
import { settle } from "./kept/settle";
import type { PlayEvent } from "./model";
import { pauseMs } from "./pauses";
import { attending, toldOf } from "./presence/attending";
import { Queue } from "./queue";
import { nothingStudied, pausedForCheck, type Study, studying, type Why, whyOf } from "./study";
import type { Answer, Beat, Reply, Session, Wire } from "./wire";

/** While paused there is nothing to claim: a beat this seldom keeps the lease. */
const idleMs = 60_000;
/** A beat that asks what became of a check leaves this long after its time was up. */
const lateMs = 1000;
/** What was sent may be forgotten again, by the next server that dies: so often it is fetched for one beat. */
const refetches = 3;
/** With this many spans waiting, the next beat does not wait for its turn. */
const manySpans = 32;

/** The session is not, or no longer, one that may be reported to. */
const lost = new Set(["session-closed", "wrong-sequence", "wrong-token", "not-found", "gone"]);

/**
 * Reports one lesson's study to the server. It is told what was played or read
 * and knows nothing of videos or pages. One beat is under way at a time; one
 * that got no answer is sent again as it was, with the same sequence and
 * token, so that it is counted exactly once whether or not it had arrived.
 * What was not acknowledged is kept on the device, and a reload goes on with it.
 */
export class Reporter {
  private study = nothingStudied;
  private readonly queue = new Queue();
  private sending: Promise<void> | null = null;
  private again = false;
  /** The session was left by a page that is gone, and has not answered this one yet. */
  private resuming = false;
  /** How often what the beat under way claims was fetched once more. */
  private redelivered = 0;
  private failures = 0;
  private lastBeatAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private ended = false;

  constructor(
    private readonly wire: Wire,
    private readonly lessonId: string,
    private readonly changed: (study: Study) => void,
    private readonly keeper: Keeper,
    private readonly now: () => number = Date.now,
  ) {}

  get snapshot(): Study {
    return this.study;
  }

  /** Goes on with the session this lesson was left in, or opens one. */
  async open(takeOver = false): Promise<void> {
    clearTimeout(this.timer);
    this.ended = false;
    if (this.study.status.kind !== "offline") this.set({ status: { kind: "opening" } });
    const { entries, others } = await this.keeper.left();
    try {
      const mine = entries.find((k) => k.lessonId === this.lessonId);
      for (const kept of entries) if (kept !== mine) await this.settleOther(kept);
      if (this.ended) return mine && this.keeper.letGo(mine.session.id);
      if (mine) return this.resume(mine);
      const session = await this.wire.open(this.lessonId, takeOver);
      if (this.ended) return void this.wire.close(session.id).catch(() => undefined);
      await this.keeper.hold(session.id);
      this.begin(session);
    } catch (error) {
      this.openFailed(asProblem(error), takeOver, others);
    }
  }

  /** What was played or read. */
  tell(event: PlayEvent) {
    this.queue.tell(event);
    if (pausedForCheck(this.study)) this.queue.discard();
    this.set({ waiting: this.queue.waiting() });
    this.note(false);
    if (event.type === "stop" && event.state !== "buffering") this.beatNow();
  }

  /** Answers the outstanding check with the numbers of choices; none for a confirmation. */
  answer(choices: number[]) {
    this.say((id) => ({ id, answer: choices }));
  }

  /** Asks for more time for the outstanding check. */
  moreTime() {
    this.say((id) => ({ id, more_time: true }));
  }

  /** The person has read what became of the check, or what was not counted. */
  dismiss(what: "told" | "dropped") {
    this.set({ [what]: null });
  }

  /** Tries at once instead of waiting for the next turn. */
  retryNow() {
    if (this.study.status.kind !== "offline") return;
    if (this.reportable()) this.beatNow(true);
    else void this.open();
  }

  /** A part of the lesson was refused to this session: a beat tells why, even when there is nothing to claim. */
  ask() {
    if (this.study.status.kind === "live") this.beatNow(true);
  }

  /** The page may be killed without another word: what is not acknowledged is written down. */
  keep() {
    this.note(true);
  }

  /** Reports what there is to report. Resolves when it was answered, or was not. */
  async flush(): Promise<void> {
    await this.sending;
    this.beatNow();
    await this.sending;
  }

  /** The last beat and the end of the session. Resolves when another may be opened. */
  async finish(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.timer);
    const session = this.reportable();
    if (!session) return;
    await this.sending;
    try {
      await this.sendLast(session.id);
    } catch (error) {
      this.note(true);
      // Whoever opens a lesson next on this device sends it; or the lease runs out, and what was claimed is safe.
      if (asProblem(error).passing) return this.keeper.letGo(session.id);
    }
    await this.wire.close(session.id).catch(() => undefined);
    await this.keeper.forget(session.id);
  }

  /**
   * The page is going away, and only one request is sure to outlive it: the
   * last claim, or, with nothing to claim, the end of the session. A session
   * left open is gone on with by this tab when it comes back, or ends by its lease.
   */
  leave() {
    const session = this.reportable();
    if (!session) return;
    if (this.sending || this.study.status.kind !== "live") return this.keep();
    if (this.queue.hasNews()) return this.beatNow(true, true);
    void this.wire.close(session.id).catch(() => undefined);
    void this.keeper.forget(session.id);
  }

  private async sendLast(sessionId: string) {
    while (this.queue.hasNews()) this.accept(await this.wire.beat(sessionId, this.queue.next(), true));
  }

  private async settleOther(kept: Kept) {
    const seconds = await settle(this.wire, kept, (rest) => this.keeper.note(rest, true));
    await this.keeper.forget(kept.session.id);
    this.drop(seconds, "closed");
  }

  private resume(kept: Kept) {
    this.resuming = true;
    this.queue.resume(kept);
    const session = { ...kept.session, resume_at_ms: Math.round(kept.at) };
    this.set({ session, waiting: this.queue.waiting() });
    this.beatNow(true);
  }

  private begin(session: Session) {
    this.queue.begin(session);
    this.resuming = false;
    this.failures = 0;
    this.lastBeatAt = this.now();
    this.set({
      status: { kind: "live" },
      session,
      ...countedOf(session),
      confirmedAt: this.now(),
      waiting: [],
      check: attending(null, session.presence, this.now()),
      told: null,
    });
    this.note(true);
    this.schedule(this.turnMs());
  }

  private openFailed(problem: Problem, takeOver: boolean, anotherTab: boolean) {
    if (this.ended) return;
    if (problem.code === "lease-held") {
      this.set({ status: { kind: "held", device: String(problem.extra.device ?? ""), anotherTab } });
    } else if (problem.passing) {
      this.wait(problem, () => void this.open(takeOver));
    } else {
      this.set({ status: { kind: "failed", error: problem } });
    }
  }

  /** The session that may be reported to, if there is one. */
  private reportable(): Session | null {
    return studying(this.study) || this.resuming ? this.study.session : null;
  }

  private schedule(ms: number) {
    clearTimeout(this.timer);
    if (!this.ended) this.timer = setTimeout(() => this.turn(), ms);
  }

  private soon() {
    clearTimeout(this.timer);
    if (!this.ended) this.timer = setTimeout(() => this.beatNow(true), 0);
  }

  private turn() {
    const idle = this.queue.state !== "playing" && !this.queue.hasNews();
    const overdue = (this.study.check?.until ?? Number.POSITIVE_INFINITY) <= this.now();
    if (idle && !overdue && this.now() - this.lastBeatAt < idleMs) this.schedule(this.turnMs());
    else this.beatNow(true);
  }

  /** Until the next beat is due, or until the outstanding check's time is up. */
  private turnMs(): number {
    const until = this.study.check?.until ?? null;
    const left = until === null ? -1 : until + lateMs - this.now();
    return left > 0 ? Math.min(this.intervalMs(), left) : this.intervalMs();
  }

  private intervalMs(): number {
    return (this.study.session?.beat_interval_s ?? 15) * 1000;
  }

  private beatNow(evenIfEmpty = false, last = false) {
    const session = this.reportable();
    if (!session) return;
    if (this.sending) {
      this.again = true;
      return;
    }
    if (!evenIfEmpty && !this.queue.hasNews()) return;
    clearTimeout(this.timer);
    const beat = this.queue.next();
    this.lastBeatAt = this.now();
    this.note(true);
    this.sending = this.send(session, beat, last).finally(() => {
      this.sending = null;
      if (this.again && !this.ended && this.study.status.kind === "live") this.beatNow();
      this.again = false;
    });
  }

  private async send(session: Session, beat: Beat, last: boolean) {
    try {
      this.accept(await this.wire.beat(session.id, beat, last));
    } catch (error) {
      await this.refused(asProblem(error), session, beat);
    }
  }

  private accept(answer: Answer) {
    const { study, queue } = this;
    queue.acknowledged(answer);
    this.resuming = false;
    this.redelivered = 0;
    this.failures = 0;
    const check = attending(study.check, answer.presence, this.now());
    if (check?.check.paused) this.drop(secondsOf(queue.discard()), "presence");
    const late = secondsOf(queue.behind()) * 1000 > 1.5 * this.intervalMs();
    this.set({
      status: { kind: late ? "catching-up" : "live" },
      ...countedOf(answer),
      confirmedAt: this.now(),
      waiting: queue.waiting(),
      check: check && { ...check, answering: queue.reply?.id === check.check.id },
      told: toldOf(answer, study) ?? study.told,
    });
    this.note(true);
    if (late || queue.reply || queue.behind().length >= manySpans) this.soon();
    else this.schedule(this.turnMs());
  }

  private async refused(problem: Problem, session: Session, beat: Beat) {
    const { code } = problem;
    if (problem.passing) {
      this.wait(problem, () => this.beatNow(true));
    } else if (lost.has(code) || (code === "fenced" && this.resuming)) {
      this.lose(code === "fenced" ? "elsewhere" : "closed");
      void this.reopen(session);
    } else if (code === "fenced") {
      this.lose("elsewhere");
      this.set({ status: { kind: "fenced", device: String(problem.extra.device ?? "") } });
    } else if (code === "presence-unknown") {
      this.queue.withoutReply();
      this.soon();
    } else if (code === "not-delivered" && this.redelivered < refetches) {
      await this.redeliver(session, beat);
    } else if (problem.status === 422 || code === "presence-required") {
      this.unclaim(beat, code === "presence-required" ? "presence" : whyOf(code));
    } else {
      this.lose("closed");
      this.set({ status: { kind: "failed", error: problem } });
    }
  }

  /** Sequence and token stay good: the claim is dropped, and study goes on. */
  private unclaim(beat: Beat, why: Why) {
    this.queue.unanswered = null;
    this.drop(secondsOf(beat.spans), why);
    // Whoever knows no figures yet, or not which check is open, asks with a beat that claims nothing.
    const unsure = this.resuming || why === "presence";
    if (why === "presence") this.drop(secondsOf(this.queue.discard()), why);
    if (!unsure) this.set({ status: { kind: "live" } });
    this.set({ waiting: this.queue.waiting() });
    this.note(true);
    if (unsure) this.soon();
    else this.schedule(this.turnMs());
  }

  /** Fetches what the beat claims once more, so that it was sent to this session, and sends the beat again. */
  private async redeliver(session: Session, beat: Beat) {
    try {
      await this.wire.redeliver(session, beat.spans);
      this.redelivered++;
      this.soon();
    } catch (error) {
      const problem = asProblem(error);
      if (problem.passing) this.wait(problem, () => this.beatNow(true));
      else this.unclaim(beat, "not-delivered");
    }
  }

  private async reopen(old: Session) {
    await this.wire.close(old.id).catch(() => undefined);
    if (!this.ended) await this.open();
  }

  /** The session is over for this page, and so is what was not acknowledged of it. */
  private lose(why: Why) {
    this.drop(this.queue.waitingS(), why);
    this.queue.clear();
    this.resuming = false;
    this.set({ waiting: [], check: null });
    if (this.study.session) void this.keeper.forget(this.study.session.id);
  }

  private drop(seconds: number, why: Why) {
    if (seconds < 1) return;
    const before = this.study.dropped;
    this.set({ dropped: { seconds: seconds + (before?.why === why ? before.seconds : 0), why } });
  }

  private say(reply: (id: string) => Reply) {
    const { check } = this.study;
    if (!check || check.answering) return;
    this.queue.reply = reply(check.check.id);
    this.set({ check: { ...check, answering: true }, told: null });
    this.beatNow(true);
  }

  private wait(problem: Problem, retry: () => void) {
    const ms = pauseMs(this.failures++, problem.retryAfterS);
    const { status } = this.study;
    const since = status.kind === "offline" ? status.since : this.now();
    this.set({ status: { kind: "offline", since, retryAt: this.now() + ms } });
    clearTimeout(this.timer);
    if (!this.ended) this.timer = setTimeout(retry, ms);
  }

  private note(urgent: boolean) {
    const session = this.reportable();
    if (session) this.keeper.note({ lessonId: this.lessonId, ...this.queue.entry(session) }, urgent);
  }

  private set(part: Partial<Study>) {
    this.study = { ...this.study, ...part };
    this.changed(this.study);
  }
}

/** The figures every answer of the server carries. */
function countedOf(answer: Answer | Session) {
  return {
    covered: answer.covered,
    pending: answer.pending ?? [],
    verifiedS: answer.verified_s,
    pendingS: answer.pending_s ?? 0,
    forfeitedS: answer.forfeited_s ?? 0,
    completed: answer.lesson_completed,
  };
}

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : Problem.network();
}
