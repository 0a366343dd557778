import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../../../api/problem";
import { Reporter } from "../reporter";
import type { Study } from "../study";
import { FakeWire, problem } from "../wire.fake";
import { memoryLocks, memoryStore } from "./fake";
import { Keeper } from "./keeper";
import { markLocks } from "./lock";
import { firstOf, tabStore } from "./store";

let wire: FakeWire;
let store: ReturnType<typeof memoryStore>;
let locks: ReturnType<typeof memoryLocks>;

/** A tab of the browser, with a lesson in it. */
function tab(lesson = "lesson", person = "person") {
  const { take, die } = locks.ofTab();
  let study: Study | undefined;
  const keeper = new Keeper(person, store, take);
  const reporter = new Reporter(
    wire,
    lesson,
    (s) => {
      study = s;
    },
    keeper,
  );
  let at = 0;
  return {
    reporter,
    /** The browser kills it: no timer runs again, no word is said. */
    kill: () => {
      vi.clearAllTimers();
      die();
    },
    seen: () => study as Study,
    watch: async (seconds: number, from = at) => {
      at = from;
      for (let n = 0; n < seconds * 4; n++) {
        reporter.tell({ type: "tick", at, rate: 1, playing: true, now: Date.now() });
        await vi.advanceTimersByTimeAsync(250);
        at += 250;
      }
    },
  };
}
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  wire = new FakeWire();
  store = memoryStore();
  locks = memoryLocks();
});
afterEach(() => vi.useRealTimers());

describe("a tab that comes back", () => {
  it("goes on with its session, and claims what was played after the last answer", async () => {
    const first = tab();
    await first.reporter.open();
    await first.watch(22);
    first.kill();
    const second = tab();
    await second.reporter.open();
    await settled();
    expect(wire.opened).toHaveLength(1);
    expect(wire.sessions).toEqual(["s1", "s1"]);
    expect(wire.beats[1]).toMatchObject({ seq: 2, token: "t2" });
    expect(wire.beats[1]?.spans[0]?.from_ms).toBe(wire.beats[0]?.spans[0]?.to_ms);
    expect(wire.beats[1]?.spans[0]?.to_ms).toBeGreaterThan(19_000);
    expect(second.seen().status.kind).toBe("live");
    expect(second.seen().session?.resume_at_ms).toBeGreaterThan(19_000);
  });

  it("sends a beat that had no answer exactly as it was, then the rest", async () => {
    const first = tab();
    await first.reporter.open();
    wire.fail = [Problem.network()];
    await first.watch(15.5);
    first.reporter.leave();
    first.kill();
    const second = tab();
    await second.reporter.open();
    await second.watch(16, 40_000);
    expect(wire.beats[1]).toEqual(wire.beats[0]);
    expect(wire.beats[2]).toMatchObject({ seq: 2, token: "t2" });
  });

  it("keeps waiting for the line with what it has", async () => {
    const first = tab();
    await first.reporter.open();
    await first.watch(10);
    first.kill();
    wire.fail = [Problem.network()];
    const second = tab();
    await second.reporter.open();
    await settled();
    expect(second.seen().status.kind).toBe("offline");
    await vi.advanceTimersByTimeAsync(1100);
    expect(second.seen().status.kind).toBe("live");
    expect(wire.opened).toHaveLength(1);
  });

  it("opens another when its session ended meanwhile, and says what could not be counted", async () => {
    const first = tab();
    await first.reporter.open();
    await first.watch(10);
    first.kill();
    wire.fail = [problem(409, "session-closed")];
    const second = tab();
    await second.reporter.open();
    await settled();
    expect(wire.opened).toHaveLength(2);
    expect(second.seen().dropped?.why).toBe("closed");
    expect(second.seen().dropped?.seconds).toBeGreaterThan(7);
    expect([...store.entries.keys()]).toEqual(["s2"]);
  });

  it("asks for the place back when another device took over meanwhile", async () => {
    const first = tab();
    await first.reporter.open();
    await first.watch(10);
    first.kill();
    wire.fail = [problem(409, "fenced")];
    wire.failOpen = [problem(409, "lease-held", { device: "Safari on iOS" })];
    const second = tab();
    await second.reporter.open();
    await settled();
    expect(second.seen().status).toEqual({ kind: "held", device: "Safari on iOS", anotherTab: false });
    expect(second.seen().dropped?.why).toBe("elsewhere");
    expect(store.entries.size).toBe(0);
  });

  it("drops a claim that is refused, and still takes the session up", async () => {
    const first = tab();
    await first.reporter.open();
    await first.watch(10);
    first.kill();
    wire.fail = [problem(422, "too-fast")];
    const second = tab();
    await second.reporter.open();
    await settled();
    expect(wire.beats.at(-1)).toMatchObject({ seq: 1, spans: [] });
    expect([second.seen().status.kind, second.seen().dropped?.why]).toEqual(["live", "too-fast"]);
  });
});

