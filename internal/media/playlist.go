package media

import (
	"bytes"
	"fmt"
	"math"
)

// MasterPlaylist lists the renditions (RFC 8216, section 4.3.4). Captions are
// not in it: the page shows them itself, so that a transcript can follow.
func MasterPlaylist(m Manifest, variant func(rendition string) string) []byte {
	var b bytes.Buffer
	b.WriteString("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n")
	for _, r := range m.Renditions {
		fmt.Fprintf(&b, "#EXT-X-STREAM-INF:BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,RESOLUTION=%dx%d,CODECS=%q,FRAME-RATE=%.3f\n%s\n",
			r.Bandwidth, r.AverageBandwidth, r.Width, r.Height, r.Codecs, r.FrameRate, variant(r.Name))
	}
	return b.Bytes()
}

// MediaPlaylist lists a rendition's segments (RFC 8216, section 4.3.3) with
// the addresses that the caller makes for them.
func MediaPlaylist(m Manifest, initURL string, segment func(n int) string) []byte {
	var b bytes.Buffer
	longest := int64(1000)
	for _, ms := range m.SegmentMS {
		longest = max(longest, ms)
	}
	fmt.Fprintf(&b, "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:%d\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=%q\n",
		int64(math.Ceil(float64(longest)/1000)), initURL)
	for n, ms := range m.SegmentMS {
		fmt.Fprintf(&b, "#EXTINF:%.3f,\n%s\n", float64(ms)/1000, segment(n))
	}
	b.WriteString("#EXT-X-ENDLIST\n")
	return b.Bytes()
}
