package learningdb_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/learning"
	"github.com/hourglass-lms/hourglass/internal/learning/learningdb"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// world is a school and two people; queue is the real one, without workers.
type world struct {
	db               *pg.DB
	store            *learningdb.Store
	school           uuid.UUID
	person, stranger uuid.UUID
}

func newWorld(t *testing.T) world {
	t.Helper()
	w := world{db: pgtest.New(t), school: uuid.New(), person: uuid.New(), stranger: uuid.New()}
	queue, err := jobs.New(w.db, jobs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w.store = learningdb.New(w.db, queue.Enqueue, func() time.Time { return noon })
	w.exec(t, `INSERT INTO organisations (id, kind, name_zh, lineage, created_at) VALUES ($1, 'teaching_institution', '学院', ARRAY[$1::uuid], now())`, w.school)
	w.exec(t, `INSERT INTO people (id, name, created_at) VALUES ($1, '李雷', now()), ($2, '韩梅梅', now())`, w.person, w.stranger)
	return w
}

func (w world) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := w.db.Pool().Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// course is a published one with a required video and quiz and an optional video.
type course struct{ id, version, video, quiz, extra uuid.UUID }

func (c course) required() []uuid.UUID { return []uuid.UUID{c.video, c.quiz} }

func (w world) course(t *testing.T) course {
	t.Helper()
	c := course{id: uuid.New()}
	w.exec(t, `INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, now())`, c.id, w.school, w.person)
	return w.publish(t, c, 1)
}

// publish adds the next version of a course and shows it in the catalogue.
func (w world) publish(t *testing.T, c course, number int) course {
	t.Helper()
	chapter := uuid.New()
	c.version, c.video, c.quiz, c.extra = uuid.New(), uuid.New(), uuid.New(), uuid.New()
	w.exec(t, `UPDATE course_versions SET state = 'superseded' WHERE course_id = $1`, c.id)
	w.exec(t, `INSERT INTO course_versions (id, course_id, number, state, subject, language, hours, published_at, created_at, updated_at)
		VALUES ($1, $2, $3, 'published', 'professional', 'zh', 2, now(), now(), now())`, c.version, c.id, number)
	w.exec(t, `UPDATE courses SET published_version_id = $2 WHERE id = $1`, c.id, c.version)
	w.exec(t, `INSERT INTO chapters (id, version_id, position) VALUES ($1, $2, 0)`, chapter, c.version)
	w.exec(t, `INSERT INTO lessons (id, version_id, chapter_id, position, kind, required) VALUES
		($1, $5, $4, 0, 'video', true), ($2, $5, $4, 1, 'quiz', true), ($3, $5, $4, 2, 'video', false)`, c.video, c.quiz, c.extra, chapter, c.version)
	return c
}

func (w world) enrolled(t *testing.T, c course) uuid.UUID {
	t.Helper()
	id, _, err := w.store.Enrol(t.Context(), w.person, c.id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (w world) enrolment(t *testing.T, id uuid.UUID) learning.Enrolment {
	t.Helper()
	e, err := w.store.Enrolment(t.Context(), w.person, id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (w world) complete(t *testing.T, enrolment, lesson uuid.UUID, then error) error {
	return w.db.InTx(t.Context(), func(ctx context.Context, tx *pg.Tx) error {
		return errors.Join(w.store.CompleteLesson(ctx, tx, enrolment, lesson, noon), then)
	})
}

// jobsFor is how often the registration of an enrolment waits in the queue.
func (w world) jobsFor(t *testing.T, enrolment uuid.UUID) (n int) {
	t.Helper()
	err := w.db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM river_job WHERE kind = 'register_hours' AND args->>'enrolment_id' = $1`, enrolment.String()).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTwoEnrolmentsAtOnceAreOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.course(t)
	var mu sync.Mutex
	var all sync.WaitGroup
	var ids []uuid.UUID
	made := 0
	for range 8 {
		all.Go(func() {
			id, isNew, err := w.store.Enrol(t.Context(), w.person, c.id)
			mu.Lock()
			defer mu.Unlock()
			if ids = append(ids, id); err != nil {
				t.Error(err)
			}
			if isNew {
				made++
			}
		})
	}
	all.Wait()
	if made != 1 || len(slices.Compact(ids)) != 1 {
		t.Errorf("%d were new of %v", made, ids)
	}
}

func TestWhoBeganInAnOlderVersionGoesOnThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.course(t)
	id := w.enrolled(t, old)
	w.publish(t, old, 2)
	if again := w.enrolled(t, old); again != id || w.enrolment(t, id).VersionID != old.version {
		t.Errorf("enrolled anew as %s", again)
	}
}

func TestWhatCannotBeEnrolledIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	draft := uuid.New()
	w.exec(t, `INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, now())`, draft, w.school, w.person)
	for what, id := range map[string]uuid.UUID{"an unknown course": uuid.New(), "a course without a published version": draft} {
		if _, _, err := w.store.Enrol(t.Context(), w.person, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAnothersEnrolmentIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.course(t)
	id := w.enrolled(t, c)
	if _, err := w.store.Enrolment(t.Context(), w.stranger, id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("reading it: %v", err)
	}
	if _, err := w.store.EnrolmentOfLesson(t.Context(), w.stranger, c.video); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a lesson without an enrolment: %v", err)
	}
	if _, err := w.store.EnrolmentOfLesson(t.Context(), w.person, uuid.New()); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown lesson: %v", err)
	}
	if e, err := w.store.EnrolmentOfLesson(t.Context(), w.person, c.video); err != nil || e.ID != id {
		t.Errorf("one's own lesson: %+v, %v", e, err)
	}
	w.exec(t, `UPDATE courses SET published_version_id = NULL WHERE id = $1`, c.id)
	w.exec(t, `UPDATE course_versions SET state = 'draft' WHERE id = $1`, c.version)
	if _, err := w.store.EnrolmentOfLesson(t.Context(), w.stranger, c.video); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a lesson of a draft: %v", err)
	}
}

func TestTheLastRequiredLessonCompletesTheCourse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.course(t)
	id := w.enrolled(t, c)
	if e := w.enrolment(t, id); e.LessonsTotal != 2 || e.LessonsDone != 0 || *e.NextLessonID != c.video {
		t.Fatalf("at the start %+v", e)
	}
	steps := []struct {
		name   string
		lesson uuid.UUID
		next   *uuid.UUID
		done   int
		jobs   int
	}{
		{"an optional lesson is none of those required", c.extra, &c.video, 0, 0},
		{"a lesson of another course changes nothing", w.course(t).video, &c.video, 0, 0},
		{"one of two is not all", c.video, &c.quiz, 1, 0},
		{"the same one again neither", c.video, &c.quiz, 1, 0},
		{"the last one completes", c.quiz, nil, 2, 1},
		{"again it changes nothing", c.quiz, nil, 2, 1},
	}
	for _, s := range steps {
		if err := w.complete(t, id, s.lesson, nil); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		e := w.enrolment(t, id)
		if e.LessonsDone != s.done || w.jobsFor(t, id) != s.jobs || (e.CompletedAt != nil) != (s.jobs == 1) || (e.NextLessonID == nil) != (s.next == nil) || (s.next != nil && *e.NextLessonID != *s.next) {
			t.Errorf("%s: %+v with %d jobs", s.name, e, w.jobsFor(t, id))
		}
	}
}

func TestTwoLastLessonsAtOnceCompleteOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 8 {
		c := w.course(t)
		id := w.enrolled(t, c)
		var all sync.WaitGroup
		for _, lesson := range append(c.required(), c.required()...) {
			all.Go(func() {
				if err := w.complete(t, id, lesson, nil); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if e := w.enrolment(t, id); e.CompletedAt == nil || w.jobsFor(t, id) != 1 {
			t.Errorf("completed %v with %d jobs", e.CompletedAt, w.jobsFor(t, id))
		}
	}
}

func TestACompletionThatIsTakenBackLeavesNoJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.course(t)
	id := w.enrolled(t, c)
	no := errors.New("no")
	if err := w.complete(t, id, c.video, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.complete(t, id, c.quiz, no); !errors.Is(err, no) {
		t.Fatal(err)
	}
	if e := w.enrolment(t, id); e.CompletedAt != nil || e.LessonsDone != 1 || w.jobsFor(t, id) != 0 {
		t.Errorf("%+v stayed with %d jobs", e, w.jobsFor(t, id))
	}
	if err := w.complete(t, uuid.New(), c.quiz, nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown enrolment: %v", err)
	}
}

func TestACourseWithoutRequiredLessonsIsNeverComplete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.course(t)
	w.exec(t, `UPDATE lessons SET required = false WHERE version_id = $1`, c.version)
	id := w.enrolled(t, c)
	for _, l := range []uuid.UUID{c.video, c.quiz, c.extra} {
		if err := w.complete(t, id, l, nil); err != nil {
			t.Fatal(err)
		}
	}
	if w.enrolment(t, id).CompletedAt != nil || w.jobsFor(t, id) != 0 {
		t.Error("it is")
	}
}

func TestProgressIsThatOfTheEnrolmentAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.course(t)
	mine := w.enrolled(t, c)
	theirs, _, err := w.store.Enrol(t.Context(), w.stranger, c.id)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.complete(t, theirs, c.video, nil); err != nil {
		t.Fatal(err)
	}
	p, err := w.store.Progress(t.Context(), mine)
	if err != nil || len(p) != 3 || p[c.video].CompletedAt != nil || p[c.video].CoveredS != 0 {
		t.Errorf("mine: %+v, %v", p, err)
	}
	p, err = w.store.Progress(t.Context(), theirs)
	if err != nil || p[c.video].CompletedAt == nil || !p[c.video].CompletedAt.Equal(noon) || p[c.quiz].CompletedAt != nil {
		t.Errorf("theirs: %+v, %v", p, err)
	}
}

func TestAListOfEnrolmentsNeitherLosesNorRepeats(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var want []uuid.UUID
	for i := range 7 {
		c := w.course(t)
		id := w.enrolled(t, c)
		want = append([]uuid.UUID{id}, want...)
		// Two by two at the same moment: the id decides between them.
		w.exec(t, `UPDATE enrolments SET studied_at = $2 WHERE id = $1`, id, noon.Add(time.Duration(i/2)*time.Hour))
		if i%3 == 0 {
			for _, l := range c.required() {
				if err := w.complete(t, id, l, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if got := w.pages(t, "all"); !slices.Equal(got, want) {
		t.Errorf("all: %v, want %v", got, want)
	}
	foreign, _, err := w.store.Enrol(t.Context(), w.stranger, w.course(t).id)
	if err != nil {
		t.Fatal(err)
	}
	for what, cursor := range map[string]uuid.UUID{"a stranger's": foreign, "an unknown": uuid.New()} {
		if _, _, err := w.store.List(t.Context(), w.person, "all", 2, &cursor); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s enrolment as a cursor: %v", what, err)
		}
	}
	completed, open := w.pages(t, "completed"), w.pages(t, "active")
	if len(completed) != 3 || len(open) != 4 || slices.ContainsFunc(completed, func(id uuid.UUID) bool { return slices.Contains(open, id) }) {
		t.Errorf("completed %v, open %v", completed, open)
	}
}

func (w world) pages(t *testing.T, state string) (out []uuid.UUID) {
	t.Helper()
	var cursor *uuid.UUID
	for more := true; more; {
		var items []learning.Enrolment
		var err error
		if items, more, err = w.store.List(t.Context(), w.person, state, 2, cursor); err != nil {
			t.Fatal(err)
		}
		for _, e := range items {
			out = append(out, e.ID)
		}
		cursor = &out[len(out)-1]
	}
	return out
}

func TestWhatIsReadBeyondTheLeastDoesNotMakeUpForOtherLessons(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.course(t)
	e := w.enrolled(t, c)
	studied := func(fence int, lesson uuid.UUID, durationMS, unitMS, needS, coveredS int) {
		t.Helper()
		session := uuid.New()
		w.exec(t, `INSERT INTO study_sessions (id, person_id, fence, enrolment_id, lesson_id, opened_ms, duration_ms, unit_ms, need_s, chain, device, sign_in)
			VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9, '', '')`, session, w.person, fence, e, lesson, durationMS, unitMS, needS, make([]byte, 12))
		w.exec(t, `INSERT INTO study_lessons (enrolment_id, lesson_id, covered_s, as_of_session, as_of_seq) VALUES ($1, $2, $3, $4, 1)`, e, lesson, coveredS, session)
	}
	studied(1, c.video, 100_000, 0, 95, 30)
	studied(2, c.extra, 60_000, 20_000, 4, 50) // three pages, of which 4 s each are asked for
	got, err := w.store.Enrolment(t.Context(), w.person, e)
	if err != nil || got.CoveredS != 42 {
		t.Errorf("%d s of the course are done, not 42 (%v)", got.CoveredS, err)
	}
	p, err := w.store.Progress(t.Context(), e)
	if err != nil || p[c.video].CoveredS != 30 || p[c.extra].CoveredS != 12 {
		t.Errorf("%d and %d s of the lessons, not 30 and 12 (%v)", p[c.video].CoveredS, p[c.extra].CoveredS, err)
	}
}
