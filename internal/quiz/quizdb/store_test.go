package quizdb_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/quiz"
	"github.com/hourglass-lms/hourglass/internal/quiz/quizdb"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// world is a learner in a course with one quiz: a question of one point whose
// answer is a, and one of two points whose answers are a and c.
type world struct {
	db                                        *pg.DB
	store                                     *quizdb.Store
	person, stranger, enrolment, quiz, lesson uuid.UUID
	single, multiple                          uuid.UUID
	clock                                     *clock
	passed                                    *passes
}

// clock is the store's time, moved by the test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// passes counts what was told of passed quizzes, and may refuse.
type passes struct {
	mu    sync.Mutex
	times []time.Time
	fail  error
}

func (p *passes) tell(_ context.Context, _ *pg.Tx, _, _ uuid.UUID, at time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.times = append(p.times, at)
	return p.fail
}

func newWorld(t *testing.T, attempts, limit *int) world {
	t.Helper()
	w := world{
		db: pgtest.New(t), person: uuid.New(), stranger: uuid.New(), enrolment: uuid.New(), quiz: uuid.New(), lesson: uuid.New(),
		single: uuid.New(), multiple: uuid.New(), clock: &clock{now: noon}, passed: &passes{},
	}
	w.store = quizdb.New(w.db, w.passed.tell, w.clock.Now)
	school, course, version, chapter := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	w.exec(t, `INSERT INTO organisations (id, kind, name_zh, lineage, created_at) VALUES ($1, 'teaching_institution', '学院', ARRAY[$1::uuid], now())`, school)
	w.exec(t, `INSERT INTO people (id, name, created_at) VALUES ($1, '李雷', now()), ($2, '韩梅梅', now())`, w.person, w.stranger)
	w.exec(t, `INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, now())`, course, school, w.person)
	w.exec(t, `INSERT INTO course_versions (id, course_id, number, state, subject, language, created_at, updated_at) VALUES ($1, $2, 1, 'draft', 'professional', 'zh', now(), now())`, version, course)
	w.exec(t, `INSERT INTO chapters (id, version_id, position) VALUES ($1, $2, 0)`, chapter, version)
	w.exec(t, `INSERT INTO lessons (id, version_id, chapter_id, position, kind, title_zh) VALUES ($1, $2, $3, 0, 'quiz', '测验')`, w.lesson, version, chapter)
	w.exec(t, `INSERT INTO quizzes (id, lesson_id, pass_mark, attempts_allowed, time_limit_s) VALUES ($1, $2, 60, $3, $4)`, w.quiz, w.lesson, attempts, limit)
	w.exec(t, `INSERT INTO questions (id, quiz_id, position, kind, stem_zh, stem_en, points, choices) VALUES
		($1, $3, 0, 'single_choice', '甲', 'A', 1, '[{"id":"a","text":{"zh":"是","en":"yes"},"correct":true},{"id":"b","text":{"zh":"否","en":"no"},"correct":false}]'),
		($2, $3, 1, 'multiple_choice', '乙', 'B', 2, '[{"id":"a","correct":true},{"id":"b","correct":false},{"id":"c","correct":true}]')`, w.single, w.multiple, w.quiz)
	w.exec(t, `INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at) VALUES ($1, $2, $3, $4, now())`, w.enrolment, w.person, course, version)
	return w
}

func (w world) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := w.db.Pool().Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (w world) start(t *testing.T) quiz.Attempt {
	t.Helper()
	a, err := w.store.Start(t.Context(), w.person, w.enrolment, w.quiz)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (w world) save(t *testing.T, attempt, question uuid.UUID, choices ...string) {
	t.Helper()
	if _, err := w.store.Save(t.Context(), w.person, attempt, question, choices); err != nil {
		t.Fatal(err)
	}
}

func (w world) submit(t *testing.T, attempt uuid.UUID) quiz.Attempt {
	t.Helper()
	if err := w.store.Submit(t.Context(), w.person, attempt); err != nil {
		t.Fatal(err)
	}
	return w.attempt(t, attempt)
}

func (w world) attempt(t *testing.T, id uuid.UUID) quiz.Attempt {
	t.Helper()
	a, err := w.store.Attempt(t.Context(), w.person, id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// refused fails unless the error is a fault of the code.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	if f, ok := fault.Of(err); !ok || f.Code != code {
		t.Errorf("answered %v, want %s", err, code)
	}
}

func TestAnAttemptFromItsStartToItsPoints(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	p, err := w.store.Quiz(t.Context(), w.quiz)
	if err != nil || p.LessonID != w.lesson || len(p.Quiz.Questions) != 2 || p.Quiz.Questions[0].Stem.Zh != "甲" || !p.Quiz.Questions[1].Choices[2].Correct {
		t.Fatalf("quiz %+v, %v", p, err)
	}
	a := w.start(t)
	w.save(t, a.ID, w.single, "b")
	w.save(t, a.ID, w.single, "a") // again replaces
	w.save(t, a.ID, w.multiple, "a")
	if got := w.submit(t, a.ID); *got.Points != 1 || *got.PointsTotal != 3 || *got.Passed || !*got.Answers[w.single].Correct || *got.Answers[w.multiple].Correct {
		t.Errorf("half of a question's answers earned %+v", got)
	}
	if len(w.passed.times) != 0 {
		t.Error("a failed attempt completes the lesson")
	}
	b := w.start(t)
	if b.Number != 2 || b.ID == a.ID {
		t.Errorf("the next attempt is %+v", b)
	}
	w.save(t, b.ID, w.multiple, "c", "a", "c")
	if got := w.submit(t, b.ID); !*got.Passed || *got.Points != 2 || !slices.Equal(got.Answers[w.multiple].Choices, []string{"a", "c"}) {
		t.Errorf("two of three points earned %+v", got)
	}
	list, err := w.store.Attempts(t.Context(), w.enrolment, w.quiz)
	if err != nil || len(list) != 2 || list[0].ID != b.ID || list[1].ID != a.ID {
		t.Errorf("attempts %+v, %v", list, err)
	}
}

func TestTwoTapsOnStartMakeOneAttempt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, new(1), nil)
	ids := make([]uuid.UUID, 6)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			a, err := w.store.Start(t.Context(), w.person, w.enrolment, w.quiz)
			if err != nil {
				t.Error(err)
			}
			ids[i] = a.ID
		})
	}
	all.Wait()
	if one := slices.Compact(ids); len(one) != 1 || one[0] == uuid.Nil {
		t.Errorf("attempts %v were begun", one)
	}
}

func TestTwoSubmissionsAtOnceGradeOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	a := w.start(t)
	w.save(t, a.ID, w.multiple, "a", "c")
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if err := w.store.Submit(t.Context(), w.person, a.ID); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(w.passed.times) != 1 || !*w.attempt(t, a.ID).Passed {
		t.Errorf("the lesson was completed %d times", len(w.passed.times))
	}
	_, err := w.store.Save(t.Context(), w.person, a.ID, w.single, []string{"b"})
	refused(t, err, "attempt-submitted")
}

func TestAPassThatCannotBeNotedIsNoPass(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	w.passed.fail = errors.New("no")
	a := w.start(t)
	w.save(t, a.ID, w.multiple, "a", "c")
	if err := w.store.Submit(t.Context(), w.person, a.ID); !errors.Is(err, w.passed.fail) {
		t.Fatalf("answered %v", err)
	}
	if got := w.attempt(t, a.ID); got.SubmittedAt != nil || got.Answers[w.multiple].Correct != nil {
		t.Errorf("something stayed: %+v", got)
	}
}

func TestAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, new(2), nil)
	w.submit(t, w.start(t).ID)
	w.submit(t, w.start(t).ID)
	_, err := w.store.Start(t.Context(), w.person, w.enrolment, w.quiz)
	refused(t, err, "no-attempts-left")
}

func TestAfterTheTimeWhatWasSavedCounts(t *testing.T) {
	t.Parallel()
	due := noon.Add(time.Minute)
	for _, tc := range []struct {
		name string
		end  func(*testing.T, world, quiz.Attempt)
	}{
		{"when it is submitted late", func(t *testing.T, w world, a quiz.Attempt) { w.submit(t, a.ID) }},
		{"when an answer comes late", func(t *testing.T, w world, a quiz.Attempt) {
			_, err := w.store.Save(t.Context(), w.person, a.ID, w.multiple, nil)
			refused(t, err, "attempt-overdue")
		}},
		{"when the next attempt begins", func(t *testing.T, w world, a quiz.Attempt) {
			if b := w.start(t); b.Number != 2 {
				t.Errorf("started %+v", b)
			}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil, new(60))
			a := w.start(t)
			w.clock.pass(time.Minute + quiz.Grace) // on its way in time: still counts
			w.save(t, a.ID, w.multiple, "a", "c")
			w.clock.pass(time.Millisecond)
			tc.end(t, w, a)
			if got := w.attempt(t, a.ID); got.SubmittedAt == nil || !got.SubmittedAt.Equal(due) || !*got.Passed || len(w.passed.times) != 1 || !w.passed.times[0].Equal(due) {
				t.Errorf("ended as %+v", got)
			}
		})
	}
}

func TestAnothersAttemptIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	a := w.start(t)
	_, read := w.store.Attempt(t.Context(), w.stranger, a.ID)
	_, save := w.store.Save(t.Context(), w.stranger, a.ID, w.single, []string{"a"})
	for what, err := range map[string]error{"reading": read, "saving": save, "submitting": w.store.Submit(t.Context(), w.stranger, a.ID)} {
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := w.attempt(t, a.ID); got.SubmittedAt != nil || len(got.Answers) != 0 {
		t.Errorf("a stranger changed %+v", got)
	}
}

func TestAnswersThatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	a := w.start(t)
	for _, tc := range []struct {
		name     string
		question uuid.UUID
		choices  []string
		want     fault.Kind
	}{
		{"a question of another quiz is not found", uuid.New(), []string{"a"}, fault.NotFound},
		{"a choice that is not there is invalid", w.single, []string{"z"}, fault.Invalid},
		{"two choices of a single choice are invalid", w.single, []string{"a", "b"}, fault.Invalid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := w.store.Save(t.Context(), w.person, a.ID, tc.question, tc.choices); fault.KindOf(err) != tc.want {
				t.Errorf("answered %v", err)
			}
		})
	}
	if _, err := w.store.Start(t.Context(), w.person, w.enrolment, uuid.New()); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown quiz: %v", err)
	}
}

func TestAnOverdueAttemptIsGradedOnceWhoeverFindsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, new(60))
	const rounds = 5
	for range rounds {
		a := w.start(t)
		w.save(t, a.ID, w.multiple, "a", "c")
		w.clock.pass(time.Hour)
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() { _, _ = w.store.Save(t.Context(), w.person, a.ID, w.single, []string{"a"}) })
			all.Go(func() { _ = w.store.Submit(t.Context(), w.person, a.ID) })
			all.Go(func() { _, _ = w.store.Start(t.Context(), w.person, w.enrolment, w.quiz) })
		}
		all.Wait()
		w.clock.pass(time.Hour)
		w.submit(t, w.start(t).ID)
	}
	if n := len(w.passed.times); n != rounds {
		t.Errorf("%d attempts were passed %d times", rounds, n)
	}
}
