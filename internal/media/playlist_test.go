package media

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var (
	streamLine = regexp.MustCompile(`^#EXT-X-STREAM-INF:BANDWIDTH=(\d+),AVERAGE-BANDWIDTH=(\d+),RESOLUTION=(\d+)x(\d+),CODECS="([^"]+)",FRAME-RATE=(\d+\.\d{3})$`)
	lengthLine = regexp.MustCompile(`^#EXTINF:(\d+\.\d{3}),$`)
)

// TestPlaylistsReadBack reads what was written by the rules of RFC 8216.
func TestPlaylistsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := Manifest{SegmentMS: rapid.SliceOfN(rapid.Int64Range(1, 10_000), 1, 50).Draw(t, "segments")}
		for _, ms := range m.SegmentMS {
			m.DurationMS += ms
		}
		lines := strings.Split(string(MediaPlaylist(m, "init.mp4", func(n int) string { return fmt.Sprintf("%d.m4s", n) })), "\n")
		if lines[0] != "#EXTM3U" || lines[len(lines)-2] != "#EXT-X-ENDLIST" || lines[len(lines)-1] != "" {
			t.Fatalf("begins with %q and ends with %q", lines[0], lines[len(lines)-2:])
		}
		target, sum, n := 0.0, 0.0, 0
		for i, line := range lines {
			if text, ok := strings.CutPrefix(line, "#EXT-X-TARGETDURATION:"); ok {
				target, _ = strconv.ParseFloat(text, 64)
			}
			if found := lengthLine.FindStringSubmatch(line); found != nil {
				length, _ := strconv.ParseFloat(found[1], 64)
				// RFC 8216, 4.3.3.1: rounded to the nearest integer, no segment is longer than the target.
				if math.Round(length) > target || lines[i+1] != fmt.Sprintf("%d.m4s", n) {
					t.Fatalf("segment %d of %f s (target %f) is at %q", n, length, target, lines[i+1])
				}
				sum += length
				n++
			}
		}
		if n != m.Segments() || math.Abs(sum*1000-float64(m.DurationMS)) > 1e-6*float64(n) {
			t.Fatalf("%d segments of %f s, want %d of %d ms", n, sum, m.Segments(), m.DurationMS)
		}
	})
}

func TestTheMasterPlaylistNamesEveryRendition(t *testing.T) {
	t.Parallel()
	m := Manifest{Renditions: []Rendition{
		{Name: "720p", Width: 1280, Height: 720, Bandwidth: 900_000, AverageBandwidth: 500_000, Codecs: "avc1.64001f,mp4a.40.2", FrameRate: 25},
		{Name: "360p", Width: 640, Height: 360, Bandwidth: 300_000, AverageBandwidth: 200_000, Codecs: "avc1.64001e,mp4a.40.2", FrameRate: 30000.0 / 1001},
	}}
	lines := strings.Split(strings.TrimSpace(string(MasterPlaylist(m, func(r string) string { return r + "/index.m3u8" }))), "\n")
	found := 0
	for i, line := range lines {
		s := streamLine.FindStringSubmatch(line)
		if s == nil {
			continue
		}
		r := m.Renditions[found]
		if want := []string{fmt.Sprint(r.Bandwidth), fmt.Sprint(r.AverageBandwidth), fmt.Sprint(r.Width), fmt.Sprint(r.Height), r.Codecs, fmt.Sprintf("%.3f", r.FrameRate)}; strings.Join(s[1:], " ") != strings.Join(want, " ") {
			t.Errorf("line %q, want %v", line, want)
		}
		if lines[i+1] != r.Name+"/index.m3u8" {
			t.Errorf("%s is at %q", r.Name, lines[i+1])
		}
		found++
	}
	if found != 2 {
		t.Errorf("%d renditions in %v", found, lines)
	}
}
