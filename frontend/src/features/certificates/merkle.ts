/** Recomputes a ledger's root from one entry (RFC 6962, section 2.1.1), so that nobody need believe the server. */

export interface Proof {
  index: number;
  size: number;
  /** Base64. */
  leaf_hash: string;
  hashes: string[];
}

const bytes = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const base64 = (data: Uint8Array) => btoa(String.fromCharCode(...data));

async function node(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  // The leading 1 keeps an inner node from ever passing for an entry.
  const data = new Uint8Array([1, ...left, ...right]);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

export type Side = "left" | "right";

/** On which side of the path each given hash stands; null when the path cannot belong to its index and size. */
export function sides({ index, size, hashes }: Pick<Proof, "index" | "size" | "hashes">): Side[] | null {
  if (index < 0 || index >= size) return null;
  const out: Side[] = [];
  let at = index;
  let last = size - 1;
  for (const _ of hashes) {
    if (last === 0) return null;
    const left = at % 2 === 1 || at === last;
    out.push(left ? "left" : "right");
    // The last node of an odd level has no neighbour there and goes up as it is.
    while (left && at % 2 === 0 && at !== 0) {
      at = Math.floor(at / 2);
      last = Math.floor(last / 2);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? out : null;
}

/** The root that the proof leads to; null when its path cannot belong to its index and size. */
export async function rootOf(proof: Proof): Promise<string | null> {
  const given = sides(proof);
  if (!given) return null;
  let hash = bytes(proof.leaf_hash);
  for (const [n, side] of given.entries()) {
    const sibling = bytes(proof.hashes[n] ?? "");
    hash = new Uint8Array(await (side === "left" ? node(sibling, hash) : node(hash, sibling)));
  }
  return base64(hash);
}

/** The first bytes of a hash in a form people can compare by eye. */
export function shortHex(hash: string): string {
  const hex = [...bytes(hash)].map((b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 4)} ${hex.slice(4, 8)} … ${hex.slice(-4)}`;
}

/** A hash as a row of bars, one a nibble: 0 to 15. */
export function bars(hash: string): number[] {
  return [...bytes(hash)].flatMap((b) => [b >> 4, b & 15]);
}
