package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
)

// asking is a house where a check comes with every beat that brings what is
// unchecked to 20 seconds.
func asking(t *testing.T, durationMS int64) *house {
	t.Helper()
	return buildWith(t, durationMS, study.Policy{ChecksPerHour: 3600, CheckGap: 20 * time.Second, CheckWindow: time.Minute})
}

// asked is a person who studied 24 seconds and was asked.
func (h *house) asked(person int) (*player, engine.Answer) {
	h.t.Helper()
	p := h.mustOpen(person)
	p.mustPlay(12_000)
	a := p.mustPlay(12_000)
	if !a.Check.Open() || a.State.Outcome != study.Asked || a.Check.Left != time.Minute {
		h.t.Fatalf("no check was asked: %+v", a)
	}
	return p, a
}

// reply sends a beat with nothing but an answer.
func (p *player) reply(r study.Reply) (engine.Answer, error) {
	p.last = study.Report{Token: p.token, Seq: p.seq, State: study.Playing, Visible: true, Reply: &r}
	return p.send()
}

func (p *player) mustReply(r study.Reply) engine.Answer {
	p.h.t.Helper()
	a, err := p.reply(r)
	if err != nil {
		p.h.t.Fatal(err)
	}
	return a
}

// figures are what a person's lesson comes to in PostgreSQL once the session has ended.
func (h *house) figures(p *player) string {
	h.t.Helper()
	if err := h.engine.Close(h.t.Context(), p.person.Person, p.id); err != nil {
		h.t.Fatal(err)
	}
	var verified, pending, forfeited int64
	err := h.db.Pool().QueryRow(h.t.Context(), `SELECT verified_ms, pending_ms, forfeited_ms FROM study_lessons WHERE enrolment_id = $1`, p.person.Enrolment).Scan(&verified, &pending, &forfeited)
	if err != nil {
		h.t.Fatal(err)
	}
	return fmt.Sprintf("verified %d, pending %d, forfeited %d", verified, pending, forfeited)
}

// question gives the lesson one of its own, from the beginning on.
func (h *house) question(page int) {
	h.t.Helper()
	_, err := h.db.Pool().Exec(h.t.Context(), `INSERT INTO lesson_questions (lesson_id, position, at_ms, page, multiple, prompt, choices, right_mask)
		VALUES ($1, 0, 0, $2, false, '?', '["a", "b", "right", "d"]', 4)`, h.course.Lesson, page)
	if err != nil {
		h.t.Fatal(err)
	}
}

// pick chooses by the words of a choice.
func pick(c engine.Check, right bool) study.Reply {
	r := study.Reply{ID: c.ID}
	for i, text := range c.Choices {
		if (text == "right") == right {
			r.Mask = 1 << i
		}
	}
	return r
}

func TestWhatBecomesOfAnOpenCheckIsInPostgreSQL(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		do   func(p *player, a engine.Answer)
		want string
	}{
		{"it is answered", func(p *player, a engine.Answer) { p.mustReply(study.Reply{ID: a.Check.ID}) }, "verified 24000, pending 0, forfeited 0"},
		{"it is answered with a beat that claims more", func(p *player, a engine.Answer) {
			p.last.Reply = &study.Reply{ID: a.Check.ID}
			if err := p.fetch(p.at, p.at+6000); err != nil {
				p.h.t.Fatal(err)
			}
			p.h.pass(6 * time.Second)
			p.last = study.Report{Token: p.token, Seq: p.seq, Spans: []study.Span{{FromMS: p.at, ToMS: p.at + 6000, Rate: 100}}, Reply: &study.Reply{ID: a.Check.ID}}
			if _, err := p.send(); err != nil {
				p.h.t.Fatal(err)
			}
		}, "verified 30000, pending 0, forfeited 0"},
		{"it is left open", func(p *player, _ engine.Answer) { p.mustPlay(6000) }, "verified 0, pending 30000, forfeited 0"},
		{"it is missed", func(p *player, _ engine.Answer) {
			p.mustPlay(6000)
			p.h.pass(time.Minute)
			if a := p.mustPlay(6000); a.State.Outcome != study.Missed || !a.Check.Paused() || len(a.Check.Choices) != 0 {
				p.h.t.Errorf("%+v", a)
			}
			if _, err := p.play(6000); codeOf(err) != "presence-required" {
				p.h.t.Errorf("study was paused, and a claim answered %v", err)
			}
		}, "verified 0, pending 0, forfeited 36000"},
		{"it is missed, and study goes on", func(p *player, _ engine.Answer) {
			p.mustPlay(6000)
			p.h.pass(time.Minute)
			p.mustReply(study.Reply{ID: p.mustPlay(6000).Check.ID})
			p.mustPlay(6000)
		}, "verified 0, pending 6000, forfeited 36000"},
		{"more time is asked for, and it is answered within", func(p *player, a engine.Answer) {
			if a := p.mustReply(study.Reply{ID: a.Check.ID, MoreTime: true}); a.Check.Left != 2*time.Minute || !a.Check.Extended {
				p.h.t.Errorf("%+v", a.Check)
			}
			p.h.pass(110 * time.Second)
			p.mustReply(study.Reply{ID: a.Check.ID})
		}, "verified 24000, pending 0, forfeited 0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := asking(t, 600_000)
			p, a := h.asked(0)
			tc.do(p, a)
			if got := h.figures(p); got != tc.want {
				t.Errorf("%s; want %s", got, tc.want)
			}
		})
	}
}

