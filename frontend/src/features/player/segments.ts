import type { Span } from "./model";

/** The addresses of a master playlist's renditions, the lightest first. */
export function renditionsOf(master: string): string[] {
  const lines = master.split(/\r?\n/);
  const found: { address: string; bandwidth: number }[] = [];
  for (const [n, line] of lines.entries()) {
    const address = lines[n + 1];
    if (!line.startsWith("#EXT-X-STREAM-INF:") || !address || address.startsWith("#")) continue;
    found.push({ address, bandwidth: Number(/[:,]BANDWIDTH=(\d+)/.exec(line)?.[1] ?? Number.MAX_VALUE) });
  }
  return found.sort((a, b) => a.bandwidth - b.bandwidth).map((r) => r.address);
}

/** The addresses of the segments of a media playlist that spans touch (RFC 8216, EXTINF). */
export function segmentsOf(media: string, spans: Span[]): string[] {
  const out: string[] = [];
  let from = 0;
  let length = 0;
  for (const line of media.split(/\r?\n/)) {
    if (line.startsWith("#EXTINF:")) length = Number.parseFloat(line.slice("#EXTINF:".length)) * 1000;
    if (!line || line.startsWith("#")) continue;
    const to = from + length;
    if (spans.some((s) => s.from_ms < to && s.to_ms > from)) out.push(line);
    from = to;
  }
  return out;
}
