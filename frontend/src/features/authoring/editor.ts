import { Problem } from "../../api/problem";
import type { Tagged } from "../../api/tagged";
import {
  type Asset,
  adoptIds,
  chaptersOf,
  chaptersToSend,
  type Draft,
  type EditChapter,
  type Fields,
  fieldsOf,
  fieldsToSend,
  same,
} from "./model";
import { type OutlineAction, outline } from "./outline";
import { overlayFields, overlayOutline } from "./overlay";

type ChaptersOut = ReturnType<typeof chaptersToSend>;

export interface EditorWire {
  load(id: string): Promise<Tagged<Draft>>;
  fields(id: string, etag: string, body: Fields): Promise<Tagged<Draft>>;
  outline(id: string, etag: string, chapters: ChaptersOut): Promise<Tagged<Draft>>;
}

/** `conflict`: somebody else saved meanwhile. `failed`: no answer, tried again. `refused`: the server says why not. */
export type Status = "saved" | "waiting" | "saving" | "failed" | "refused" | "conflict";

export interface Snapshot {
  draft: Draft;
  fields: Fields;
  chapters: EditChapter[];
  /** The outline as it was last saved: the places in draft.missing are places in it. */
  saved: EditChapter[];
  status: Status;
  error?: unknown;
  savedAt?: number;
}

const settleMs = 1000;
const retryMs = 5000;

/**
 * A course under work. What is typed stands here at once and is saved by
 * itself a moment after the last change, one request after the other.
 */
export class Editor {
  private snap: Snapshot;
  private base: Fields;
  private etag: string;
  private busy: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly id: string,
    loaded: Tagged<Draft>,
    private readonly wire: EditorWire,
  ) {
    this.etag = loaded.etag;
    this.base = fieldsOf(loaded.data);
    const chapters = chaptersOf(loaded.data);
    this.snap = { draft: loaded.data, fields: this.base, chapters, saved: chapters, status: "saved" };
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly get = () => this.snap;
  /** The tag under which the saved state stands; to be named when submitting. */
  get tag() {
    return this.etag;
  }

  get editable(): boolean {
    return this.snap.draft.state === "draft" || this.snap.draft.state === "returned";
  }

  setFields(patch: Partial<Fields>) {
    this.changed({ fields: { ...this.snap.fields, ...patch } });
  }

  apply(action: OutlineAction) {
    this.changed({ chapters: outline(this.snap.chapters, action) });
  }

  /** News of a file: nothing the author changed. */
  note(asset: Asset) {
    const action = { type: "asset", asset } as const;
    this.show({ chapters: outline(this.snap.chapters, action), saved: outline(this.snap.saved, action) });
  }

  /** Saves now; true if everything stands on the server afterwards. */
  async save(): Promise<boolean> {
    clearTimeout(this.timer);
    this.busy ??= this.work().finally(() => {
      this.busy = null;
    });
    await this.busy;
    return !this.dirty && this.snap.status === "saved";
  }

  /** Reads what the server has, unless something is on its way there anyway. */
  async refresh() {
    if (this.dirty || this.busy) return;
    const read = await this.wire.load(this.id);
    if (this.dirty || this.busy) return;
    if (read.etag === this.etag) this.show({ draft: read.data });
    else this.adopt(read);
  }

  /** After a conflict: takes the newest version and lays what was changed here over it. */
  async overlay() {
    const theirs = await this.wire.load(this.id);
    const { fields, chapters, saved } = this.snap;
    const before = { base: this.base, fields, chapters, saved };
    this.adopt(theirs);
    if (!this.editable) return;
    this.changed({
      fields: overlayFields(before.base, before.fields, this.snap.fields),
      chapters: overlayOutline(before.saved, before.chapters, this.snap.chapters),
    });
  }

  /** Drops what was changed here and shows what the server has. */
  async discard() {
    this.adopt(await this.wire.load(this.id));
  }

  /** Shows another state of the course as the one that is saved. */
  adopt(read: Tagged<Draft>) {
    clearTimeout(this.timer);
    this.etag = read.etag;
    this.base = fieldsOf(read.data);
    const chapters = chaptersOf(read.data);
    this.show({
      draft: read.data,
      fields: this.base,
      chapters,
      saved: chapters,
      status: "saved",
      error: undefined,
    });
  }

  /** The course is gone: nothing is sent any more. */
  close() {
    clearTimeout(this.timer);
    this.snap = { ...this.snap, chapters: this.snap.saved, fields: this.base };
  }

  /** Something is written here that cannot be saved as things stand. */
  get stuck(): boolean {
    return this.dirty && ["conflict", "refused", "failed"].includes(this.snap.status);
  }
  get dirty(): boolean {
    return this.fieldsDirty || this.outlineDirty;
  }
  private get fieldsDirty() {
    return !same(fieldsToSend(this.snap.fields), fieldsToSend(this.base));
  }
  private get outlineDirty() {
    return !same(chaptersToSend(this.snap.chapters), chaptersToSend(this.snap.saved));
  }

  private changed(patch: Partial<Snapshot>) {
    this.show(patch);
    if (this.snap.status === "conflict") return; // nothing is sent until the author has chosen
    if (!this.busy) this.show({ status: this.dirty ? "waiting" : "saved" });
    this.later(settleMs);
  }

  private later(ms: number) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), ms);
  }

  private async work() {
    if (this.snap.status === "conflict" || !this.editable) return;
    try {
      while (this.dirty) {
        this.show({ status: "saving", error: undefined });
        if (this.fieldsDirty) await this.saveFields();
        else await this.saveOutline();
      }
      this.show({ status: "saved", error: undefined });
    } catch (error) {
      this.failed(error);
    }
  }

  private async saveFields() {
    const sent = this.snap.fields;
    const got = await this.wire.fields(this.id, this.etag, fieldsToSend(sent));
    this.etag = got.etag;
    this.base = sent;
    this.show({ draft: got.data, savedAt: Date.now() });
  }

  private async saveOutline() {
    const sent = this.snap.chapters;
    const got = await this.wire.outline(this.id, this.etag, chaptersToSend(sent));
    this.etag = got.etag;
    const answer = got.data.chapters;
    this.show({
      draft: got.data,
      savedAt: Date.now(),
      saved: adoptIds(sent, sent, answer),
      chapters: adoptIds(this.snap.chapters, sent, answer),
    });
  }

  private failed(error: unknown) {
    if (error instanceof Problem && error.status === 412) return this.show({ status: "conflict", error });
    if (error instanceof Problem && error.passing) {
      this.show({ status: "failed", error });
      return this.later(retryMs);
    }
    this.show({ status: "refused", error });
  }

  private show(patch: Partial<Snapshot>) {
    this.snap = { ...this.snap, ...patch };
    for (const listener of this.listeners) listener();
  }
}
