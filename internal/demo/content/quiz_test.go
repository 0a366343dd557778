package content

import (
	"strings"
	"testing"
	"time"
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

func TestLecturesAskAboutWhatWasSaid(t *testing.T) {
	t.Parallel()
	lectures := 0
	for _, c := range load(t).Courses {
		for _, l := range c.lessons("video") {
			if len(l.Asks) > 0 {
				lectures++
			}
			captions, err := c.File(l.Lecture + "." + c.Language + ".vtt")
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range l.Asks {
				checkAsk(t, a, lastCue(t, string(captions)))
			}
		}
	}
	if lectures < 3 {
		t.Errorf("only %d lectures ask", lectures)
	}
}

// lastCue is when a lecture's last sentence begins, in milliseconds.
func lastCue(t *testing.T, captions string) (ms int64) {
	t.Helper()
	for line := range strings.Lines(captions) {
		if from, _, ok := strings.Cut(line, " --> "); ok {
			at, err := time.Parse("15:04:05.000", from)
			if err != nil {
				t.Fatal(err)
			}
			ms = at.Sub(at.Truncate(24 * time.Hour)).Milliseconds()
		}
	}
	return ms
}

func checkAsk(t *testing.T, a Ask, lastMS int64) {
	t.Helper()
	at, err := a.Moment()
	if err != nil || at <= 0 || at > lastMS+1000 {
		t.Errorf("%s: asked at %s of %d ms, %v", a.Prompt, a.After, lastMS, err)
	}
	seen := map[string]bool{}
	for _, c := range a.Choices {
		if seen[c.Text] || c.Text == "" {
			t.Errorf("%s: %q is offered twice", a.Prompt, c.Text)
		}
		seen[c.Text] = true
	}
	if n := a.Right(); n == 0 || n == len(a.Choices) || len(a.Choices) < 3 {
		t.Errorf("%s: %d of %d choices are right", a.Prompt, n, len(a.Choices))
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
