package mediajob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"github.com/signintech/gopdf"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/media/mediadb"
	"github.com/hourglass-lms/hourglass/internal/media/mediajob"
	"github.com/hourglass-lms/hourglass/internal/media/packager"
	"github.com/hourglass-lms/hourglass/internal/media/pdfpages"
	"github.com/hourglass-lms/hourglass/storage/objects"
	"github.com/hourglass-lms/hourglass/storage/objects/disk"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// TestMain is also the program that counts a document's pages.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == pdfpages.Command {
		if err := pdfpages.Run(context.Background(), os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// bench is a worker on a database and a store of its own.
type bench struct {
	assets  *mediadb.Store
	objects objects.Store
	worker  *mediajob.Worker
	org, by uuid.UUID
}

// newBench makes one; wrap may stand between the worker and the store.
func newBench(t *testing.T, wrap func(objects.Store) objects.Store) *bench {
	t.Helper()
	db := pgtest.New(t)
	b := &bench{assets: mediadb.New(db, nil), org: uuid.New(), by: uuid.New()}
	for sql, id := range map[string]uuid.UUID{
		`INSERT INTO organisations (id, kind, name_zh, lineage, created_at) VALUES ($1, 'teaching_institution', '学院', ARRAY[$1::uuid], now())`: b.org,
		`INSERT INTO people (id, name, created_at) VALUES ($1, '教师', now())`:                                                                   b.by,
	} {
		if _, err := db.Pool().Exec(t.Context(), sql, id); err != nil {
			t.Fatal(err)
		}
	}
	store, err := disk.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b.objects = store
	if wrap != nil {
		b.objects = wrap(store)
	}
	b.worker = mediajob.New(b.assets, b.objects, packager.New(packager.Options{Store: b.objects, TempDir: t.TempDir()}), slog.New(slog.DiscardHandler))
	return b
}

// upload puts data as an upload that is complete.
func (b *bench) upload(t *testing.T, kind media.Kind, data []byte) uuid.UUID {
	t.Helper()
	ctx := t.Context()
	id, _ := uuid.NewV7()
	a, err := media.Begin(id, media.NewAsset{OrgID: b.org, Kind: kind, Filename: "../../🎬.mp4", SizeBytes: int64(len(data))}, 1<<30, b.by, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.assets.Create(ctx, a); err != nil {
		t.Fatal(err)
	}
	n := 0
	for part := range slices.Chunk(data, media.PartSize) {
		if err := b.objects.Put(ctx, media.PartKey(id, n), bytes.NewReader(part), int64(len(part)), "application/octet-stream"); err != nil {
			t.Fatal(err)
		}
		n++
	}
	if err := b.assets.Advance(ctx, id, media.Queued, 0); err != nil {
		t.Fatal(err)
	}
	return id
}

func (b *bench) work(ctx context.Context, id uuid.UUID, attempt int) error {
	return b.worker.Work(ctx, &river.Job[jobs.PackageMedia]{JobRow: &rivertype.JobRow{Attempt: attempt, MaxAttempts: 20}, Args: jobs.PackageMedia{AssetID: id}})
}

func (b *bench) asset(t *testing.T, id uuid.UUID) media.Asset {
	t.Helper()
	a, err := b.assets.Asset(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (b *bench) keys(t *testing.T, prefix string) (keys []string) {
	t.Helper()
	for info, err := range b.objects.List(t.Context(), prefix) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, info.Key)
	}
	return keys
}

// film is a small video of three seconds.
func film(t *testing.T, args ...string) []byte {
	t.Helper()
	all := append([]string{"-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=3"}, args...)
	all = append(all, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-movflags", "frag_keyframe", "-f", "mp4", "pipe:1")
	out, err := exec.Command("ffmpeg", all...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// paper is a PDF of one page, as large as asked for.
func paper(t *testing.T, size int) []byte {
	t.Helper()
	var out bytes.Buffer
	p := gopdf.GoPdf{}
	p.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	p.AddPage()
	if _, err := p.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	// Between the header and its end a document may hold what no table names:
	// the last bytes, which say where the table is, stay the last.
	data := out.Bytes()
	at := bytes.LastIndex(data, []byte("startxref"))
	return slices.Concat(data[:at], bytes.Repeat([]byte("% filling\n"), size/10), data[at:])
}

func TestEveryUploadEndsReadyOrWithItsReason(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	song, err := exec.Command("ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "sine=duration=2", "-f", "wav", "pipe:1").Output()
	if err != nil {
		t.Fatal(err)
	}
	whole := film(t)
	pdf := paper(t, media.PartSize+1000)
	for _, tc := range []struct {
		name string
		kind media.Kind
		data []byte
		code string // "": ready
	}{
		{"a video", media.Video, whole, ""},
		{"a document of several parts", media.Document, pdf, ""},
		{"a video said to be a document", media.Document, whole, "not-a-pdf"},
		{"a document said to be a video", media.Video, pdf[:9000], "not-a-video"},
		{"a document that is cut off", media.Document, pdf[:media.PartSize-1], "pdf-damaged"},
		{"a document that only says it is one", media.Document, []byte("%PDF-1.7\nhello\n"), "pdf-damaged"},
		{"a document of three bytes", media.Document, []byte("%PD"), "not-a-pdf"},
		{"one byte", media.Video, []byte{0}, "not-a-video"},
		{"a page", media.Video, []byte("<html><video src=x.mp4></html>"), "not-a-video"},
		{"a song", media.Video, song, "no-picture"},
		{"a beginning", media.Video, whole[:200], "not-a-video"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			id := b.upload(t, tc.kind, tc.data)
			if err := b.work(t.Context(), id, 1); err != nil {
				t.Fatal(err)
			}
			a := b.asset(t, id)
			if want := map[bool]media.State{true: media.Ready, false: media.Failed}[tc.code == ""]; a.State != want || a.FailureCode != tc.code || (a.Failure == "") != (tc.code == "") {
				t.Errorf("ended %s with %q (%s)", a.State, a.FailureCode, a.Failure)
			}
			if left := b.keys(t, "uploads/"+id.String()+"/"); len(left) > 0 {
				t.Errorf("parts are left: %v", left)
			}
			if kept := b.keys(t, "media/"+id.String()+"/"); (len(kept) == 0) != (tc.code != "") {
				t.Errorf("kept %v", kept)
			}
		})
	}
	t.Run("a document comes back byte for byte", func(t *testing.T) {
		t.Parallel()
		id := b.upload(t, media.Document, pdf)
		if err := b.work(t.Context(), id, 1); err != nil {
			t.Fatal(err)
		}
		r, info, err := b.objects.Get(t.Context(), media.FileKey(id), 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		if a := b.asset(t, id); a.Pages != 1 {
			t.Errorf("%d pages were counted", a.Pages)
		}
		if data, err := io.ReadAll(r); err != nil || !bytes.Equal(data, pdf) || info.ContentType != "application/pdf" {
			t.Errorf("%d bytes of %s, %v", len(data), info.ContentType, err)
		}
	})
}

// failingPuts is a store that goes away after so many puts of packaged files.
type failingPuts struct {
	objects.Store
	left *atomic.Int64
}

func (s failingPuts) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	if strings.HasPrefix(key, "media/") && s.left.Add(-1) < 0 {
		return fault.New(fault.Unavailable, "the store is away")
	}
	return s.Store.Put(ctx, key, r, size, contentType)
}

func TestAnAttemptThatDiedHalfwayIsDoneAgainWhole(t *testing.T) {
	t.Parallel()
	var left atomic.Int64
	left.Store(2)
	b := newBench(t, func(s objects.Store) objects.Store { return failingPuts{s, &left} })
	id := b.upload(t, media.Video, film(t))
	if err := b.work(t.Context(), id, 1); fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("the first attempt ended with %v", err)
	}
	if a := b.asset(t, id); a.State != media.Packaging {
		t.Errorf("after it the asset is %s", a.State)
	}
	left.Store(1000)
	for range 2 { // and once more after it is done, as a job that was killed before it could say so
		if err := b.work(t.Context(), id, 2); err != nil {
			t.Fatal(err)
		}
		a := b.asset(t, id)
		if a.State != media.Ready || a.Manifest == nil {
			t.Fatalf("the asset is %+v", a)
		}
		want := 1 // the poster
		for range a.Manifest.Renditions {
			want += 1 + a.Manifest.Segments()
		}
		if keys := b.keys(t, "media/"+id.String()+"/"); len(keys) != want {
			t.Errorf("%d objects, want %d: %v", len(keys), want, keys)
		}
	}
}

func TestTheLastAttemptSaysThatItGaveUp(t *testing.T) {
	t.Parallel()
	var left atomic.Int64
	b := newBench(t, func(s objects.Store) objects.Store { return failingPuts{s, &left} })
	id := b.upload(t, media.Video, film(t))
	if err := b.work(t.Context(), id, 20); err != nil {
		t.Fatal(err)
	}
	if a := b.asset(t, id); a.State != media.Failed || a.FailureCode != "gave-up" {
		t.Errorf("ended %s with %q", a.State, a.FailureCode)
	}
}

// cancelOnPut ends the worker's context in the middle of the work.
type cancelOnPut struct {
	objects.Store
	cancel context.CancelFunc
}

func (s cancelOnPut) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	if strings.HasPrefix(key, "media/") {
		s.cancel()
	}
	return s.Store.Put(ctx, key, r, size, contentType)
}

func TestAProgramThatStopsLeavesTheWorkToAnother(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b := newBench(t, func(s objects.Store) objects.Store { return cancelOnPut{s, cancel} })
	id := b.upload(t, media.Video, film(t))
	var snooze *river.JobSnoozeError
	if err := b.work(ctx, id, 20); !errors.As(err, &snooze) {
		t.Errorf("ended with %v", err)
	}
	if a := b.asset(t, id); a.State != media.Packaging {
		t.Errorf("the asset is %s", a.State)
	}
}

func TestAnAssetThatIsGoneIsNoWork(t *testing.T) {
	t.Parallel()
	if err := newBench(t, nil).work(t.Context(), uuid.New(), 1); err != nil {
		t.Error(err)
	}
}
