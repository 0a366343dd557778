package packager_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/media/packager"
	"github.com/hourglass-lms/hourglass/storage/objects/disk"
)

// made runs ffmpeg to make a source and returns its bytes.
func made(t *testing.T, ext string, args ...string) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "source."+ext)
	all := append([]string{"-y", "-nostdin", "-loglevel", "error"}, append(args, name)...)
	if out, err := exec.Command("ffmpeg", all...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg %v: %v: %s", all, err, out)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func picture(size string, seconds int, rate string) []string {
	return []string{"-f", "lavfi", "-i", fmt.Sprintf("testsrc2=size=%s:rate=%s:duration=%d", size, rate, seconds)}
}

func sound(seconds int) []string {
	return []string{"-f", "lavfi", "-i", fmt.Sprintf("sine=frequency=300:duration=%d", seconds)}
}

func join(parts ...[]string) (out []string) {
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

var h264 = []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "30", "-c:a", "aac", "-shortest"}

// pack uploads the bytes as parts and packages them.
func pack(t *testing.T, data []byte) (media.Manifest, media.Source, *disk.Store, error) {
	t.Helper()
	store, err := disk.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := media.Asset{ID: uuid.New(), SizeBytes: int64(len(data))}
	for n := range a.PartCount() {
		part := data[n*media.PartSize : min(len(data), (n+1)*media.PartSize)]
		if err := store.Put(t.Context(), media.PartKey(a.ID, n), bytes.NewReader(part), int64(len(part)), "x"); err != nil {
			t.Fatal(err)
		}
	}
	last := 0
	m, src, err := packager.New(packager.Options{Store: store, TempDir: t.TempDir()}).Package(t.Context(), a, func(_ media.State, percent int) {
		if percent < last || percent > 100 {
			t.Errorf("progress went from %d to %d", last, percent)
		}
		last = percent
	})
	return m, src, store, err
}

