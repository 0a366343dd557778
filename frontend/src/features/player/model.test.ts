import { describe, expect, it } from "vitest";
import { claim, maxSpans, nothingPlayed, type Play, type PlayEvent, play, unclaimed } from "./model";

/** Plays from a position for a while, a tick every 250 ms. */
function watch(state: Play, from: number, forMs: number, rate = 1, startedAt = 0): Play {
  let s = state;
  for (let t = 0; t <= forMs; t += 250) {
    s = play(s, { type: "tick", at: from + t * rate, rate, playing: true, now: startedAt + t });
  }
  return s;
}
const after = (s: Play, ...events: PlayEvent[]) => events.reduce(play, s);
const span = (from_ms: number, to_ms: number, rate = 1) => ({ from_ms, to_ms, rate });

describe("what the player reports", () => {
  it("is what was played, as one span", () => {
    expect(unclaimed(watch(nothingPlayed, 0, 5000))).toEqual([span(0, 5000)]);
  });

  it("is nothing while paused, waiting or not yet started", () => {
    const s = after(
      nothingPlayed,
      { type: "tick", at: 9000, rate: 1, playing: false, now: 0 },
      { type: "tick", at: 9250, rate: 1, playing: false, now: 250 },
    );
    expect(unclaimed(s)).toEqual([]);
  });

  it("ends where it paused, and goes on as the same span", () => {
    let s = after(watch(nothingPlayed, 0, 2000), { type: "stop", state: "paused", at: 2100, now: 2100 });
    expect(s.state).toBe("paused");
    s = watch(s, 2100, 1000, 1, 60_000);
    expect(unclaimed(s)).toEqual([span(0, 3100)]);
  });

  it("is cut by a jump, whichever way", () => {
    let s = after(watch(nothingPlayed, 10_000, 2000), { type: "seek", to: 50_000 });
    s = after(watch(s, 50_000, 1000, 1, 2000), { type: "seek", to: 0 });
    s = watch(s, 0, 1000, 1, 3000);
    expect(unclaimed(s)).toEqual([span(10_000, 12_000), span(50_000, 51_000), span(0, 1000)]);
  });

  it("begins where the picture stood still, though the first tick comes late", () => {
    let s = after(nothingPlayed, { type: "tick", at: 0, rate: 1, playing: false, now: 0 });
    s = watch(s, 180, 1000, 1, 500);
    expect(unclaimed(s)).toEqual([span(0, 1180)]);
    s = watch(after(s, { type: "seek", to: 30_000 }), 30_090, 500, 1, 2000);
    expect(unclaimed(s).at(-1)).toEqual(span(30_000, 30_590));
  });

  it("does not begin at a place somebody left long before", () => {
    const s = after(nothingPlayed, { type: "seek", to: 5000 });
    expect(unclaimed(watch(s, 20_000, 500))).toEqual([span(20_000, 20_500)]);
  });

  it("never holds media that was jumped over, even if nobody said there was a jump", () => {
    let s = watch(nothingPlayed, 0, 2000);
    s = watch(s, 100_000, 1000, 1, 2250);
    expect(unclaimed(s)).toEqual([span(0, 2000), span(100_000, 101_000)]);
    s = watch(s, 500, 500, 1, 3500);
    expect(unclaimed(s)).toHaveLength(3);
  });

  it("does not believe a stop that lies further than the clock allows", () => {
    const s = after(watch(nothingPlayed, 0, 2000), { type: "stop", state: "ended", at: 600_000, now: 2250 });
    expect(unclaimed(s)).toEqual([span(0, 2000)]);
    expect(s.state).toBe("ended");
  });

  it("is cut by a change of speed, without losing what lies between two ticks", () => {
    let s = watch(nothingPlayed, 0, 2000);
    s = play(s, { type: "tick", at: 2100, rate: 1.5, playing: true, now: 2100 });
    s = watch(s, 2100, 1000, 1.5, 2100);
    expect(unclaimed(s)).toEqual([span(0, 2100), span(2100, 3600, 1.5)]);
  });

  it("believes a late tick after a sleeping tab, which really played on", () => {
    const s = after(watch(nothingPlayed, 0, 1000), {
      type: "tick",
      at: 61_000,
      rate: 1,
      playing: true,
      now: 61_000,
    });
    expect(unclaimed(s)).toEqual([span(0, 61_000)]);
  });

  it("knows whether anybody can see it", () => {
    expect(after(nothingPlayed, { type: "visible", visible: false }).visible).toBe(false);
  });

  it("holds whole milliseconds only", () => {
    const s = after(
      nothingPlayed,
      { type: "tick", at: 0.4, rate: 1, playing: true, now: 0 },
      { type: "tick", at: 250.6, rate: 1, playing: true, now: 250 },
    );
    expect(unclaimed(s)).toEqual([span(0, 251)]);
  });
});

describe("a claim", () => {
  it("takes everything, and what is playing goes on from there", () => {
    const first = claim(watch(nothingPlayed, 0, 3000));
    expect(first.spans).toEqual([span(0, 3000)]);
    const second = claim(watch(first.rest, 3000, 2000, 1, 3000));
    expect(second.spans).toEqual([span(3000, 5000)]);
  });

  it("leaves nothing behind to be claimed twice", () => {
    const { rest } = claim(
      after(watch(nothingPlayed, 0, 3000), { type: "stop", state: "paused", at: 3000, now: 3000 }),
    );
    expect(claim(rest).spans).toEqual([]);
  });

  it("carries no more than a beat may hold; the rest follows", () => {
    let s = nothingPlayed;
    for (let n = 0; n < 40; n++)
      s = after(watch(s, n * 10_000, 500, 1, n * 1000), { type: "seek", to: (n + 1) * 10_000 });
    const first = claim(s);
    expect(first.spans).toHaveLength(maxSpans);
    expect(claim(first.rest).spans).toHaveLength(40 - maxSpans);
  });
});
