import { describe, expect, it } from "vitest";
import { renditionsOf, segmentsOf } from "./segments";

const master = `#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=2800000,AVERAGE-BANDWIDTH=1000,RESOLUTION=1280x720
720p/index.m3u8
#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=700000,BANDWIDTH=900000
480p/index.m3u8
`;
const media = `#EXTM3U
#EXT-X-MAP:URI="init.mp4"
#EXTINF:4.000,
0.m4s?s=a
#EXTINF:4.000,
1.m4s?s=b
#EXTINF:2.5,
2.m4s?s=c
#EXT-X-ENDLIST
`;
const span = (from_ms: number, to_ms: number) => ({ from_ms, to_ms, rate: 1 });

describe("what is sent once more", () => {
  it("is the lightest rendition", () => {
    expect(renditionsOf(master)).toEqual(["480p/index.m3u8", "720p/index.m3u8"]);
    expect(renditionsOf("#EXTM3U")).toEqual([]);
  });

  it("is every part the spans touch, and no other", () => {
    expect(segmentsOf(media, [span(3999, 4001)])).toEqual(["0.m4s?s=a", "1.m4s?s=b"]);
    expect(segmentsOf(media, [span(0, 4000), span(8000, 9000)])).toEqual(["0.m4s?s=a", "2.m4s?s=c"]);
    expect(segmentsOf(media, [])).toEqual([]);
  });
});
