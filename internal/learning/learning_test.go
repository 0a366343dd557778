package learning

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
)

func plan(done ...int) (Plan, []uuid.UUID) {
	kinds := []struct {
		kind     catalog.LessonKind
		required bool
	}{{catalog.VideoLesson, true}, {catalog.DocumentLesson, false}, {catalog.VideoLesson, false}, {catalog.VideoLesson, true}, {catalog.QuizLesson, true}, {catalog.VideoLesson, true}}
	p := Plan{Progress: map[uuid.UUID]Progress{}, Chapters: make([]catalog.Chapter, 2)}
	var ids []uuid.UUID
	for i, k := range kinds {
		id := uuid.New()
		ids = append(ids, id)
		c := &p.Chapters[i/4]
		c.Lessons = append(c.Lessons, catalog.Lesson{ID: id, Kind: k.kind, Required: k.required})
	}
	now := time.Now()
	for _, i := range done {
		p.Progress[ids[i]] = Progress{CompletedAt: &now}
	}
	return p, ids
}

func TestARequiredReadingIsAskedForBeforeAQuiz(t *testing.T) {
	t.Parallel()
	p, ids := plan(0, 3)
	p.Chapters[0].Lessons[1].Required = true
	if missing := p.MissingBefore(ids[4]); len(missing) != 1 || missing[0].ID != ids[1] {
		t.Errorf("missing %+v", missing)
	}
	if next := p.Next(); next == nil || *next != ids[1] {
		t.Errorf("next is %v", next)
	}
}

func TestAQuizOpensWhenTheRequiredLecturesBeforeItAreDone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		done    []int
		missing int
		next    int
	}{
		{"nothing done", nil, 2, 0},
		{"one of two", []int{0}, 1, 3},
		{"an optional lecture opens nothing", []int{0, 2}, 1, 3},
		{"both", []int{0, 3}, 0, 4},
		{"a lecture after it is not asked for", []int{0, 3, 4}, 0, 5},
		{"all required: the first optional one is left", []int{0, 3, 4, 5}, 0, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, ids := plan(tc.done...)
			if got := len(p.MissingBefore(ids[4])); got != tc.missing {
				t.Errorf("%d lectures missing, want %d", got, tc.missing)
			}
			if open := p.Ordered()[4].Open; open != (tc.missing == 0) {
				t.Errorf("the quiz is open: %v", open)
			}
			if next := p.Next(); next == nil || *next != ids[tc.next] {
				t.Errorf("next is %v, want lesson %d", next, tc.next)
			}
		})
	}
}

func TestNeighboursEndAtTheEnds(t *testing.T) {
	t.Parallel()
	p, ids := plan()
	if before, after := p.Neighbours(ids[0]); before != nil || after == nil || *after != ids[1] {
		t.Error("neighbours of the first")
	}
	if before, after := p.Neighbours(ids[4]); before == nil || *before != ids[3] || after == nil || *after != ids[5] {
		t.Error("neighbours over a chapter's edge")
	}
	if before, after := p.Neighbours(uuid.New()); before != nil || after != nil {
		t.Error("neighbours of a stranger")
	}
}
