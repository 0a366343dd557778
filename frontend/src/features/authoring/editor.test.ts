import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../../api/problem";
import type { Tagged } from "../../api/tagged";
import { Editor, type EditorWire } from "./editor";
import type { Draft } from "./model";
import { asKind, markRight, newQuestion } from "./questions";

const t = (zh: string) => ({ zh, en: "" });

/** A server with one course, which counts revisions as the real one does. */
class Server implements EditorWire {
  revision = 1;
  names = 0;
  calls: string[] = [];
  failWith: unknown;
  draft = {
    id: "course",
    state: "draft",
    subject: "professional",
    language: "zh",
    title: t("title"),
    summary: t(""),
    description: t(""),
    outcomes: [],
    chapters: [],
    reviews: [],
    missing: [],
  } as unknown as Draft;

  load = async () => this.answer();
  fields: EditorWire["fields"] = async (_id, etag, body) => {
    this.check("fields", etag);
    this.draft = { ...this.draft, ...body } as Draft;
    return this.answer();
  };
  outline: EditorWire["outline"] = async (_id, etag, chapters) => {
    this.check("outline", etag);
    const name = (id?: string) => id ?? `id-${++this.names}`;
    this.draft = {
      ...this.draft,
      chapters: chapters.map((c) => ({
        id: name(c.id),
        title: c.title,
        lessons: c.lessons.map((l) => ({ ...l, id: name(l.id) })),
      })),
    } as unknown as Draft;
    return this.answer();
  };
  private check(what: string, etag: string) {
    this.calls.push(what);
    if (this.failWith) throw this.failWith;
    if (etag !== `"${this.revision}"`) throw new Problem(412, { type: "/problems/precondition-failed" });
    this.revision++;
  }
  private answer(): Tagged<Draft> {
    return { data: structuredClone(this.draft), etag: `"${this.revision}"` };
  }
}

async function editorOn(server: Server) {
  return new Editor("course", await server.load(), server);
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the editor", () => {
  it("saves a moment after the last change, once", async () => {
    const server = new Server();
    const editor = await editorOn(server);
    editor.setFields({ title: t("a") });
    await vi.advanceTimersByTimeAsync(600);
    editor.setFields({ title: t("ab") });
    await vi.advanceTimersByTimeAsync(600);
    expect(server.calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(600);
    expect(server.calls).toEqual(["fields"]);
    expect(server.draft.title.zh).toBe("ab");
    expect(editor.get().status).toBe("saved");
  });
  it("gives new things the server's ids though they were moved while being saved", async () => {
    const server = new Server();
    const editor = await editorOn(server);
    editor.apply({ type: "add-chapter", key: "x", title: t("X") });
    editor.apply({ type: "add-chapter", key: "y", title: t("Y") });
    const saving = editor.save();
    editor.apply({ type: "move", key: "y", step: -1 });
    expect(await saving).toBe(true);
    expect(server.draft.chapters.map((c) => [c.id, c.title.zh])).toEqual([
      ["id-2", "Y"],
      ["id-1", "X"],
    ]);
    expect(editor.get().chapters.map((c) => [c.key, c.id])).toEqual([
      ["y", "id-2"],
      ["x", "id-1"],
    ]);
  });
  it("sends nothing more after a conflict, and loses nothing when the newer version is laid under", async () => {
    const server = new Server();
    const editor = await editorOn(server);
    const other = await editorOn(server);
    other.setFields({ summary: t("theirs") });
    await other.save();
    editor.setFields({ title: t("mine") });
    expect(await editor.save()).toBe(false);
    expect(editor.get().status).toBe("conflict");
    expect(editor.stuck).toBe(true);
    editor.setFields({ description: t("still typing") });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.calls).toEqual(["fields", "fields"]);
    await editor.overlay();
    expect(await editor.save()).toBe(true);
    expect(editor.stuck).toBe(false);
    expect(server.draft).toMatchObject({
      title: t("mine"),
      summary: t("theirs"),
      description: t("still typing"),
    });
  });
  it("tries again by itself when no answer came", async () => {
    const server = new Server();
    const editor = await editorOn(server);
    server.failWith = Problem.network();
    editor.setFields({ title: t("a") });
    await vi.advanceTimersByTimeAsync(1500);
    expect(editor.get().status).toBe("failed");
    server.failWith = undefined;
    await vi.advanceTimersByTimeAsync(6000);
    expect(editor.get().status).toBe("saved");
    expect(server.draft.title.zh).toBe("a");
  });
  it("says so when the server refuses, and does not insist", async () => {
    const server = new Server();
    const editor = await editorOn(server);
    server.failWith = new Problem(422, { type: "/problems/invalid" });
    editor.setFields({ title: t("a") });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(editor.get().status).toBe("refused");
    expect(server.calls).toEqual(["fields"]);
  });
});

describe("questions", () => {
  const rights = (q: { choices: { correct: boolean }[] }) => q.choices.map((c) => c.correct);
  it("keep one right answer where only one may be", () => {
    const many = { ...newQuestion("multiple_choice") };
    const [a, b] = many.choices;
    const both = markRight(markRight(many, a?.key ?? ""), b?.key ?? "");
    expect(rights(both)).toEqual([true, true]);
    expect(rights(asKind(both, "single_choice"))).toEqual([true, false]);
    expect(rights(markRight(asKind(both, "single_choice"), b?.key ?? ""))).toEqual([false, true]);
  });
  it("become true or false with exactly two choices, one of them right", () => {
    const q = asKind(newQuestion("single_choice"), "true_false");
    expect(rights(q)).toEqual([true, false]);
    expect(q.choices.map((c) => c.text.en)).toEqual(["True", "False"]);
  });
});