func TestVideosOfEveryShapeBecomePlayable(t *testing.T) {
	t.Parallel()
	bframes := []string{"-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac"}
	for _, tc := range []struct {
		name   string
		data   func(t *testing.T) []byte
		copied bool
		width  int // of the best rendition; 0: any
		height int
		ms     int64 // length; 0: any
	}{
		{"H.264 and AAC pass through", from("mp4", picture("640x360", 9, "25"), sound(9), h264), true, 640, 360, 9000},
		{"with frames out of order as well", from("mp4", picture("320x180", 9, "25"), sound(9), bframes), true, 320, 180, 9000},
		{"with one frame out of order", from("mp4", picture("320x180", 6, "25"), sound(6), bframes, []string{"-bf", "1"}), true, 320, 180, 6000},
		{"the picture passes through beside a sound that cannot", from("mkv", picture("320x180", 5, "25"), sound(5), []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "libmp3lame"}), true, 320, 180, 5000},
		{"six channels become two", from("mp4", picture("320x180", 5, "25"), sound(5), h264, []string{"-ac", "6"}), true, 320, 180, 5000},
		{"a silent one gets a silent track", from("mp4", picture("320x180", 5, "25"), h264), true, 320, 180, 5000},
		{"sound that ends early is followed by silence", from("mp4", picture("320x180", 10, "25"), sound(3), bframes), true, 320, 180, 10_000},
		{"sound that goes on holds the last picture", from("mp4", picture("320x180", 4, "25"), sound(9), bframes), false, 320, 180, 9000},
		{"another codec is encoded", from("webm", picture("480x270", 5, "25"), sound(5), []string{"-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"}), false, 0, 0, 5000},
		{"a recording that never noted its length", live("webm", picture("320x180", 5, "25"), sound(5), []string{"-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"}), false, 320, 180, 5000},
		{"a broadcast stream that begins anywhere", from("ts", picture("320x180", 5, "25"), sound(5), bframes, []string{"-output_ts_offset", "1000"}), true, 320, 180, 5000},
		{"portrait stays portrait", from("mp4", picture("270x480", 5, "25"), sound(5), h264), true, 270, 480, 5000},
		{"a turned phone is turned back", turned(from("mp4", picture("320x180", 5, "25"), sound(5), h264)), false, 180, 320, 5000},
		{"pixels that are not square become square", from("mp4", picture("240x180", 5, "25"), h264, []string{"-vf", "setsar=4/3"}), false, 320, 180, 5000},
		{"odd sizes become even", from("mkv", picture("321x181", 5, "25"), []string{"-c:v", "ffv1", "-pix_fmt", "yuv444p"}), false, 0, 0, 5000},
		{"H.264 that no browser plays is encoded", from("mp4", picture("320x180", 5, "25"), []string{"-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", "-pix_fmt", "yuv444p"}), false, 320, 180, 5000},
		{"a variable frame rate is made even", from("mkv", picture("320x180", 6, "30"), []string{"-vf", "select='not(mod(n\\,5))+lt(n\\,60)'", "-fps_mode", "vfr", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"}), false, 0, 0, 0},
		{"a frame rate of television", from("mp4", picture("320x180", 14, "30000/1001"), sound(14), []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "1000", "-c:a", "aac"}), false, 320, 180, 14_000},
		{"one without keyframes to cut at is encoded", from("mp4", picture("320x180", 14, "25"), []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "1000", "-sc_threshold", "0"}), false, 320, 180, 14_000},
		{"a very small picture has two renditions too", from("mp4", picture("64x48", 3, "10"), h264), true, 64, 48, 3000},
		{"a picture that is almost a line", from("mkv", picture("2000x6", 2, "10"), []string{"-c:v", "ffv1"}), false, 1920, 6, 2000},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m, src, store, err := pack(t, tc.data(t))
			if err != nil {
				t.Fatal(err)
			}
			if len(m.Renditions) < 2 {
				t.Fatalf("only %d renditions", len(m.Renditions))
			}
			top := m.Renditions[0]
			if top.Copied != tc.copied || (tc.width > 0 && (top.Width != tc.width || top.Height != tc.height)) {
				t.Errorf("best rendition %+v of %+v", top, src)
			}
			if d := m.DurationMS - tc.ms; tc.ms > 0 && (d < -150 || d > 150) {
				t.Errorf("packaged as %d ms, want %d", m.DurationMS, tc.ms)
			}
			checkAligned(t, store, m)
			if _, err := store.Stat(t.Context(), media.PosterKey(m.AssetID)); err != nil {
				t.Errorf("poster: %v", err)
			}
		})
	}
}

func from(ext string, parts ...[]string) func(t *testing.T) []byte {
	return func(t *testing.T) []byte { return made(t, ext, join(parts...)...) }
}

// turned writes a quarter turn into the track's matrix, as a phone held upright does.
func turned(source func(t *testing.T) []byte) func(t *testing.T) []byte {
	return func(t *testing.T) []byte {
		t.Helper()
		data := source(t)
		at := bytes.Index(data, []byte("tkhd")) + 4 + 40 // version 0: the matrix is 40 bytes in
		for i, x := range []uint32{0, 0x10000, 0, 0xffff0000, 0, 0, 0, 0, 0x40000000} {
			binary.BigEndian.PutUint32(data[at+4*i:], x)
		}
		return data
	}
}

