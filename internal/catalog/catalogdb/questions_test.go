package catalogdb_test

import (
	"reflect"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
)

func TestALessonsOwnQuestionsAreForAuthorsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	course := w.published(t, "滴灌")
	v := w.latest(t, course)
	for j, want := range w.chapters()[0].Lessons {
		if got := v.Chapters[0].Lessons[j].Questions; !reflect.DeepEqual(got, want.Questions) {
			t.Errorf("lesson %d asks %+v, want %+v", j, got, want.Questions)
		}
	}
	page, err := w.store.Page(t.Context(), course, w.learner)
	if err != nil {
		t.Fatal(err)
	}
	outline, err := w.store.Outline(t.Context(), v.VersionID)
	if err != nil {
		t.Fatal(err)
	}
	for _, chapters := range [][]catalog.Chapter{page.Chapters, outline} {
		for _, l := range chapters[0].Lessons {
			if l.Questions != nil {
				t.Errorf("a learner is shown %+v", l.Questions)
			}
		}
	}
}

func TestACourseWithAQuestionNobodyCanBeAskedIsNotSubmitted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	course := w.draft(t, "滴灌")
	chapters := w.chapters()
	chapters[0].Lessons[0].Questions[0].AtMS = 61_500
	chapters[0].Lessons[1].Questions[0].Page = 2
	v := w.latest(t, course)
	if err := w.store.ReplaceOutline(t.Context(), course, v.Revision, chapters); err != nil {
		t.Fatal(err)
	}
	f, ok := fault.Of(w.store.Submit(t.Context(), course, w.author, v.Revision+1))
	if !ok || f.Code != "not-ready" || len(f.Fields) != 2 {
		t.Errorf("answered %+v", f)
	}
}
