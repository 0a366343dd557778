import { Problem } from "../../api/problem";
import type { Span } from "./model";
import type { Answer, Beat, Session, Wire } from "./wire";

export const session = (id: string): Session => ({
  id,
  token: `${id}-t1`,
  seq: 1,
  fence: 1,
  beat_interval_s: 15,
  playlist_url: `/${id}.m3u8`,
  resume_at_ms: 0,
  duration_ms: 600_000,
  covered: [],
  verified_s: 0,
  lesson_completed: false,
  policy: { max_rate: 2, look_ahead_s: 60, lease_grace_s: 180, complete_share: 0.95 },
});

export const problem = (status: number, code: string, extra = {}) =>
  new Problem(status, { type: `/problems/${code}`, ...extra });

/** A server that answers what the test says, and keeps what it was told. */
export class FakeWire implements Wire {
  opened: boolean[] = [];
  closed: string[] = [];
  beats: Beat[] = [];
  sessions: string[] = [];
  redelivered: Span[][] = [];
  fail: (Problem | null)[] = [];
  failOpen: Problem[] = [];
  failRedeliver: Problem[] = [];
  /** What the next openings and answers carry beside the usual. */
  openings: Partial<Session>[] = [];
  answers: Partial<Answer>[] = [];

  async open(_lesson: string, takeOver: boolean) {
    this.opened.push(takeOver);
    const bad = this.failOpen.shift();
    if (bad) throw bad;
    return { ...session(`s${this.opened.length}`), ...this.openings.shift() };
  }

  async beat(id: string, beat: Beat): Promise<Answer> {
    this.beats.push(structuredClone(beat));
    this.sessions.push(id);
    const bad = this.fail.shift();
    if (bad) throw bad;
    const to = Math.max(0, ...beat.spans.map((s) => s.to_ms));
    return {
      token: `t${beat.seq + 1}`,
      seq: beat.seq,
      verified_s: beat.seq * 15,
      covered: [[0, Math.floor(to / 1000)]],
      lesson_completed: false,
      ...this.answers.shift(),
    };
  }

  async close(id: string) {
    this.closed.push(id);
  }

  async redeliver(_session: Session, spans: Span[]) {
    this.redelivered.push(spans);
    const bad = this.failRedeliver.shift();
    if (bad) throw bad;
  }
}