// live writes through a pipe, so that nothing can be noted afterwards.
func live(format string, parts ...[]string) func(t *testing.T) []byte {
	return func(t *testing.T) []byte {
		t.Helper()
		args := append([]string{"-nostdin", "-loglevel", "error"}, join(parts...)...)
		data, err := exec.Command("ffmpeg", append(args, "-f", format, "pipe:1")...).Output()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
}

// checkAligned reads every segment as a browser does: in every rendition it
// must begin with a keyframe, at the time the manifest says, and with the same
// piece of sound, so that a player may change quality at any of them.
func checkAligned(t *testing.T, store *disk.Store, m media.Manifest) {
	t.Helper()
	var total int64
	for _, ms := range m.SegmentMS {
		total += ms
	}
	if total != m.DurationMS {
		t.Errorf("segments of %d ms make %d ms", total, m.DurationMS)
	}
	sound := map[int]float64{}
	for _, r := range m.Renditions {
		if r.Width%2 != 0 || r.Height%2 != 0 || r.Bandwidth <= 0 || r.FrameRate <= 0 || len(r.SegmentBytes) != m.Segments() {
			t.Errorf("rendition %+v", r)
		}
		if !strings.HasPrefix(r.Codecs, "avc1.") || !strings.HasSuffix(r.Codecs, ",mp4a.40.2") {
			t.Errorf("codecs %q", r.Codecs)
		}
		known := tracks(t, read(t, store, media.InitKey(m.AssetID, r.Name)))
		for n, start := range m.Starts() {
			f := readFragment(known, read(t, store, media.SegmentKey(m.AssetID, r.Name, n)))
			video, audio := f.startMS["vide"], f.startMS["soun"]
			if d := video - float64(start); len(f.startMS) != 2 || !f.keyframe || d < -2 || d > 2 {
				t.Errorf("%s segment %d begins at %v (keyframe %v), the manifest says %d ms", r.Name, n, f.startMS, f.keyframe, start)
			}
			// One frame of sound may lie on either side of a cut.
			if first, ok := sound[n]; ok && math.Abs(first-audio) > 24 {
				t.Errorf("%s segment %d: its sound begins at %v ms, elsewhere at %v ms", r.Name, n, audio, first)
			}
			sound[n] = audio
		}
	}
}

func read(t *testing.T, store *disk.Store, key string) []byte {
	t.Helper()
	f, _, err := store.File(key)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestBrokenFilesEndWithTheirReason(t *testing.T) {
	t.Parallel()
	whole := made(t, "mp4", join(picture("320x180", 8, "25"), sound(8), h264, []string{"-movflags", "+faststart"})...)
	plain := made(t, "mp4", join(picture("320x180", 8, "25"), sound(8), h264)...)
	for _, tc := range []struct {
		name string
		data []byte
		want *media.Failure
	}{
		{"text", []byte("this is not a video at all, only words\n"), media.ErrNotVideo},
		{"noise", bytes.Repeat([]byte{0x13, 0x37, 0xc0, 0xde}, 5000), media.ErrNotVideo},
		{"a picture", made(t, "png", join(picture("64x64", 1, "1"), []string{"-frames:v", "1"})...), media.ErrNotVideo},
		{"sound alone", made(t, "m4a", join(sound(3), []string{"-c:a", "aac"})...), media.ErrNoPicture},
		{"cut off before its index", plain[:len(plain)/2], media.ErrTruncated},
		{"cut off after its index", whole[:len(whole)/3], media.ErrTruncated},
		{"a blink", made(t, "mp4", join(picture("64x64", 1, "25"), []string{"-frames:v", "5"}, h264)...), media.ErrTooShort},
		{"a playlist that points elsewhere", []byte("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:1/x.ts\n#EXT-X-ENDLIST\n"), media.ErrNotVideo},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, _, _, err := pack(t, tc.data)
			var failed *media.Failure
			if !errors.As(err, &failed) || failed != tc.want {
				t.Errorf("ended with %v, want %v", err, tc.want)
			}
		})
	}
}

func TestACancelledRunIsNotTheVideosFault(t *testing.T) {
	t.Parallel()
	store, err := disk.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	data := made(t, "mp4", join(picture("640x360", 20, "25"), h264)...)
	a := media.Asset{ID: uuid.New(), SizeBytes: int64(len(data))}
	if err := store.Put(t.Context(), media.PartKey(a.ID, 0), bytes.NewReader(data), a.SizeBytes, "x"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, _, err = packager.New(packager.Options{Store: store, TempDir: t.TempDir()}).Package(ctx, a, func(s media.State, _ int) {
		if s == media.Packaging {
			cancel()
		}
	})
	var failed *media.Failure
	if err == nil || errors.As(err, &failed) {
		t.Errorf("ended with %v", err)
	}
}
