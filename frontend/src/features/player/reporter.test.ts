import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Schemas } from "../../api/client";
import { Problem } from "../../api/problem";
import { Reporter, type Study, type Wire } from "./reporter";

type Beat = Schemas["Beat"];

const session = (id: string): Schemas["StudySession"] => ({
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
const problem = (status: number, code: string, extra = {}) =>
  new Problem(status, { type: `/problems/${code}`, ...extra });

/** A server that answers what the test says, and keeps what it was told. */
class FakeWire implements Wire {
  opened: boolean[] = [];
  closed: string[] = [];
  beats: Beat[] = [];
  fail: Problem[] = [];
  failOpen: Problem[] = [];
  async open(_lesson: string, takeOver: boolean) {
    this.opened.push(takeOver);
    const bad = this.failOpen.shift();
    if (bad) throw bad;
    return session(`s${this.opened.length}`);
  }
  async beat(_id: string, beat: Beat) {
    this.beats.push(structuredClone(beat));
    const bad = this.fail.shift();
    if (bad) throw bad;
    const to = Math.max(0, ...beat.spans.map((s) => s.to_ms));
    return {
      token: `t${beat.seq + 1}`,
      seq: beat.seq,
      verified_s: beat.seq * 15,
      pending_s: 0,
      covered: [[0, Math.floor(to / 1000)]],
      lesson_completed: false,
    };
  }
  async close(id: string) {
    this.closed.push(id);
  }
}

let wire: FakeWire;
let reporter: Reporter;
let seen: Study;
let position = 0;

beforeEach(() => {
  vi.useFakeTimers();
  wire = new FakeWire();
  position = 0;
  reporter = new Reporter(wire, "lesson", (s) => {
    seen = s;
  });
});
afterEach(() => vi.useRealTimers());

async function watch(seconds: number) {
  for (let n = 0; n < seconds * 4; n++) {
    reporter.tell({ type: "tick", at: position, rate: 1, playing: true, now: Date.now() });
    await vi.advanceTimersByTimeAsync(250);
    position += 250;
  }
}

describe("a study session", () => {
  it("asks with an empty beat why a part of the video was refused", async () => {
    await reporter.open();
    wire.fail.push(problem(409, "fenced"));
    reporter.ask();
    await vi.advanceTimersByTimeAsync(0);
    expect(wire.beats.map((b) => b.spans)).toEqual([[]]);
    expect(seen.status.kind).toBe("fenced");
    reporter.ask();
    expect(wire.beats).toHaveLength(1);
  });

  it("beats every interval with what was played, and takes the next token", async () => {
    await reporter.open();
    await watch(31);
    expect(wire.beats.map((b) => [b.seq, b.token])).toEqual([
      [1, "s1-t1"],
      [2, "t2"],
    ]);
    expect(wire.beats[0]?.spans[0]?.from_ms).toBe(0);
    expect(wire.beats[1]?.spans[0]?.from_ms).toBe(wire.beats[0]?.spans[0]?.to_ms);
    expect(seen.verifiedS).toBe(30);
  });

  it("beats at once at a pause and at the end", async () => {
    await reporter.open();
    await watch(3);
    reporter.tell({ type: "stop", state: "paused", at: position, now: Date.now() });
    await vi.advanceTimersByTimeAsync(0);
    expect(wire.beats).toHaveLength(1);
    expect(wire.beats[0]?.state).toBe("paused");
  });

  it("says little while nothing plays, but keeps its lease", async () => {
    await reporter.open();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(wire.beats).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(16_000);
    expect(wire.beats).toHaveLength(1);
    expect(wire.beats[0]?.spans).toEqual([]);
  });

  it("sends the very same beat again until it is answered, then what was played meanwhile", async () => {
    wire.fail = [Problem.network(), problem(503, "unavailable"), problem(500, "internal")];
    await reporter.open();
    await watch(16);
    expect(seen.status.kind).toBe("offline");
    await watch(8);
    expect(wire.beats).toHaveLength(4);
    expect(new Set(wire.beats.map((b) => JSON.stringify(b))).size).toBe(1);
    expect(seen.status.kind).toBe("live");
    await watch(16);
    expect(wire.beats[4]?.seq).toBe(2);
    expect(wire.beats[4]?.spans[0]?.from_ms).toBe(wire.beats[0]?.spans[0]?.to_ms);
  });

  it("waits longer each time, and as long as the server asks", async () => {
    wire.fail = [
      Problem.network(),
      Problem.network(),
      new Problem(503, { type: "/problems/unavailable" }, 30),
    ];
    await reporter.open();
    await watch(15.25);
    await vi.advanceTimersByTimeAsync(1000);
    await vi.advanceTimersByTimeAsync(2000);
    expect(wire.beats).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(wire.beats).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(1000);
    expect(wire.beats).toHaveLength(4);
  });

  it("tries at once when the network is back", async () => {
    wire.fail = [Problem.network()];
    await reporter.open();
    await watch(15.25);
    expect(wire.beats).toHaveLength(1);
    reporter.retryNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(wire.beats).toHaveLength(2);
    expect(seen.status.kind).toBe("live");
  });

  it("drops a refused claim and goes on with the same sequence and token", async () => {
    wire.fail = [problem(422, "too-fast")];
    await reporter.open();
    await watch(16);
    expect(seen.refusedS).toBeGreaterThan(13);
    await watch(15);
    expect(wire.beats.map((b) => [b.seq, b.token])).toEqual([
      [1, "s1-t1"],
      [1, "s1-t1"],
    ]);
    expect(wire.beats[1]?.spans[0]?.from_ms).toBeGreaterThan(13_000);
    expect(seen.refusedS).toBe(0);
  });

  it("stops when another device takes over, and comes back only when asked", async () => {
    wire.fail = [problem(409, "fenced")];
    await reporter.open();
    await watch(40);
    expect(seen.status.kind).toBe("fenced");
    expect(wire.beats).toHaveLength(1);
    await reporter.open(true);
    expect(wire.opened).toEqual([false, true]);
    expect(seen.status.kind).toBe("live");
  });

  it("names the device that holds the lease", async () => {
    wire.failOpen = [problem(409, "lease-held", { device: "Chrome on Android" })];
    await reporter.open();
    expect(seen.status).toEqual({ kind: "held", device: "Chrome on Android" });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(wire.opened).toHaveLength(1);
  });

  it("opens anew when its session is gone, and claims nothing of the old one there", async () => {
    wire.fail = [problem(409, "session-closed")];
    await reporter.open();
    await watch(16);
    expect(wire.opened).toHaveLength(2);
    expect(seen.session?.id).toBe("s2");
    await watch(15);
    expect(wire.beats[1]?.token).toBe("s2-t1");
    expect(wire.beats[1]?.spans[0]?.from_ms).toBeGreaterThan(14_000);
  });

  it("keeps trying to open while the server is away, and gives up on a refusal", async () => {
    wire.failOpen = [Problem.network(), problem(403, "not-enrolled")];
    await reporter.open();
    expect(seen.status.kind).toBe("offline");
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen.status.kind).toBe("failed");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(wire.opened).toHaveLength(2);
  });

  it("claims the rest and closes at the end, and then is silent", async () => {
    await reporter.open();
    await watch(5);
    await reporter.finish();
    expect(wire.beats).toHaveLength(1);
    expect(wire.closed).toEqual(["s1"]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(wire.beats).toHaveLength(1);
  });

  it("claims with its last breath when the page goes away, or closes when there is nothing to claim", async () => {
    await reporter.open();
    await watch(5);
    reporter.leave();
    await vi.advanceTimersByTimeAsync(0);
    expect([wire.beats.length, wire.closed.length]).toEqual([1, 0]);
    reporter.tell({ type: "stop", state: "paused", at: position, now: Date.now() });
    await vi.advanceTimersByTimeAsync(0);
    reporter.leave();
    expect(wire.closed).toEqual(["s1"]);
  });

  it("sends what had no answer before the last claim", async () => {
    wire.fail = [Problem.network()];
    await reporter.open();
    await watch(15.5);
    await reporter.finish();
    expect(wire.beats.map((b) => b.seq)).toEqual([1, 1, 2]);
    expect(wire.beats[1]).toEqual(wire.beats[0]);
  });

  it("closes a session that opened after the page was left", async () => {
    const opening = reporter.open();
    await reporter.finish();
    await opening;
    await vi.advanceTimersByTimeAsync(0);
    expect(wire.closed).toEqual(["s1"]);
  });
});
