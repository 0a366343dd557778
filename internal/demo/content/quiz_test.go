package content

import (
	"strings"
	"testing"
)

func TestQuizzesCanBeAnswered(t *testing.T) {
	t.Parallel()
	for _, c := range load(t).Courses {
		t.Run(c.Slug, func(t *testing.T) {
			for _, l := range c.lessons("quiz") {
				if l.Quiz.PassMark < 1 || l.Quiz.PassMark > 100 || len(l.Quiz.Questions) < 3 {
					t.Errorf("pass mark %d, %d questions", l.Quiz.PassMark, len(l.Quiz.Questions))
				}
				for _, q := range l.Quiz.Questions {
					checkQuestion(t, q)
				}
			}
		})
	}
}

func checkQuestion(t *testing.T, q Question) {
	t.Helper()
	needs(t, "stem", q.Stem)
	needs(t, "why", q.Why)
	right := 0
	seen := map[string]bool{}
	for _, c := range q.Choices {
		needs(t, q.Stem.En, c.Text)
		if seen[c.Zh] || seen[c.En] {
			t.Errorf("%s: %+v is offered twice", q.Stem.En, c.Text)
		}
		seen[c.Zh], seen[c.En] = true, true
		if c.Right {
			right++
		}
	}
	several := strings.Contains(q.Stem.Zh, "（多选）") && strings.Contains(q.Stem.En, "(several)")
	switch {
	case q.Kind != "" && q.Kind != "true_false":
		t.Errorf("%s: kind %q", q.Stem.En, q.Kind)
	case q.Kind == "true_false" && (len(q.Choices) != 2 || q.Choices[0].En != "True" || q.Choices[1].En != "False" || right != 1):
		t.Errorf("%s: true or false is not the choice", q.Stem.En)
	case several && right < 2, !several && right != 1, right == len(q.Choices):
		t.Errorf("%s: %d of %d choices are right", q.Stem.En, right, len(q.Choices))
	}
}
