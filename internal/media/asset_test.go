package media

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

func TestAFilenameIsShownAndNeverAPath(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"folders go", "../../etc/passwd", "passwd"},
		{"folders of another system go", `C:\Users\李\课件.mp4`, "课件.mp4"},
		{"emoji stay", "🎬 lecture ✨.mp4", "🎬 lecture ✨.mp4"},
		{"what turns writing around goes", "abc\u202egnp.exe", "abcgnp.exe"},
		{"controls go", "a\x00b\nc.mp4", "abc.mp4"},
		{"nothing is unnamed", "..", "unnamed"},
		{"only a slash is unnamed", "/", "unnamed"},
		{"too long keeps its ending", strings.Repeat("长", 400) + ".mp4", strings.Repeat("长", 251) + ".mp4"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := TidyFilename(tc.in); got != tc.want {
				t.Errorf("%q became %q, want %q", tc.in, got, tc.want)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		got := TidyFilename(rapid.String().Draw(t, "name"))
		if got == "" || strings.ContainsAny(got, "/\\\x00\n") || got == ".." || len([]rune(got)) > 255 {
			t.Fatalf("became %q", got)
		}
	})
}

func TestUploadsAreBoundedBeforeTheyBegin(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		n    NewAsset
		want fault.Kind
	}{
		{"an empty file", NewAsset{Kind: Video, Filename: "a.mp4", SizeBytes: 0}, fault.Invalid},
		{"a file above the bound", NewAsset{Kind: Video, Filename: "a.mp4", SizeBytes: 101 << 20}, fault.TooLarge},
		{"a document above its own bound", NewAsset{Kind: Document, Filename: "a.pdf", SizeBytes: 65 << 20}, fault.TooLarge},
		{"an unknown kind", NewAsset{Kind: "sound", Filename: "a.mp3", SizeBytes: 1}, fault.Invalid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := Begin(uuid.New(), tc.n, 100<<20, uuid.New(), time.Now()); fault.KindOf(err) != tc.want {
				t.Errorf("error %v, want %s", err, tc.want)
			}
		})
	}
}

func TestEveryPartHasItsLength(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := Asset{State: Uploading, SizeBytes: rapid.Int64Range(1, 5*PartSize).Draw(t, "size")}
		var total int64
		for n := range a.PartCount() {
			size := min(int64(PartSize), a.SizeBytes-total)
			if err := a.CheckPart(n, size); err != nil {
				t.Fatalf("part %d of %d: %v", n, a.SizeBytes, err)
			}
			if a.CheckPart(n, size-1) == nil || a.CheckPart(n, size+1) == nil {
				t.Fatalf("part %d was taken with another length", n)
			}
			total += size
		}
		if total != a.SizeBytes || a.CheckPart(a.PartCount(), 1) == nil || a.CheckPart(-1, 1) == nil {
			t.Fatalf("the parts of %d add up to %d", a.SizeBytes, total)
		}
	})
}

func TestSegmentsAreFoundByTime(t *testing.T) {
	t.Parallel()
	m := Manifest{SegmentMS: []int64{4000, 4500, 3000}, DurationMS: 11_500}
	for _, tc := range []struct {
		ms   int64
		want int
	}{{0, 0}, {3999, 0}, {4000, 1}, {8499, 1}, {8500, 2}, {99_999, 2}, {-5, 0}} {
		if got := m.SegmentAt(tc.ms); got != tc.want {
			t.Errorf("%d ms lies in segment %d, want %d", tc.ms, got, tc.want)
		}
	}
	if from, to := m.SegmentSpan(1); from != 4000 || to != 8500 {
		t.Errorf("segment 1 is [%d, %d)", from, to)
	}
}