func TestRedisMayLoseEverythingWhileACheckIsOpen(t *testing.T) {
	t.Parallel()
	h := asking(t, 600_000)
	p, a := h.asked(0)
	h.engine.Flush()
	h.wipe()
	if again, err := p.send(); err != nil || again.Check.ID != a.Check.ID || again.Check.ByMS != a.Check.ByMS {
		t.Fatalf("the beat that was answered %+v is answered %+v, %v", a.Check, again.Check, err)
	}
	h.wipe()
	p.mustReply(study.Reply{ID: a.Check.ID, MoreTime: true})
	h.wipe()
	h.pass(100 * time.Second) // more than the window, less than what was given
	if a = p.mustReply(study.Reply{ID: a.Check.ID}); a.State.Outcome != study.Passed || a.State.VerifiedMS != 24_000 {
		t.Fatalf("answered within the longer window: %+v", a.State)
	}
	p.mustPlay(12_000)
	p.mustPlay(12_000)
	p.mustPlay(6000)
	h.pass(time.Minute)
	if a = p.mustPlay(6000); a.State.Outcome != study.Missed {
		t.Fatalf("%+v", a.State)
	}
	h.engine.Flush()
	h.wipe()
	if _, err := p.play(6000); codeOf(err) != "presence-required" {
		t.Errorf("a pause was forgotten: %v", err)
	}
	h.wipe()
	p.mustReply(study.Reply{ID: a.Check.ID})
	if got := h.figures(p); got != "verified 24000, pending 0, forfeited 36000" {
		t.Error(got)
	}
}

func TestAnotherDeviceTakesTheCheckOver(t *testing.T) {
	t.Parallel()
	h := asking(t, 600_000)
	p, a := h.asked(0)
	h.pass(30 * time.Second)
	q, opened := h.takenOver(0)
	if opened.Check.ID != a.Check.ID || opened.Check.Left != time.Minute || opened.State.PendingMS != 24_000 {
		t.Fatalf("the check %s is owed as %+v", a.Check.ID, opened.Check)
	}
	if _, err := p.reply(study.Reply{ID: a.Check.ID}); codeOf(err) != "fenced" {
		t.Errorf("the first device answered: %v", err)
	}
	q.mustPlay(6000)
	q.mustReply(study.Reply{ID: a.Check.ID})
	if got := h.figures(q); got != "verified 30000, pending 0, forfeited 0" {
		t.Error(got)
	}
}

func (h *house) takenOver(person int) (*player, engine.Opened) {
	h.t.Helper()
	p := &player{h: h, e: h.engine, person: h.people[person], seq: 1}
	o, err := h.engine.Open(h.t.Context(), engine.OpenRequest{PersonID: p.person.Person, EnrolmentID: p.person.Enrolment, LessonID: h.course.Lesson, TakeOver: true, SignIn: []byte("t")})
	if err != nil {
		h.t.Fatal(err)
	}
	p.id, p.token, p.at = o.Meta.ID, o.Token, o.State.ResumeMS
	return p, o
}

func TestALongerWindowHoldsFromTheNextSessionOn(t *testing.T) {
	t.Parallel()
	h := asking(t, 600_000)
	p, _ := h.asked(0)
	if err := h.engine.SetWindow(t.Context(), p.person.Person, 500); err != nil {
		t.Fatal(err)
	}
	if percent, err := h.engine.Window(t.Context(), p.person.Person); err != nil || percent != 500 {
		t.Errorf("it is %d, %v", percent, err)
	}
	if a := p.mustPlay(1000); a.Check.Left != 59*time.Second {
		t.Errorf("an open check has %s", a.Check.Left)
	}
	if _, o := h.takenOver(0); o.Check.Left != 5*time.Minute || o.State.WindowMS != 300_000 {
		t.Errorf("the next session has %s", o.Check.Left)
	}
	if err := h.engine.SetWindow(t.Context(), p.person.Person, 1000); err == nil {
		t.Error("a window of ten times was taken")
	}
}

