package packager_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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
	for _, tc := range []struct {
		name   string
		ext    string
		args   []string
		copied bool
		width  int // of the best rendition; 0: any
		height int
	}{
		{"H.264 and AAC pass through", "mp4", join(picture("640x360", 9, "25"), sound(9), h264), true, 640, 360},
		{"a silent one gets a silent track", "mp4", join(picture("320x180", 5, "25"), h264), true, 320, 180},
		{"another codec is encoded", "webm", join(picture("480x270", 5, "25"), sound(5), []string{"-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"}), false, 0, 0},
		{"portrait stays portrait", "mp4", join(picture("270x480", 5, "25"), sound(5), h264), true, 270, 480},
		{"odd sizes become even", "mkv", join(picture("321x181", 5, "25"), []string{"-c:v", "ffv1", "-pix_fmt", "yuv444p"}), false, 0, 0},
		{"a variable frame rate is made even", "mkv", join(picture("320x180", 6, "30"), []string{"-vf", "select='not(mod(n\\,5))+lt(n\\,60)'", "-fps_mode", "vfr", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"}), false, 0, 0},
		{"one without keyframes to cut at is encoded", "mp4", join(picture("320x180", 14, "25"), []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "1000", "-sc_threshold", "0"}), false, 320, 180},
		{"a very small picture has two renditions too", "mp4", join(picture("64x48", 3, "10"), h264), true, 64, 48},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m, src, store, err := pack(t, made(t, tc.ext, tc.args...))
			if err != nil {
				t.Fatal(err)
			}
			if len(m.Renditions) < 2 {
				t.Fatalf("only %d renditions", len(m.Renditions))
			}
			top := m.Renditions[0]
			if top.Copied != tc.copied || (tc.width > 0 && (top.Width != tc.width || top.Height != tc.height)) {
				t.Errorf("best rendition %+v", top)
			}
			if d := m.DurationMS - src.DurationMS; d < -300 || d > 300 {
				t.Errorf("packaged %d ms of %d ms", m.DurationMS, src.DurationMS)
			}
			for _, r := range m.Renditions {
				checkRendition(t, store, m, r)
			}
			if _, err := store.Stat(t.Context(), media.PosterKey(m.AssetID)); err != nil {
				t.Errorf("poster: %v", err)
			}
		})
	}
}

// checkRendition plays every segment by itself after the init section: it must
// begin with a keyframe at the time the manifest says, in every rendition.
func checkRendition(t *testing.T, store *disk.Store, m media.Manifest, r media.Rendition) {
	t.Helper()
	if r.Width%2 != 0 || r.Height%2 != 0 || r.Bandwidth <= 0 || !strings.HasPrefix(r.Codecs, "avc1.") || len(r.SegmentBytes) != m.Segments() {
		t.Errorf("rendition %+v", r)
	}
	initPath, _ := store.Path(media.InitKey(m.AssetID, r.Name))
	for n, start := range m.Starts() {
		path, _ := store.Path(media.SegmentKey(m.AssetID, r.Name, n))
		out, err := exec.Command("sh", "-c", fmt.Sprintf("cat %s %s | ffprobe -loglevel error -select_streams v:0 -show_entries packet=pts_time,flags -of csv=p=0 -", initPath, path)).Output()
		if err != nil {
			t.Fatalf("%s segment %d: %v", r.Name, n, err)
		}
		first, _, _ := strings.Cut(string(out), "\n")
		at, flags, _ := strings.Cut(first, ",")
		seconds, _ := strconv.ParseFloat(at, 64)
		if d := seconds*1000 - float64(start); !strings.HasPrefix(flags, "K") || d < -150 || d > 150 {
			t.Errorf("%s segment %d begins at %ss (%s), the manifest says %d ms", r.Name, n, at, flags, start)
		}
	}
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
