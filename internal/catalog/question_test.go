package catalog

import (
	"slices"
	"strings"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/media"
)

func asked() Question {
	return Question{AtMS: 30_000, Prompt: "滴头堵塞时先检查什么？", Choices: []Choice{{"过滤器", true}, {"水泵", false}, {"阀门", false}}}
}

func TestALessonsOwnQuestionsAsTheyMayBeKept(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		kind   LessonKind
		change func(q *Question)
		bad    string // what is wrong with it; "": nothing
	}{
		{"one of several choices is right", VideoLesson, func(*Question) {}, ""},
		{"several are, where several may be", VideoLesson, func(q *Question) { q.Multiple, q.Choices[1].Right = true, true }, ""},
		{"several are, where one may be", VideoLesson, func(q *Question) { q.Choices[1].Right = true }, ".choices"},
		{"it is not finished", VideoLesson, func(q *Question) { *q = Question{Choices: make([]Choice, 2)} }, ""},
		{"one choice is none", VideoLesson, func(q *Question) { q.Choices = q.Choices[:1] }, ".choices"},
		{"eight choices", VideoLesson, func(q *Question) { q.Choices = append(q.Choices, make([]Choice, 5)...) }, ""},
		{"nine choices", VideoLesson, func(q *Question) { q.Choices = append(q.Choices, make([]Choice, 6)...) }, ".choices"},
		{"500 characters, however many bytes", VideoLesson, func(q *Question) { q.Prompt = strings.Repeat("水", 500) }, ""},
		{"501 characters", VideoLesson, func(q *Question) { q.Prompt = strings.Repeat("水", 501) }, ".prompt"},
		{"a choice of 201 characters", VideoLesson, func(q *Question) { q.Choices[2].Text = strings.Repeat("水", 201) }, ".choices[2].text"},
		{"a null character", VideoLesson, func(q *Question) { q.Choices[1].Text = "\x00" }, ".choices[1].text"},
		{"a moment before the beginning", VideoLesson, func(q *Question) { q.AtMS = -1 }, ".at_ms"},
		{"a moment no video has", VideoLesson, func(q *Question) { q.AtMS = maxMomentMS + 1 }, ".at_ms"},
		{"a page of a video", VideoLesson, func(q *Question) { q.Page = 1 }, ".page"},
		{"a page of a document", DocumentLesson, func(q *Question) { q.AtMS, q.Page = 0, 1 }, ""},
		{"a document's page 0", DocumentLesson, func(q *Question) { q.AtMS, q.Page = 0, 0 }, ".page"},
		{"more pages than a document has", DocumentLesson, func(q *Question) { q.AtMS, q.Page = 0, media.MaxPages+1 }, ".page"},
		{"a moment of a document", DocumentLesson, func(q *Question) { q.Page = 1 }, ".at_ms"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			q := asked()
			tc.change(&q)
			var bad fault.Fields
			Lesson{Kind: tc.kind, Questions: []Question{q}}.checkQuestions("at", &bad)
			want := []string{}
			if tc.bad != "" {
				want = []string{"at.questions[0]" + tc.bad}
			}
			if got := paths(bad); !slices.Equal(got, want) {
				t.Errorf("wrong with it is %v, want %v", got, want)
			}
		})
	}
}

func TestFiftyQuestionsALessonAndNoneInAQuiz(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		kind LessonKind
		n    int
		bad  []string
	}{{VideoLesson, 50, []string{}}, {VideoLesson, 51, []string{"at.questions"}}, {QuizLesson, 1, []string{"at.questions"}}} {
		var bad fault.Fields
		Lesson{Kind: tc.kind, Questions: slices.Repeat([]Question{asked()}, tc.n)}.checkQuestions("at", &bad)
		if got := paths(bad); !slices.Equal(got, tc.bad) {
			t.Errorf("%d in a %s lesson: %v, want %v", tc.n, tc.kind, got, tc.bad)
		}
	}
}

func TestWhatKeepsQuestionsFromBeingAsked(t *testing.T) {
	t.Parallel()
	const at = "chapters[0].lessons[0].questions[0]"
	for _, tc := range []struct {
		name   string
		change func(l *Lesson, q *Question)
		want   string
	}{
		{"nothing", func(*Lesson, *Question) {}, ""},
		{"no words", func(_ *Lesson, q *Question) { q.Prompt = " " }, at + ".prompt empty"},
		{"a choice without words", func(_ *Lesson, q *Question) { q.Choices[2].Text = "" }, at + ".choices[2].text empty"},
		{"none is right", func(_ *Lesson, q *Question) { q.Choices[0].Right = false }, at + ".choices one-right"},
		{"none of several is right", func(_ *Lesson, q *Question) { q.Multiple, q.Choices[0].Right = true, false }, at + ".choices some-right"},
		{"its moment is the end", func(l *Lesson, q *Question) { q.AtMS = l.Asset.DurationMS }, at + " after-end"},
		{"its moment is the last", func(l *Lesson, q *Question) { q.AtMS = l.Asset.DurationMS - 1 }, ""},
		{"nobody knows the end yet", func(l *Lesson, q *Question) {
			q.AtMS, l.Asset = 10*l.Asset.DurationMS, &media.Asset{State: media.Packaging}
		}, "chapters[0].lessons[0].asset asset-not-ready"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v := whole()
			l := &v.Chapters[0].Lessons[0]
			l.Questions = []Question{asked()}
			tc.change(l, &l.Questions[0])
			var got []string
			for _, m := range v.Missing() {
				got = append(got, m.Place+" "+m.Code)
			}
			if s := strings.Join(got, ", "); s != tc.want {
				t.Errorf("missing is %q, want %q", s, tc.want)
			}
		})
	}
}

func TestAQuestionOnAPageThatADocumentDoesNotHaveIsNeverAsked(t *testing.T) {
	t.Parallel()
	l := Lesson{Kind: DocumentLesson, Reading: &Plan{Pages: 3}}
	if l.after(Question{Page: 3}) || !l.after(Question{Page: 4}) {
		t.Error("of three pages the third is the last")
	}
}
