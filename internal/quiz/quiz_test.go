package quiz

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

func question(kind Kind, points int, right ...bool) Question {
	q := Question{ID: uuid.New(), Kind: kind, Points: points, Stem: Text{Zh: "问", En: "ask"}}
	for range right {
		q.Choices = append(q.Choices, Choice{Text: Text{Zh: "答", En: "answer"}})
	}
	q.Name()
	for i, r := range right {
		q.Choices[i].Correct = r
	}
	return q
}

func TestGrading(t *testing.T) {
	t.Parallel()
	single, multiple, truth := question(SingleChoice, 2, false, true, false), question(MultipleChoice, 3, true, false, true), question(TrueFalse, 1, true, false)
	q := Quiz{PassMark: 60, Questions: []Question{single, multiple, truth}}
	for _, tc := range []struct {
		name    string
		answers map[uuid.UUID]Answer
		points  int
		passed  bool
	}{
		{"nothing answered", nil, 0, false},
		{"all right", map[uuid.UUID]Answer{single.ID: {Choices: []string{"b"}}, multiple.ID: {Choices: []string{"c", "a"}}, truth.ID: {Choices: []string{"a"}}}, 6, true},
		{"half of a multiple choice is none of its points", map[uuid.UUID]Answer{single.ID: {Choices: []string{"b"}}, multiple.ID: {Choices: []string{"a"}}, truth.ID: {Choices: []string{"a"}}}, 3, false},
		{"too much of a multiple choice is none of its points", map[uuid.UUID]Answer{multiple.ID: {Choices: []string{"a", "b", "c"}}}, 0, false},
		{"exactly the pass mark passes", map[uuid.UUID]Answer{multiple.ID: {Choices: []string{"a", "c"}}, truth.ID: {Choices: []string{"a"}}}, 4, true},
		{"an answer to another quiz counts for nothing", map[uuid.UUID]Answer{uuid.New(): {Choices: []string{"a"}}}, 0, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := q.Grade(tc.answers)
			if r.Points != tc.points || r.Total != 6 || r.Passed != tc.passed {
				t.Errorf("graded %+v, want %d of 6, passed %v", r, tc.points, tc.passed)
			}
		})
	}
}

func TestGradingNeverExceedsAndDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := Quiz{PassMark: rapid.IntRange(1, 100).Draw(t, "mark")}
		answers := map[uuid.UUID]Answer{}
		for range rapid.IntRange(1, 8).Draw(t, "questions") {
			x := question(MultipleChoice, rapid.IntRange(1, 9).Draw(t, "points"), rapid.SliceOfN(rapid.Bool(), 2, 5).Draw(t, "right")...)
			q.Questions = append(q.Questions, x)
			var chosen []string
			for _, c := range x.Choices {
				if rapid.Bool().Draw(t, "chosen") {
					chosen = append(chosen, c.ID)
				}
			}
			answers[x.ID] = Answer{Choices: chosen}
		}
		first := q.Grade(answers)
		if first.Points > first.Total || first.Points < 0 {
			t.Fatalf("graded %+v", first)
		}
		slices.Reverse(q.Questions)
		for id, a := range answers {
			slices.Reverse(a.Choices)
			answers[id] = a
		}
		if again := q.Grade(answers); again.Points != first.Points || again.Passed != first.Passed {
			t.Fatalf("graded %+v and in another order %+v", first, again)
		}
	})
}

func TestAnAttemptsOrderIsItsOwnAndLosesNothing(t *testing.T) {
	t.Parallel()
	q := Quiz{}
	for range 12 {
		q.Questions = append(q.Questions, question(SingleChoice, 1, true, false, false, false))
	}
	ids := func(qs []Question) (out []uuid.UUID) {
		for _, x := range qs {
			out = append(out, x.ID)
		}
		return out
	}
	a, b := uuid.New(), uuid.New()
	if !slices.Equal(ids(q.Shuffled(a)), ids(q.Shuffled(a))) {
		t.Error("the same attempt has two orders")
	}
	if slices.Equal(ids(q.Shuffled(a)), ids(q.Shuffled(b))) {
		t.Error("two attempts have one order")
	}
	before := ids(q.Questions)
	got := ids(q.Shuffled(a))
	slices.SortFunc(got, func(x, y uuid.UUID) int { return slices.Compare(x[:], y[:]) })
	slices.SortFunc(before, func(x, y uuid.UUID) int { return slices.Compare(x[:], y[:]) })
	if !slices.Equal(before, got) {
		t.Error("questions were lost or doubled")
	}
}

func TestAnswersAreJudgedBeforeTheyAreSaved(t *testing.T) {
	t.Parallel()
	single, multiple := question(SingleChoice, 1, true, false), question(MultipleChoice, 1, true, true, false)
	for _, tc := range []struct {
		name    string
		q       Question
		choices []string
		ok      bool
	}{
		{"one choice", single, []string{"a"}, true},
		{"no choice takes the answer back", single, nil, true},
		{"two choices of a single choice", single, []string{"a", "b"}, false},
		{"the same choice twice is once", single, []string{"a", "a"}, true},
		{"an unknown choice", multiple, []string{"a", "z"}, false},
		{"all of a multiple choice", multiple, []string{"c", "b", "a"}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := tc.q.CheckAnswer(tc.choices); (err == nil) != tc.ok {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestAQuizSaysWhatKeepsItFromBeingPublished(t *testing.T) {
	t.Parallel()
	none := question(SingleChoice, 1, false, false)
	two := question(TrueFalse, 1, true, true)
	blank := question(MultipleChoice, 1, true, false)
	blank.Stem, blank.Choices[1].Text = Text{}, Text{}
	got := map[string]string{}
	Quiz{Questions: []Question{none, two, blank}}.Missing("quiz", func(place, code, _ string) { got[place] = code })
	want := map[string]string{"quiz.questions[0].choices": "one-right", "quiz.questions[1].choices": "one-right", "quiz.questions[2].stem": "empty", "quiz.questions[2].choices[1].text": "empty"}
	if len(got) != len(want) {
		t.Errorf("missing %v, want %v", got, want)
	}
	for place, code := range want {
		if got[place] != code {
			t.Errorf("%s is %q, want %q", place, got[place], code)
		}
	}
}

func TestALimitedQuizEnds(t *testing.T) {
	t.Parallel()
	q, now := Quiz{AttemptsAllowed: new(2)}, time.Now()
	if q.MayStart(1) != nil || fault.KindOf(q.MayStart(2)) != fault.Conflict || *q.Left(3) != 0 {
		t.Error("two attempts are not two attempts")
	}
	due := now.Add(time.Minute)
	a := Attempt{DueAt: &due}
	if a.Overdue(due.Add(Grace)) || !a.Overdue(due.Add(Grace+time.Second)) {
		t.Error("the time limit and its grace are not kept")
	}
}
