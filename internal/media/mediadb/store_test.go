package mediadb_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/media/mediadb"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// world is a database with one organisation and one person.
type world struct {
	db      *pg.DB
	store   *mediadb.Store
	org, by uuid.UUID
}

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func newWorld(t *testing.T) world {
	t.Helper()
	w := world{db: pgtest.New(t), org: uuid.New(), by: uuid.New()}
	w.store = mediadb.New(w.db, func() time.Time { return noon })
	w.exec(t, `INSERT INTO organisations (id, kind, name_zh, lineage, created_at) VALUES ($1, 'teaching_institution', '学院', ARRAY[$1::uuid], now())`, w.org)
	w.exec(t, `INSERT INTO people (id, name, created_at) VALUES ($1, '教师', now())`, w.by)
	return w
}

func (w world) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := w.db.Pool().Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// begun is an upload of the given length that has just begun.
func (w world) begun(t *testing.T, size int64) uuid.UUID {
	t.Helper()
	id, _ := uuid.NewV7()
	a, err := media.Begin(id, media.NewAsset{OrgID: w.org, Kind: media.Video, Filename: "../🎬 课.mp4", SizeBytes: size}, 1<<40, w.by, noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.store.Create(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	return id
}

func (w world) asset(t *testing.T, id uuid.UUID) media.Asset {
	t.Helper()
	a, err := w.store.Asset(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAnUploadIsKeptAsItBegan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.asset(t, w.begun(t, 3*media.PartSize))
	if a.Filename != "🎬 课.mp4" || a.State != media.Uploading || a.PartCount() != 3 || !slices.Equal(a.OrgLineage, []uuid.UUID{w.org}) || !a.CreatedAt.Equal(noon) {
		t.Errorf("kept %+v", a)
	}
	if _, err := w.store.Asset(t.Context(), uuid.New()); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown one: %v", err)
	}
	other := a
	other.ID, other.OrgID = uuid.New(), uuid.New()
	if err := w.store.Create(t.Context(), other); fault.KindOf(err) != fault.Invalid {
		t.Errorf("of an unknown organisation: %v", err)
	}
}

func TestPartsThatArriveAtOnceAreAllNoted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.begun(t, 9*media.PartSize)
	var all sync.WaitGroup
	for n := range 18 {
		all.Go(func() {
			if err := w.store.MarkPart(t.Context(), id, n%9); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if parts := w.asset(t, id).Parts; !slices.Equal(parts, []int{0, 1, 2, 3, 4, 5, 6, 7, 8}) {
		t.Errorf("noted %v", parts)
	}
}

func TestCompletionAsksForPackagingExactlyOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	queue, err := jobs.New(w.db, jobs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	id := w.begun(t, media.PartSize+1)
	if err := w.store.MarkPart(t.Context(), id, 1); err != nil {
		t.Fatal(err)
	}
	if err := w.store.Complete(t.Context(), id, queue.Enqueue); fault.KindOf(err) != fault.Conflict {
		t.Errorf("completed without its first part: %v", err)
	}
	if err := w.store.MarkPart(t.Context(), id, 0); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the queue is broken")
	if err := w.store.Complete(t.Context(), id, func(context.Context, *pg.Tx, river.JobArgs) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("completed without a job: %v", err)
	}
	if a := w.asset(t, id); a.State != media.Uploading {
		t.Errorf("a completion that failed left %s", a.State)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := w.store.Complete(t.Context(), id, queue.Enqueue); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var n int
	if err := w.db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM river_job WHERE kind = 'package_media'`).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d jobs, %v", n, err)
	}
	if a := w.asset(t, id); a.State != media.Queued {
		t.Errorf("state %s", a.State)
	}
	if err := w.store.MarkPart(t.Context(), id, 0); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a part after completion: %v", err)
	}
}

func TestAnEndedAssetStaysAsItEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	m := media.Manifest{DurationMS: 9000, SegmentMS: []int64{4000, 5000}, Renditions: []media.Rendition{{Name: "720p", Width: 1280, Height: 720, SegmentBytes: []int64{1, 2}}}}

	ready := w.begun(t, 10)
	if _, err := w.store.Manifest(ctx, ready); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the manifest of one that is not ready: %v", err)
	}
	if err := errors.Join(w.store.Advance(ctx, ready, media.Packaging, 40), w.store.Finish(ctx, ready, m, media.Source{Width: 1280, Height: 720})); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.store.Advance(ctx, ready, media.Probing, 1), w.store.Fail(ctx, ready, media.ErrTruncated)); err != nil {
		t.Fatal(err)
	}
	if a := w.asset(t, ready); a.State != media.Ready || a.Progress != 100 || a.DurationMS != 9000 || a.Width != 1280 {
		t.Errorf("ready became %+v", a)
	}
	if got, err := w.store.Manifest(ctx, ready); err != nil || got.AssetID != ready || !slices.Equal(got.SegmentMS, m.SegmentMS) || len(got.Renditions) != 1 {
		t.Errorf("manifest %+v, %v", got, err)
	}

	failed := w.begun(t, 10)
	if err := errors.Join(w.store.Fail(ctx, failed, media.ErrNotVideo), w.store.Finish(ctx, failed, m, media.Source{}), w.store.Fail(ctx, failed, media.ErrGaveUp)); err != nil {
		t.Fatal(err)
	}
	if a := w.asset(t, failed); a.State != media.Failed || a.FailureCode != "not-a-video" || a.Failure == "" || a.Manifest != nil {
		t.Errorf("failed became %+v", a)
	}
}

func TestAListingGoesFromNewToOldOverPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var want []uuid.UUID
	for range 5 {
		want = append([]uuid.UUID{w.begun(t, 10)}, want...)
	}
	if err := w.store.Fail(t.Context(), want[2], media.ErrNotVideo); err != nil {
		t.Fatal(err)
	}
	var got []uuid.UUID
	f := mediadb.Filter{OrgID: w.org, Limit: 2}
	for {
		items, more, err := w.store.List(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range items {
			got = append(got, a.ID)
		}
		if !more {
			break
		}
		f.Cursor = &got[len(got)-1]
	}
	if !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
	for name, tc := range map[string]struct {
		f    mediadb.Filter
		want int
	}{
		"failed ones":               {mediadb.Filter{OrgID: w.org, State: "failed", Limit: 10}, 1},
		"documents":                 {mediadb.Filter{OrgID: w.org, Kind: "document", Limit: 10}, 0},
		"another's":                 {mediadb.Filter{OrgID: uuid.New(), Limit: 10}, 0},
		"no limit means a few only": {mediadb.Filter{OrgID: w.org}, 1},
	} {
		if items, _, err := w.store.List(t.Context(), tc.f); err != nil || len(items) != tc.want {
			t.Errorf("%s: %d, %v", name, len(items), err)
		}
	}
}

func TestCaptionsAreReplacedByLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.begun(t, 10)
	ctx := t.Context()
	zh := []media.Cue{{FromMS: 0, ToMS: 900, Text: "一"}, {FromMS: 1000, ToMS: 2000, Text: "二"}}
	if err := errors.Join(
		w.store.PutCaptions(ctx, id, "zh", zh[:1]), w.store.PutCaptions(ctx, id, "zh", zh),
		w.store.PutCaptions(ctx, id, "en", []media.Cue{{FromMS: 0, ToMS: 900, Text: "one"}}),
	); err != nil {
		t.Fatal(err)
	}
	tracks, err := w.store.Captions(ctx, id)
	if err != nil || len(tracks) != 2 || tracks[0].Language != "en" || !slices.Equal(tracks[1].Cues, zh) {
		t.Errorf("tracks %+v, %v", tracks, err)
	}
	if a := w.asset(t, id); !slices.Equal(a.Captions, []media.CaptionCount{{Language: "en", Cues: 1}, {Language: "zh", Cues: 2}}) {
		t.Errorf("counted %+v", a.Captions)
	}
	if err := w.store.PutCaptions(ctx, uuid.New(), "zh", zh); fault.KindOf(err) != fault.Invalid {
		t.Errorf("captions of nothing: %v", err)
	}
}

func TestALessonsFileIsForThoseEnrolled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asset, course, version, chapter, lesson := w.begun(t, 10), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	w.exec(t, `INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, now())`, course, w.org, w.by)
	w.exec(t, `INSERT INTO course_versions (id, course_id, number, state, subject, language, created_at, updated_at) VALUES ($1, $2, 1, 'draft', 'professional', 'zh', now(), now())`, version, course)
	w.exec(t, `INSERT INTO chapters (id, version_id, position) VALUES ($1, $2, 1)`, chapter, version)
	w.exec(t, `INSERT INTO lessons (id, version_id, chapter_id, position, kind, asset_id) VALUES ($1, $2, $3, 1, 'video', $4)`, lesson, version, chapter, asset)
	if _, err := w.store.AssetOfLesson(t.Context(), w.by, lesson); fault.KindOf(err) != fault.NotFound {
		t.Errorf("without an enrolment: %v", err)
	}
	w.exec(t, `INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at) VALUES ($1, $2, $3, $4, now())`, uuid.New(), w.by, course, version)
	if got, err := w.store.AssetOfLesson(t.Context(), w.by, lesson); err != nil || got != asset {
		t.Errorf("enrolled: %v, %v", got, err)
	}
	if _, err := w.store.AssetOfLesson(t.Context(), uuid.New(), lesson); fault.KindOf(err) != fault.NotFound {
		t.Errorf("somebody else: %v", err)
	}
}
