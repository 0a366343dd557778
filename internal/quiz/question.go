// Package quiz knows questions, attempts and how they are graded.
package quiz

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Text is one text in both languages.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Empty says that there is no text in either language.
func (t Text) Empty() bool { return strings.TrimSpace(t.Zh) == "" && strings.TrimSpace(t.En) == "" }

// Or fills a missing language with the other one.
func (t Text) Or() Text {
	if strings.TrimSpace(t.Zh) == "" {
		t.Zh = t.En
	}
	if strings.TrimSpace(t.En) == "" {
		t.En = t.Zh
	}
	return t
}

// Kind is how a question is answered.
type Kind string

// The kinds of question.
const (
	SingleChoice   Kind = "single_choice"
	MultipleChoice Kind = "multiple_choice"
	TrueFalse      Kind = "true_false"
)

// Choice is a possible answer.
type Choice struct {
	ID      string `json:"id"` // "a", "b", … by its place
	Text    Text   `json:"text"`
	Correct bool   `json:"correct"`
}

// Question is a question with its right answer.
type Question struct {
	ID          uuid.UUID
	Kind        Kind
	Stem        Text
	Explanation Text
	Points      int
	Choices     []Choice
}

// Quiz is a lesson that asks.
type Quiz struct {
	ID              uuid.UUID
	PassMark        int  // percent of the points that passes
	AttemptsAllowed *int // nil: as often as one likes
	TimeLimitS      *int // nil: no limit
	Questions       []Question
}

const (
	maxText    = 4000
	maxChoices = 10
)

// Name gives every choice its id by its place.
func (q *Question) Name() {
	for i := range q.Choices {
		q.Choices[i].ID = string(rune('a' + i))
	}
}

// Check judges the form of a quiz at a place like "body.chapters[0].lessons[1].quiz":
// what cannot be kept at all. What an author may still leave open is judged by
// Missing, and that no id is there twice by the whole outline.
func (q Quiz) Check(path string, bad *fault.Fields) {
	if q.PassMark < 1 || q.PassMark > 100 {
		bad.Add(path+".pass_mark", "must be 1 to 100 percent")
	}
	for i, question := range q.Questions {
		question.check(fmt.Sprintf("%s.questions[%d]", path, i), bad)
	}
}

func (q Question) check(at string, bad *fault.Fields) {
	if !slices.Contains([]Kind{SingleChoice, MultipleChoice, TrueFalse}, q.Kind) {
		bad.Add(at+".kind", "is not a kind of question")
	}
	if q.Points < 1 || q.Points > 100 {
		bad.Add(at+".points", "must be 1 to 100")
	}
	if n := len(q.Choices); n < 2 || n > maxChoices || (q.Kind == TrueFalse && n != 2) {
		bad.Add(at+".choices", "a question has 2 to %d choices, true or false exactly 2", maxChoices)
	}
	for name, t := range map[string]Text{".stem": q.Stem, ".explanation": q.Explanation} {
		if tooLong(t) {
			bad.Add(at+name, "must be at most %d characters", maxText)
		}
	}
	for j, c := range q.Choices {
		if tooLong(c.Text) {
			bad.Add(fmt.Sprintf("%s.choices[%d].text", at, j), "must be at most %d characters", maxText)
		}
	}
}

func tooLong(t Text) bool {
	return utf8.RuneCountInString(t.Zh) > maxText || utf8.RuneCountInString(t.En) > maxText
}

// Missing tells of everything that keeps a quiz from being published.
func (q Quiz) Missing(path string, tell func(place, code, message string)) {
	if len(q.Questions) == 0 {
		tell(path, "no-questions", "the quiz has no questions")
	}
	for i, question := range q.Questions {
		at := fmt.Sprintf("%s.questions[%d]", path, i)
		if question.Stem.Empty() {
			tell(at+".stem", "empty", "the question is not written")
		}
		right := 0
		for j, c := range question.Choices {
			if c.Correct {
				right++
			}
			if c.Text.Empty() {
				tell(fmt.Sprintf("%s.choices[%d].text", at, j), "empty", "the choice is not written")
			}
		}
		switch {
		case question.Kind != MultipleChoice && right != 1:
			tell(at+".choices", "one-right", "exactly one choice must be right")
		case question.Kind == MultipleChoice && right == 0:
			tell(at+".choices", "some-right", "at least one choice must be right")
		}
	}
}