func TestAQuestionIsGradedHereAndAskedAgainOnce(t *testing.T) {
	t.Parallel()
	h := asking(t, 600_000)
	h.question(0)
	asked := 0
	for person := range h.people {
		p, a := h.asked(person)
		if want := map[bool]int{true: 4}[a.Check.ID.Asks()]; len(a.Check.Choices) != want {
			t.Fatalf("check %s has choices %v", a.Check.ID, a.Check.Choices)
		}
		for len(a.Check.Choices) == 0 { // only whether somebody is there
			p.mustReply(study.Reply{ID: a.Check.ID})
			p.mustPlay(12_000)
			a = p.mustPlay(12_000)
		}
		asked++
		first := a.Check
		// Whether it is right is not for the client to say.
		wrong := pick(first, false)
		wrong.Right = true
		a = p.mustReply(wrong)
		if a.State.Outcome != study.Wrong || a.Check.ID == first.ID || a.Check.ByMS != first.ByMS || len(a.Check.Choices) != 4 {
			t.Fatalf("a wrong answer became %+v", a)
		}
		before := a.State.VerifiedMS
		if a = p.mustReply(pick(a.Check, person > 0)); person == 0 {
			if a.State.Outcome != study.Missed || a.State.VerifiedMS != before {
				t.Errorf("wrong twice became %+v", a.State)
			}
		} else if a.State.Outcome != study.Passed || a.State.VerifiedMS != before+24_000 {
			t.Errorf("right at the second try became %+v", a.State)
		}
	}
	if asked != len(h.people) {
		t.Errorf("%d were asked", asked)
	}
}

func TestAPageIsAskedAboutWhenItWasRead(t *testing.T) {
	t.Parallel()
	h := asking(t, 600_000)
	// Three pages of 8 to 20 seconds each.
	_, err := h.db.Pool().Exec(t.Context(), `UPDATE lessons SET kind = 'document', asset_id = NULL, body_zh = $2, min_s = 24, max_s = 60 WHERE id = $1`, h.course.Lesson, strings.Repeat("水", 4000))
	if err != nil {
		t.Fatal(err)
	}
	h.question(2)
	if h.people, err = h.course.Enrol(t.Context(), h.db, 12); err != nil {
		t.Fatal(err)
	}
	questions := 0
	for person := range h.people {
		p := h.mustOpen(person)
		if _, err := h.engine.Document(t.Context(), p.person.Person, p.id, "zh"); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			from, to int64
			read     bool // page 2, for as long as it must be
		}{{0, 24_000, false}, {24_000, 47_000, true}} {
			h.pass(24 * time.Second)
			p.last = study.Report{Token: p.token, Seq: p.seq, Visible: true, Spans: []study.Span{{FromMS: step.from, ToMS: step.to, Rate: 100}}}
			a, err := p.send()
			if err != nil {
				t.Fatal(err)
			}
			if want := step.read && a.Check.ID.Asks(); !a.Check.Open() || (len(a.Check.Choices) > 0) != want {
				t.Errorf("after %d ms the check %s asks %q", step.to, a.Check.ID, a.Check.Text)
			} else if want {
				questions++
			}
			p.mustReply(pick(a.Check, true))
		}
	}
	if questions == 0 {
		t.Error("nobody was asked about the page")
	}
}

func TestARebuildWithChecksIsWhatRedisHeld(t *testing.T) {
	t.Parallel()
	h := asking(t, 3_600_000)
	h.question(0)
	p := h.mustOpen(0)
	rng := rand.New(rand.NewPCG(20261124, 5))
	outcomes := map[study.Outcome]int{}
	a := p.mustPlay(1000)
	for range 80 {
		h.pass(time.Duration(rng.IntN(30)) * time.Second)
		switch n := rng.IntN(5); {
		case a.Check.Open() && n < 3:
			a = p.mustReply(pick(a.Check, n > 0))
		case a.Check.Open() && n == 3:
			a = p.mustReply(study.Reply{ID: a.Check.ID, MoreTime: true})
		case a.Check.Paused():
			a = p.mustReply(study.Reply{ID: a.Check.ID})
		default:
			a = p.mustPlay(7300)
		}
		outcomes[a.State.Outcome]++
		s, err := h.store.Session(t.Context(), p.id)
		if err != nil {
			t.Fatal(err)
		}
		_, got, err := h.store.Rebuild(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		want := a.State
		got.Delivered, got.DeliveredMS, got.CompletedSeq = want.Delivered, want.DeliveredMS, want.CompletedSeq
		if got, want := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); got != want { // a set without any may be nil
			t.Fatalf("rebuilt\n%s\nRedis held\n%s", got, want)
		}
	}
	for o := study.Waiting; o <= study.Extended; o++ {
		if o != study.Finished && outcomes[o] == 0 {
			t.Errorf("outcome %d was not come to: %v", o, outcomes)
		}
	}
}
