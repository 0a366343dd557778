import type { Asset } from "./model";

export interface Part {
  number: number;
  from: number;
  to: number;
}

/** The parts still to be sent, in order; the last is as long as what is left. */
export function partsToSend(size: number, partSize: number, have: number[]): Part[] {
  const count = Math.ceil(size / partSize);
  const there = new Set(have);
  const out: Part[] = [];
  for (let number = 0; number < count; number++) {
    if (there.has(number)) continue;
    out.push({ number, from: number * partSize, to: Math.min(size, (number + 1) * partSize) });
  }
  return out;
}

/** Bytes that need not be sent any more. */
export function bytesThere(size: number, partSize: number, have: number[]): number {
  return size - partsToSend(size, partSize, have).reduce((sum, p) => sum + p.to - p.from, 0);
}

/** Whether a file is the one an upload was begun with, as far as its name and size tell. */
export function isSameFile(
  asset: Pick<Asset, "filename" | "size_bytes">,
  file: { name: string; size: number },
) {
  return asset.size_bytes === file.size && asset.filename === file.name.trim();
}

export interface UploadWire {
  part(asset: string, part: number, data: Blob, progress: (sent: number) => void): Promise<void>;
  complete(asset: string): Promise<Asset>;
  wait(ms: number): Promise<void>;
}

export interface Upload {
  state: "sending" | "stopped";
  /** Bytes at the server or on their way. */
  sent: number;
  size: number;
  error?: unknown;
}

const tries = 4;

interface Job {
  asset: Asset;
  file: Blob;
  have: number[];
  done: (asset: Asset) => void;
}

/**
 * Uploads go on while the author works elsewhere. A part that fails is sent
 * again a few times; then the upload stops and waits to be told.
 */
export class Uploads {
  private readonly jobs = new Map<string, Job>();
  private readonly shown = new Map<string, Upload>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly wire: UploadWire) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  get = (asset: string): Upload | undefined => this.shown.get(asset);

  /** Something would be lost if the page were closed now. */
  get active(): boolean {
    return [...this.shown.values()].some((u) => u.state === "sending");
  }

  async start(asset: Asset, file: Blob, done: (asset: Asset) => void) {
    if (this.shown.get(asset.id)?.state === "sending") return;
    this.jobs.set(asset.id, { asset, file, have: [...asset.parts], done });
    await this.run(asset.id);
  }

  async retry(asset: string) {
    await this.run(asset);
  }

  private async run(id: string) {
    const job = this.jobs.get(id);
    if (!job) return;
    try {
      await this.send(job);
      const asset = await this.wire.complete(id);
      this.jobs.delete(id);
      this.show(id, undefined);
      job.done(asset);
    } catch (error) {
      const { size_bytes: size, part_size } = job.asset;
      this.show(id, { state: "stopped", sent: bytesThere(size, part_size, job.have), size, error });
    }
  }

  private async send(job: Job) {
    const { id, size_bytes: size, part_size } = job.asset;
    for (const part of partsToSend(size, part_size, job.have)) {
      const before = bytesThere(size, part_size, job.have);
      await this.sendPart(job, part, (sent) =>
        this.show(id, { state: "sending", sent: Math.min(size, before + sent), size }),
      );
      job.have.push(part.number);
    }
  }

  private async sendPart(job: Job, part: Part, progress: (sent: number) => void) {
    for (let n = 1; ; n++) {
      progress(0);
      try {
        await this.wire.part(job.asset.id, part.number, job.file.slice(part.from, part.to), progress);
        return;
      } catch (error) {
        if (n >= tries || !passing(error)) throw error;
        await this.wire.wait(1000 * 2 ** (n - 1));
      }
    }
  }

  private show(id: string, upload: Upload | undefined) {
    if (upload) this.shown.set(id, upload);
    else this.shown.delete(id);
    for (const listener of this.listeners) listener();
  }
}

const passing = (error: unknown) => (error as { passing?: boolean } | undefined)?.passing !== false;
