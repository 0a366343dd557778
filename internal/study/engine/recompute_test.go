package engine_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/study"
)

// An auditor recomputes an hour with the statement that the documentation gives.
func TestAnHourIsRecomputedAsTheDocumentationSays(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../docs/study-time.md")
	if err != nil {
		t.Fatal(err)
	}
	_, chapter, _ := strings.Cut(string(text), "### Recomputing an hour")
	_, statement, _ := strings.Cut(chapter, "```sql\n")
	statement, _, _ = strings.Cut(statement, "```")
	statement = strings.NewReplacer(":'enrolment'", "$1", ":'lesson'", "$2").Replace(statement)

	h := asking(t, 600_000)
	p, a := h.asked(0)
	p.mustReply(study.Reply{ID: a.Check.ID}) // 24 s confirmed
	p.mustPlay(12_000)
	p.mustPlay(12_000)
	p.mustPlay(6000)
	h.pass(time.Minute)
	a = p.mustPlay(6000) // 36 s forfeited
	p.mustReply(study.Reply{ID: a.Check.ID})
	p.mustPlay(5000)
	q, _ := h.takenOver(0)
	q.mustPlay(7000) // 12 s pending, over two sessions
	if got := h.figures(q); got != "verified 24000, pending 12000, forfeited 36000" {
		t.Fatal(got)
	}
	var beats, confirmed, forfeited, pending int64
	var linked, earned, within, same bool
	err = h.db.Pool().QueryRow(t.Context(), statement, p.person.Enrolment, h.course.Lesson).Scan(&beats, &linked, &earned, &within, &confirmed, &forfeited, &pending, &same)
	if err != nil {
		t.Fatal(err)
	}
	if !linked || !earned || !within || !same || beats != 10 || confirmed != 24_000 || forfeited != 36_000 || pending != 12_000 {
		t.Errorf("%d beats, linked %t, earned %t, within %t, same %t: %d confirmed, %d forfeited, %d pending", beats, linked, earned, within, same, confirmed, forfeited, pending)
	}
}
