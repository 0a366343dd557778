import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { bars, rootOf, shortHex } from "./merkle";

const sha = (...parts: Buffer[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leaf = (n: number) => sha(Buffer.from([0]), Buffer.from(`entry ${n}`));

/** The tree by its definition: split at the largest power of two below the size. */
function root(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0] as Buffer;
  const k = split(leaves.length);
  return sha(Buffer.from([1]), root(leaves.slice(0, k)), root(leaves.slice(k)));
}
function path(leaves: Buffer[], index: number): Buffer[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...path(leaves.slice(0, k), index), root(leaves.slice(k))]
    : [...path(leaves.slice(k), index - k), root(leaves.slice(0, k))];
}
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
function proofOf(size: number, index: number) {
  const leaves = Array.from({ length: size }, (_, n) => leaf(n));
  const b64 = (b: Buffer) => b.toString("base64");
  return {
    root: b64(root(leaves)),
    proof: { index, size, leaf_hash: b64(leaf(index)), hashes: path(leaves, index).map(b64) },
  };
}

describe("a proof of the ledger", () => {
  it("leads every entry of every size to the root", async () => {
    for (let size = 1; size <= 20; size++) {
      for (let index = 0; index < size; index++) {
        const { root, proof } = proofOf(size, index);
        expect(await rootOf(proof), `${index} of ${size}`).toBe(root);
      }
    }
  });
  it("does not hold for another entry, another place or a shortened path", async () => {
    const { root, proof } = proofOf(11, 6);
    expect(await rootOf({ ...proof, leaf_hash: proofOf(11, 5).proof.leaf_hash })).not.toBe(root);
    expect(await rootOf({ ...proof, index: 7 })).not.toBe(root);
    expect(await rootOf({ ...proof, hashes: proof.hashes.slice(1) })).toBeNull();
    expect(await rootOf({ ...proof, hashes: [...proof.hashes, proof.leaf_hash] })).toBeNull();
    expect(await rootOf({ ...proof, index: 11 })).toBeNull();
  });
  it("is shown so that people can compare it", () => {
    const hash = Buffer.from([0xa4, 0x1e, 0x9c, 0x07, 0x00, 0x5d, 0x2f]).toString("base64");
    expect(shortHex(hash)).toBe("a41e 9c07 … 5d2f");
    expect(bars(hash).slice(0, 4)).toEqual([10, 4, 1, 14]);
  });
});
