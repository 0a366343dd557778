import { type Kept, keptS } from "./kept/kept";
import { claim, nothingPlayed, type Play, type PlayEvent, play, type Span, unclaimed } from "./model";
import type { Answer, Beat, Reply, Session } from "./wire";

/**
 * What one session has yet to be told: the beat under way, and what was played
 * after it. The beat never changes once it left, so that the server can tell
 * a repetition from news.
 */
export class Queue {
  /** Sent, or to be sent again. */
  unanswered: Beat | null = null;
  /** What the next beat says about the outstanding check. */
  reply: Reply | null = null;
  private played: Play = nothingPlayed;
  private token = "";
  private seq = 0;
  /** Where the picture or the page is, in ms. */
  private at = 0;

  get state() {
    return this.played.state;
  }

  begin(session: Session) {
    this.clear();
    this.token = session.token;
    this.seq = session.seq;
    this.at = session.resume_at_ms;
  }

  resume(kept: Kept) {
    this.begin({ ...kept.session, token: kept.token, seq: kept.seq, resume_at_ms: kept.at });
    this.unanswered = kept.unanswered;
    this.played = { ...this.played, spans: kept.spans, seen: kept.visible };
  }

  tell(event: PlayEvent) {
    this.played = play(this.played, event);
    if (event.type === "tick" || event.type === "stop") this.at = event.at;
    else if (event.type !== "visible") this.at = event.to;
  }

  /** The beat under way, or else a new one with what there is to say. */
  next(): Beat {
    if (this.unanswered) return this.unanswered;
    const { spans, rest } = claim(this.played);
    const visible = rest.visible || this.played.seen;
    const { token, seq, reply } = this;
    this.unanswered = { token, seq, state: rest.state, visible, spans, ...(reply && { presence: reply }) };
    this.played = rest;
    this.reply = null;
    return this.unanswered;
  }

  acknowledged(answer: Answer) {
    this.unanswered = null;
    this.token = answer.token;
    this.seq = answer.seq + 1;
  }

  /** The check it answered is not the outstanding one; what it claims still is good. */
  withoutReply() {
    if (!this.unanswered) return;
    const { presence: _, ...beat } = this.unanswered;
    this.unanswered = beat;
  }

  /** Forgets what was played after the beat under way. Answers what that was. */
  discard(): Span[] {
    const spans = unclaimed(this.played);
    this.played = { ...this.played, spans: [], open: null, seen: false };
    return spans;
  }

  /** Forgets everything but how the page is: only what a session was sent can be credited to it. */
  clear() {
    const { visible } = this.played;
    this.unanswered = null;
    this.reply = null;
    this.played = { ...nothingPlayed, visible };
  }

  /** Played, and not in the beat under way. */
  behind(): Span[] {
    return unclaimed(this.played);
  }

  hasNews(): boolean {
    return this.unanswered !== null || this.reply !== null || this.behind().length > 0;
  }

  waiting(): Span[] {
    return [...(this.unanswered?.spans ?? []), ...this.behind()];
  }

  waitingS(): number {
    return keptS({ unanswered: this.unanswered, spans: this.behind() });
  }

  /** What is to be kept on the device. */
  entry(session: Session): Omit<Kept, "person" | "lessonId" | "savedAt"> {
    const { token, seq, unanswered, at } = this;
    const visible = this.played.visible || this.played.seen;
    return { session, token, seq, unanswered, spans: this.behind(), visible, at };
  }
}
