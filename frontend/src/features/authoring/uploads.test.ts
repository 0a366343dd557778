import { describe, expect, it } from "vitest";
import { Problem } from "../../api/problem";
import type { Asset } from "./model";
import { bytesThere, isSameFile, partsToSend, Uploads } from "./uploads";

const MiB = 1 << 20;
const part = 8 * MiB;

describe("the plan of an upload", () => {
  it("cuts a file into parts, the last as long as what is left", () => {
    expect(partsToSend(20 * MiB, part, [])).toEqual([
      { number: 0, from: 0, to: 8 * MiB },
      { number: 1, from: 8 * MiB, to: 16 * MiB },
      { number: 2, from: 16 * MiB, to: 20 * MiB },
    ]);
  });
  it("has one part for a file of exactly one, and for a single byte", () => {
    expect(partsToSend(part, part, [])).toEqual([{ number: 0, from: 0, to: part }]);
    expect(partsToSend(1, part, [])).toEqual([{ number: 0, from: 0, to: 1 }]);
  });
  it("sends only what has not arrived, in whatever order that was", () => {
    expect(partsToSend(20 * MiB, part, [2, 0]).map((p) => p.number)).toEqual([1]);
    expect(partsToSend(20 * MiB, part, [0, 1, 2])).toEqual([]);
  });
  it("counts the bytes that are there, the short last part too", () => {
    expect(bytesThere(20 * MiB, part, [])).toBe(0);
    expect(bytesThere(20 * MiB, part, [0, 2])).toBe(12 * MiB);
    expect(bytesThere(20 * MiB, part, [0, 1, 2])).toBe(20 * MiB);
  });
  it("takes a file for the same by its name and size", () => {
    const asset = { filename: "a.mp4", size_bytes: 5 };
    expect(isSameFile(asset, { name: "a.mp4", size: 5 })).toBe(true);
    expect(isSameFile(asset, { name: "a.mp4", size: 6 })).toBe(false);
    expect(isSameFile(asset, { name: "b.mp4", size: 5 })).toBe(false);
  });
});

const asset = (size: number, parts: number[] = []) =>
  ({ id: "a", size_bytes: size, part_size: 4, parts, state: "uploading" }) as unknown as Asset;
const ready = { id: "a", state: "queued" } as unknown as Asset;

/** A server that fails the first so many sendings of each part. */
function server(failures: Record<number, number>, error: unknown = Problem.network()) {
  const arrived: [number, string][] = [];
  const waits: number[] = [];
  const left = { ...failures };
  const uploads = new Uploads({
    async part(_id, number, data, progress) {
      progress(1);
      const more = left[number] ?? 0;
      if (more > 0) {
        left[number] = more - 1;
        throw error;
      }
      arrived.push([number, await data.text()]);
    },
    complete: async () => ready,
    wait: async (ms) => void waits.push(ms),
  });
  return { uploads, arrived, waits };
}

describe("sending", () => {
  const file = new Blob(["abcdefghij"]);

  it("sends every part once, in order, and hands the asset on", async () => {
    const { uploads, arrived } = server({});
    const done: Asset[] = [];
    await uploads.start(asset(10), file, (a) => done.push(a));
    expect(arrived).toEqual([
      [0, "abcd"],
      [1, "efgh"],
      [2, "ij"],
    ]);
    expect(done).toEqual([ready]);
    expect(uploads.get("a")).toBeUndefined();
    expect(uploads.active).toBe(false);
  });
  it("sends a part again after a while when no answer came", async () => {
    const { uploads, arrived, waits } = server({ 1: 2 });
    await uploads.start(asset(10), file, () => undefined);
    expect(arrived.map(([n]) => n)).toEqual([0, 1, 2]);
    expect(waits).toEqual([1000, 2000]);
  });
  it("stops after four tries, keeps what arrived, and goes on from there when told", async () => {
    const { uploads, arrived } = server({ 1: 4 });
    const done: Asset[] = [];
    await uploads.start(asset(10), file, (a) => done.push(a));
    expect(uploads.get("a")).toMatchObject({ state: "stopped", sent: 4, size: 10 });
    expect(done).toEqual([]);
    await uploads.retry("a");
    expect(arrived.map(([n]) => n)).toEqual([0, 1, 2]);
    expect(done).toEqual([ready]);
  });
  it("does not repeat what the server refuses", async () => {
    const { uploads, waits } = server({ 0: 9 }, new Problem(413, { type: "/problems/too-large" }));
    await uploads.start(asset(10), file, () => undefined);
    expect(waits).toEqual([]);
    expect(uploads.get("a")?.state).toBe("stopped");
  });
  it("after a reload sends only the parts that had not arrived", async () => {
    const { uploads, arrived } = server({});
    await uploads.start(asset(10, [0, 2]), file, () => undefined);
    expect(arrived).toEqual([[1, "efgh"]]);
  });
});
