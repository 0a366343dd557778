import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../../api/problem";
import { type Change, itemsOf, type Note } from "./model";
import { Outbox, type Wire } from "./outbox";

function device() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (k: string) => kept.get(k) ?? null,
    setItem: (k: string, v: string) => void kept.set(k, v),
    removeItem: (k: string) => void kept.delete(k),
  };
}

const noteOf = (id: string, { lessonId, atMs }: Change, text: string) =>
  ({ id, lesson: { id: lessonId }, at_ms: atMs, text }) as Note;

/** A server that answers as told; `down` gives no answer. */
class Server implements Wire {
  notes = new Map<string, string>();
  fail: Problem | null = null;
  asked = 0;
  held: Promise<void> = Promise.resolve();
  async put(id: string, change: Change & { text: string }) {
    this.asked++;
    await this.held;
    if (this.fail) throw this.fail;
    this.notes.set(id, change.text);
    return noteOf(id, change, change.text);
  }
  async remove(id: string) {
    this.asked++;
    if (this.fail) throw this.fail;
    if (!this.notes.delete(id)) throw new Problem(404, {});
  }
}

const settled = vi.fn();
const write = (text: string | null) => ({ lessonId: "l", atMs: 5, text });
let server: Server;
let storage: ReturnType<typeof device>;
const open = () => new Outbox("k", storage, server, settled);

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  storage = device();
  settled.mockClear();
});
afterEach(() => vi.useRealTimers());

describe("a note on its way", () => {
  it("is sent at once, and then no longer kept", async () => {
    const box = open();
    box.change("a", write("one"));
    expect(storage.kept.size).toBe(1);
    await box.flush();
    expect(server.notes.get("a")).toBe("one");
    expect(box.snapshot()).toEqual({});
    expect(storage.kept.size).toBe(0);
    expect(settled).toHaveBeenCalledOnce();
  });

  it("outlives the page while the line is down, and is sent by itself when it is back", async () => {
    server.fail = Problem.network();
    const box = open();
    box.change("a", write("one"));
    await box.flush();
    const after = open();
    expect(itemsOf([], after.snapshot(), "l")).toMatchObject([{ id: "a", text: "one", waiting: true }]);
    server.fail = null;
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.notes.get("a")).toBe("one");
  });

  it("keeps what was written while it was being sent", async () => {
    let release = () => {};
    server.held = new Promise((resolve) => {
      release = resolve;
    });
    const box = open();
    box.change("a", write("one"));
    box.change("a", write("two"));
    release();
    await box.flush();
    expect(server.notes.get("a")).toBe("two");
    expect(box.snapshot()).toEqual({});
  });

  it("stays to be seen when the server will not have it, and is not sent again by itself", async () => {
    server.fail = new Problem(409, { type: "/problems/too-many-notes" });
    const box = open();
    box.change("a", write("one"));
    await box.flush();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.asked).toBe(1);
    expect(open().snapshot().a).toMatchObject({ text: "one", refused: "too-many-notes" });
  });

  it("waits for whoever has to sign in again", async () => {
    server.fail = new Problem(401, {});
    const box = open();
    box.change("a", write("one"));
    await box.flush();
    expect(box.snapshot().a?.refused).toBeUndefined();
  });

  it("can be deleted, found gone already, and brought back", async () => {
    const box = open();
    box.change("a", write(null));
    await box.flush();
    expect(box.snapshot()).toEqual({});
    expect(settled).toHaveBeenLastCalledWith("a", null, expect.anything());
    box.change("a", write("back"));
    await box.flush();
    expect(server.notes.get("a")).toBe("back");
  });
});

it("a lesson's notes stand by their moment, as changed here", () => {
  const at = (id: string, atMs: number) => noteOf(id, { lessonId: "l", atMs, text: "", stamp: 0 }, id);
  const change = (atMs: number, text: string | null, lessonId = "l") => ({ lessonId, atMs, text, stamp: 1 });
  const items = itemsOf(
    [at("a", 1), at("b", 2), at("c", 3)],
    { b: change(2, null), c: change(0, "first now"), d: change(2, "new"), e: change(9, "elsewhere", "m") },
    "l",
  );
  expect(items.map((i) => i.text)).toEqual(["first now", "a", "new"]);
});