describe("what is kept", () => {
  it("is written when a beat leaves, when it is answered, and little in between", async () => {
    const { reporter, watch } = tab();
    const put = vi.spyOn(store, "put");
    await reporter.open();
    await watch(30);
    // 120 ticks, two beats: a write each two seconds, and four for the beats.
    expect(put.mock.calls.length).toBeLessThan(22);
  });

  it("is written at once when the page is hidden", async () => {
    const { reporter, watch } = tab();
    await reporter.open();
    await watch(1);
    reporter.keep();
    expect(store.entries.get("s1")?.spans.at(-1)?.to_ms).toBe(750);
  });

  it("is gone when the lesson was left properly", async () => {
    const { reporter, watch } = tab();
    await reporter.open();
    await watch(5);
    await reporter.finish();
    expect(wire.beats).toHaveLength(1);
    expect(store.entries.size).toBe(0);
  });

  it("stays when the lesson was left without a line, and goes out with the next lesson", async () => {
    const { reporter, watch } = tab();
    await reporter.open();
    await watch(5);
    wire.fail = [Problem.network()];
    await reporter.finish();
    expect(wire.closed).toEqual([]);
    const next = tab("another lesson");
    await next.reporter.open();
    expect(wire.beats[1]).toEqual(wire.beats[0]);
    expect(wire.closed).toEqual(["s1"]);
    expect(wire.opened).toHaveLength(2);
    expect([...store.entries.keys()]).toEqual(["s2"]);
  });

  it("is told when another lesson's could not be counted", async () => {
    const { reporter, watch, kill } = tab();
    await reporter.open();
    await watch(9);
    kill();
    wire.fail = [problem(409, "session-closed")];
    const next = tab("another lesson");
    await next.reporter.open();
    expect(next.seen().dropped?.why).toBe("closed");
    expect(next.seen().status.kind).toBe("live");
  });

  it("is never sent for another person, and is wiped from a shared device", async () => {
    const { reporter, watch, kill } = tab();
    await reporter.open();
    await watch(9);
    kill();
    const other = tab("lesson", "somebody else");
    await other.reporter.open();
    await settled();
    expect(wire.beats).toHaveLength(0);
    expect([...store.entries.values()].map((k) => k.person)).toEqual(["somebody else"]);
  });

  it("is left alone while another tab lives with it, and that is said", async () => {
    const first = tab();
    await first.reporter.open();
    await first.watch(9);
    wire.failOpen = [problem(409, "lease-held", { device: "Chrome on Linux" })];
    const second = tab();
    await second.reporter.open();
    expect(wire.beats).toHaveLength(0);
    expect(second.seen().status).toEqual({ kind: "held", device: "Chrome on Linux", anotherTab: true });
    wire.answers = [{ verified_s: 7 }];
    await first.watch(7);
    expect(first.seen().verifiedS).toBe(7);
  });
});

describe("without the browser's locks", () => {
  const storage = () => {
    const map = new Map<string, string>();
    return {
      getItem: (k: string) => map.get(k) ?? null,
      setItem: (k: string, v: string) => void map.set(k, v),
      removeItem: (k: string) => void map.delete(k),
    } as unknown as Storage;
  };

  it("a mark keeps two tabs apart, until it is given back or grows old", async () => {
    const shared = storage();
    let now = 1_000_000;
    const take = markLocks(shared, () => now);
    const release = await take("s1");
    expect(release).not.toBeNull();
    expect(await take("s1")).toBeNull();
    now += 74_000;
    await vi.advanceTimersByTimeAsync(10_000);
    now += 74_000;
    expect(await take("s1")).toBeNull();
    now += 2000;
    const again = await take("s1");
    expect(again).not.toBeNull();
    again?.();
    expect(await take("s1")).not.toBeNull();
  });
});

describe("without a database", () => {
  it("the tab's own storage serves, and without that, study only forgets", async () => {
    const map: Record<string, string> = {};
    const session = Object.defineProperties(map, {
      getItem: { value: (k: string) => map[k] ?? null },
      setItem: {
        value: (k: string, v: string) => {
          map[k] = v;
        },
      },
      removeItem: { value: (k: string) => delete map[k] },
    }) as unknown as Storage;
    const broken = () => {
      throw new Error("SecurityError");
    };
    const kept = firstOf([broken, () => tabStore(session)]);
    const first = tab();
    await first.reporter.open();
    const [entry] = [...store.entries.values()];
    if (!entry) throw new Error("nothing was kept");
    await kept.put(entry);
    expect(await kept.all()).toEqual([entry]);
    await kept.clear();
    expect(await kept.all()).toEqual([]);
    expect(await firstOf([broken, broken]).all()).toEqual([]);
  });
});
