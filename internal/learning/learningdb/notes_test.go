package learningdb_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/learning"
)

func (w world) write(t *testing.T, lesson uuid.UUID, at int64, text string) learning.PlacedNote {
	t.Helper()
	n, err := w.store.SaveNote(t.Context(), w.person, learning.Note{ID: uuid.New(), LessonID: lesson, AtMS: at, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// notes reads all pages, two notes each.
func (w world) notes(t *testing.T, lesson *uuid.UUID) (out []string) {
	t.Helper()
	var after *learning.NoteCursor
	for more := true; more; {
		var items []learning.PlacedNote
		var err error
		if items, more, err = w.store.Notes(t.Context(), w.person, lesson, 2, after); err != nil {
			t.Fatal(err)
		}
		for _, n := range items {
			out = append(out, n.Text)
			after = &learning.NoteCursor{LessonID: n.LessonID, AtMS: n.AtMS, ID: n.ID}
		}
	}
	return out
}

func TestNotesStandByCourseLessonAndMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.course(t), w.course(t)
	w.enrolled(t, first)
	enrolment := w.enrolled(t, second)
	w.write(t, first.extra, 0, "first, last lesson")
	w.write(t, first.video, 9000, "first, later")
	w.write(t, first.video, 1000, "first, early")
	w.write(t, second.extra, 500, "second, last lesson")
	placed := w.write(t, second.video, 800, "  second  ")
	if placed.EnrolmentID != enrolment || placed.CourseID != second.id || placed.Text != "second" || !placed.CreatedAt.Equal(noon) {
		t.Errorf("answered %+v", placed)
	}
	want := []string{"second", "second, last lesson", "first, early", "first, later", "first, last lesson"}
	if got := w.notes(t, nil); !slices.Equal(got, want) {
		t.Errorf("all: %q, want %q", got, want)
	}
	if got := w.notes(t, &first.video); !slices.Equal(got, want[2:4]) {
		t.Errorf("of one lesson: %q", got)
	}
	after := &learning.NoteCursor{LessonID: second.video, AtMS: 800, ID: placed.ID}
	if err := w.store.DeleteNote(t.Context(), w.person, placed.ID); err != nil {
		t.Fatal(err)
	}
	if items, _, err := w.store.Notes(t.Context(), w.person, nil, 1, after); err != nil || len(items) != 1 || items[0].Text != want[1] {
		t.Errorf("behind a note that is gone: %v, %v", items, err)
	}
}

func TestANoteSentAgainIsOneNoteAndTheLastToArriveHolds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.course(t)
	w.enrolled(t, c)
	n := learning.Note{ID: uuid.New(), LessonID: c.video, AtMS: 5, Text: "said"}
	for _, text := range []string{"said", "said", "said better"} {
		n.Text = text
		if _, err := w.store.SaveNote(t.Context(), w.person, n); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.notes(t, &c.video); !slices.Equal(got, []string{"said better"}) {
		t.Errorf("kept %q", got)
	}
}

func TestNotesThatAreNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, other := w.course(t), w.course(t)
	w.enrolled(t, c)
	if _, _, err := w.store.Enrol(t.Context(), w.stranger, c.id); err != nil {
		t.Fatal(err)
	}
	mine := w.write(t, c.video, 0, "mine")
	for _, tc := range []struct {
		name   string
		person uuid.UUID
		id     uuid.UUID
		lesson uuid.UUID
		text   string
		kind   fault.Kind
	}{
		{"in a course one is not enrolled in", w.person, uuid.New(), other.video, "x", fault.Forbidden},
		{"in a lesson that is not there", w.person, uuid.New(), uuid.New(), "x", fault.NotFound},
		{"in place of somebody else's", w.stranger, mine.ID, c.video, "x", fault.NotFound},
		{"moved to another lesson", w.person, mine.ID, c.extra, "x", fault.NotFound},
		{"without a word", w.person, mine.ID, c.video, " ", fault.Invalid},
		{"too long", w.person, mine.ID, c.video, strings.Repeat("字", learning.MaxNoteText+1), fault.Invalid},
	} {
		_, err := w.store.SaveNote(t.Context(), tc.person, learning.Note{ID: tc.id, LessonID: tc.lesson, Text: tc.text})
		if fault.KindOf(err) != tc.kind {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.kind)
		}
	}
	for who, person := range map[string]uuid.UUID{"a stranger": w.stranger, "nobody": uuid.New()} {
		if err := w.store.DeleteNote(t.Context(), person, mine.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s deleted it: %v", who, err)
		}
	}
	if got := w.notes(t, nil); !slices.Equal(got, []string{"mine"}) {
		t.Errorf("left: %q", got)
	}
}

func TestALessonIsFullOfNotesAndAtOnceNotFuller(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.course(t)
	w.enrolled(t, c)
	w.exec(t, `INSERT INTO notes (id, person_id, lesson_id, at_ms, text, created_at, updated_at)
		SELECT gen_random_uuid(), $1, $2, n, 'x', now(), now() FROM generate_series(1, $3) n`, w.person, c.video, learning.MaxNotesInALesson-1)
	var all sync.WaitGroup
	kinds := make(chan fault.Kind, 4)
	for range cap(kinds) {
		all.Go(func() {
			_, err := w.store.SaveNote(t.Context(), w.person, learning.Note{ID: uuid.New(), LessonID: c.video, Text: "one more"})
			if err == nil {
				kinds <- 0
				return
			}
			kinds <- fault.KindOf(err)
		})
	}
	all.Wait()
	close(kinds)
	refused := 0
	for k := range kinds {
		if k == fault.Conflict {
			refused++
		}
	}
	items, _, err := w.store.Notes(t.Context(), w.person, &c.video, 1, nil)
	if err != nil || refused != cap(kinds)-1 {
		t.Fatalf("%d of %d were refused (%v)", refused, cap(kinds), err)
	}
	again := items[0].Note
	again.Text = "changed"
	if _, err := w.store.SaveNote(t.Context(), w.person, again); err != nil {
		t.Errorf("a note that is there could not be changed: %v", err)
	}
	w.write(t, c.extra, 0, "the next lesson has room")
}
