import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../../../api/problem";
import { memoryLocks, memoryStore } from "../kept/fake";
import { Keeper } from "../kept/keeper";
import { Reporter } from "../reporter";
import type { Study } from "../study";
import type { Check } from "../wire";
import { FakeWire, problem } from "../wire.fake";
import { leftS } from "./attending";

const asked: Check = {
  id: "c1",
  kind: "question",
  prompt: "Which?",
  choices: ["a", "b"],
  window_s: 120,
  answer_by: "2031-01-01T00:02:00Z",
  paused: false,
  can_extend: true,
};
const paused: Check = { id: "c2", kind: "confirm", window_s: 120, paused: true, can_extend: false };

let wire: FakeWire;
let reporter: Reporter;
let seen: Study;
let at = 0;

beforeEach(async () => {
  vi.useFakeTimers();
  wire = new FakeWire();
  at = 0;
  const keeper = new Keeper("person", memoryStore(), memoryLocks().ofTab().take);
  reporter = new Reporter(wire, "lesson", (s) => (seen = s), keeper);
  await reporter.open();
});
afterEach(() => vi.useRealTimers());

async function watch(seconds: number) {
  for (let n = 0; n < seconds * 4; n++) {
    reporter.tell({ type: "tick", at, rate: 1, playing: true, now: Date.now() });
    await vi.advanceTimersByTimeAsync(250);
    at += 250;
  }
}
const settled = () => vi.advanceTimersByTimeAsync(0);

describe("a presence check", () => {
  it("arrives with an answer, and its window runs from then", async () => {
    wire.answers = [{ presence: asked, pending_s: 240, pending: [[0, 240]] }];
    await watch(16);
    expect(seen.check?.check).toEqual(asked);
    expect(seen.check && leftS(seen.check, Date.now())).toBeGreaterThan(118);
    expect([seen.pendingS, seen.pending]).toEqual([240, [[0, 240]]]);
  });

  it("is answered at once, beside what was played, and says what it confirmed", async () => {
    wire.answers = [
      { presence: asked, verified_s: 0 },
      { presence_outcome: "passed", verified_s: 243 },
    ];
    await watch(20);
    reporter.answer([1]);
    expect(seen.check?.answering).toBe(true);
    reporter.answer([0]);
    await settled();
    expect(wire.beats).toHaveLength(2);
    expect(wire.beats[1]).toMatchObject({ seq: 2, token: "t2", presence: { id: "c1", answer: [1] } });
    expect(wire.beats[1]?.spans).toHaveLength(1);
    expect(seen.check).toBeNull();
    expect(seen.told).toEqual({ outcome: "passed", seconds: 243 });
    await watch(16);
    expect(wire.beats[2]).not.toHaveProperty("presence");
  });

  it("that was answered wrongly is another question with the time that is left", async () => {
    wire.answers = [{ presence: asked }, { presence: { ...asked, id: "c9" }, presence_outcome: "wrong" }];
    await watch(25);
    reporter.answer([0]);
    await settled();
    expect(seen.told?.outcome).toBe("wrong");
    expect(seen.check).toMatchObject({ check: { id: "c9" }, answering: false });
    expect(seen.check && leftS(seen.check, Date.now())).toBeLessThan(112);
  });

  it("that needs more time gets it", async () => {
    const longer = { ...asked, answer_by: "2031-01-01T00:04:00Z", can_extend: false };
    wire.answers = [{ presence: asked }, { presence: longer, presence_outcome: "extended" }];
    await watch(16);
    reporter.moreTime();
    await settled();
    expect(wire.beats[1]?.presence).toEqual({ id: "c1", more_time: true });
    expect(seen.check && leftS(seen.check, Date.now())).toBeGreaterThan(230);
  });

  it("whose time is up is asked about, even while nothing plays", async () => {
    wire.answers = [{ presence: asked }, { presence: asked }, { presence: asked }];
    await watch(16);
    reporter.tell({ type: "stop", state: "paused", at, now: Date.now() });
    await settled();
    const before = wire.beats.length;
    wire.answers = Array.from({ length: 9 }, () => ({ presence: asked }));
    await vi.advanceTimersByTimeAsync(100_000);
    const meanwhile = wire.beats.length;
    wire.answers = [{ presence: paused, presence_outcome: "missed", forfeited_s: 60 }];
    await vi.advanceTimersByTimeAsync(22_000);
    expect(meanwhile - before).toBeLessThan(3);
    expect(seen.told).toEqual({ outcome: "missed", seconds: 60 });
    expect(seen.check?.check.paused).toBe(true);
  });

  it("that was missed pauses study: nothing is claimed until somebody is there", async () => {
    wire.answers = [{ presence: paused, presence_outcome: "missed", forfeited_s: 30 }];
    await watch(18);
    expect(seen.waiting).toEqual([]);
    wire.answers = [{ presence: paused }, { presence: paused }, { presence: paused }];
    await watch(16);
    for (const beat of wire.beats.slice(1)) expect(beat.spans).toEqual([]);
    wire.answers = [{ presence_outcome: "passed" }];
    reporter.answer([]);
    await settled();
    expect(wire.beats.at(-1)?.presence).toEqual({ id: "c2", answer: [] });
    const heard = wire.beats.length;
    await watch(16);
    expect(wire.beats[heard]?.spans[0]?.from_ms).toBeGreaterThan(30_000);
  });

  it("that is owed from before is there when the lesson opens", async () => {
    wire.openings = [{ presence: paused, pending_s: 0, forfeited_s: 90 }];
    await reporter.finish();
    await reporter.open();
    expect(seen.check).toMatchObject({ check: paused, until: null });
    expect(seen.forfeitedS).toBe(90);
  });

  it("is learned of from a refusal, and the claim is dropped and said so", async () => {
    wire.fail = [problem(409, "presence-required")];
    wire.answers = [{ presence: paused }];
    await watch(16);
    expect(wire.beats[1]).toMatchObject({ seq: 1, token: "s1-t1", spans: [] });
    expect(seen.check?.check.id).toBe("c2");
    expect(seen.dropped?.why).toBe("presence");
    expect(seen.status.kind).toBe("live");
  });

  it("that is not the outstanding one takes its answer back, and not the claim beside it", async () => {
    wire.answers = [{ presence: asked }];
    await watch(20);
    wire.fail = [problem(422, "presence-unknown")];
    reporter.answer([1]);
    await settled();
    await settled();
    expect(wire.beats[2]).toEqual({ ...wire.beats[1], presence: undefined });
    expect(wire.beats[2]?.spans).toEqual(wire.beats[1]?.spans);
    expect([seen.dropped, seen.check]).toEqual([null, null]);
  });

  it("keeps its answer while the line is down, and sends it as soon as it is back", async () => {
    wire.answers = [{ presence: asked }, { presence: asked }, { presence_outcome: "passed" }];
    await watch(16);
    wire.fail = [Problem.network()];
    await watch(14.5);
    expect(seen.status.kind).toBe("offline");
    reporter.answer([1]);
    expect(seen.check?.answering).toBe(true);
    await vi.advanceTimersByTimeAsync(1500);
    expect(wire.beats.at(-1)?.presence).toEqual({ id: "c1", answer: [1] });
    expect(seen.told?.outcome).toBe("passed");
  });
});
