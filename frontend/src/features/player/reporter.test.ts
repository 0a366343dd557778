import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../../api/problem";
import { memoryLocks, memoryStore } from "./kept/fake";
import { Keeper } from "./kept/keeper";
import { Reporter } from "./reporter";
import type { Study } from "./study";
import { FakeWire, problem } from "./wire.fake";

let wire: FakeWire;
let reporter: Reporter;
let seen: Study;
/** The states it went through. */
let kinds: string[] = [];
let position = 0;

beforeEach(() => {
  vi.useFakeTimers();
  wire = new FakeWire();
  position = 0;
  kinds = [];
  const keeper = new Keeper("person", memoryStore(), memoryLocks().ofTab().take);
  reporter = new Reporter(
    wire,
    "lesson",
    (s) => {
      seen = s;
      if (kinds.at(-1) !== s.status.kind) kinds.push(s.status.kind);
    },
    keeper,
  );
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

  it("drops a refused claim, says so until it was read, and goes on with the same sequence and token", async () => {
    wire.fail = [problem(422, "too-fast")];
    await reporter.open();
    await watch(16);
    expect(seen.dropped?.why).toBe("too-fast");
    expect(seen.dropped?.seconds).toBeGreaterThan(13);
    await watch(15);
    expect(wire.beats.map((b) => [b.seq, b.token])).toEqual([
      [1, "s1-t1"],
      [1, "s1-t1"],
    ]);
    expect(wire.beats[1]?.spans[0]?.from_ms).toBeGreaterThan(13_000);
    expect(seen.dropped?.why).toBe("too-fast");
    reporter.dismiss("dropped");
    expect(seen.dropped).toBeNull();
  });

  it("has what it claims sent once more when it was not delivered, and claims it again", async () => {
    wire.fail = [problem(422, "not-delivered")];
    await reporter.open();
    await watch(16);
    expect(wire.redelivered).toEqual([wire.beats[0]?.spans]);
    expect(wire.beats[1]).toEqual(wire.beats[0]);
    expect([seen.status.kind, seen.dropped]).toEqual(["live", null]);
  });

  it("has it sent again when it was forgotten again, three times at most, and then drops the claim", async () => {
    const forgotten = () => problem(422, "not-delivered");
    wire.fail = [
      forgotten(),
      forgotten(),
      forgotten(),
      null,
      forgotten(),
      forgotten(),
      forgotten(),
      forgotten(),
    ];
    await reporter.open();
    await watch(16);
    expect(wire.redelivered).toHaveLength(3);
    expect([seen.status.kind, seen.dropped]).toEqual(["live", null]);
    await watch(15);
    expect(wire.redelivered).toHaveLength(6);
    expect(seen.dropped?.why).toBe("not-delivered");
    await watch(15);
    expect(wire.beats.map((b) => b.seq)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2]);
  });

  it("waits with sending once more until the line is back", async () => {
    wire.fail = [problem(422, "not-delivered"), problem(422, "not-delivered")];
    wire.failRedeliver = [Problem.network()];
    await reporter.open();
    await watch(15.5);
    expect(seen.status.kind).toBe("offline");
    await vi.advanceTimersByTimeAsync(1500);
    expect(wire.redelivered).toHaveLength(2);
    expect(wire.beats).toHaveLength(3);
    expect([seen.status.kind, seen.dropped]).toEqual(["live", null]);
  });

  it("sends what was played during a gap at once, and says that it is catching up", async () => {
    wire.fail = Array.from({ length: 5 }, () => Problem.network());
    await reporter.open();
    await watch(60);
    expect(kinds).toEqual(["opening", "live", "offline", "catching-up", "live"]);
    const [retried, rest] = wire.beats.slice(5);
    expect(retried?.seq).toBe(1);
    expect(rest?.spans[0]?.from_ms).toBe(retried?.spans[0]?.to_ms);
    expect(seen.status.kind).toBe("live");
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
    expect(seen.status).toEqual({ kind: "held", device: "Chrome on Android", anotherTab: false });
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
    const open = wire.open.bind(wire);
    wire.open = (lesson, takeOver) => {
      void reporter.finish();
      return open(lesson, takeOver);
    };
    await reporter.open();
    expect(wire.closed).toEqual(["s1"]);
  });

  it("opens none when the page was left before", async () => {
    const opening = reporter.open();
    await reporter.finish();
    await opening;
    expect(wire.opened).toEqual([]);
  });
});
