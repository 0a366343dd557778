package attacks_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hourglass-lms/hourglass/internal/study/client"
)

// presence is attacked: time that nobody was there for.
var presence = []attack{
	asked("an answer is used for the next check", func(s *scene) {
		x := s.seat()
		first := x.asked()
		x.passes(first)
		next := x.asked()
		s.notThatCheck(x, right(first))
		s.notThatCheck(x, client.Reply{ID: first.ID, MoreTime: true})
		x.passes(next)
		s.books(x, 3200, 0, 0)
	}),
	asked("the beat that answered is sent again", func(s *scene) {
		x := s.seat()
		c := x.asked()
		seq, token := x.Next()
		x.passes(c)
		x.asked()
		s.refused(x.post(replying(seq, token, fmt.Sprintf(`{"id":%q,"answer":[]}`, c.ID))), 409, "wrong-sequence")
		s.books(x, 1600, 1600, 0)
	}),
	asked("the check of another person is answered", func(s *scene) {
		x, y := s.seat(), s.seat()
		x.asked()
		other := y.asked()
		s.notThatCheck(x, right(other))
		y.passes(other)
		s.books(x, 0, 1600, 0)
		s.books(y, 1600, 0, 0)
	}),
	asked("somebody else answers for a friend", func(s *scene) {
		x, friend := s.seat(), s.person()
		c := x.asked()
		seq, token := x.Next()
		s.refused(friend.send(s.T, "POST", x.Path()+"/beats", replying(seq, token, fmt.Sprintf(`{"id":%q,"answer":[]}`, c.ID))), 404, "not-found")
		s.books(x, 0, 1600, 0)
	}),
	asked("the check of one's own earlier session is answered after a pass", func(s *scene) {
		x := s.seat()
		c := x.asked()
		y := s.takeOver(x.l)
		y.at = x.at
		y.passes(c)
		y.asked()
		s.notThatCheck(y, right(c))
		s.books(y, 1600, 1600, 0)
	}),
	asked("a check is answered before it is asked", func(s *scene) {
		x := s.seat()
		x.study(800)
		s.notThatCheck(x, client.Reply{ID: strings.Repeat("A", 22)})
		s.notThatCheck(x, client.Reply{ID: strings.Repeat("A", 22), MoreTime: true})
		s.books(x, 0, 800, 0)
	}),
	asked("a check is answered after its time", func(s *scene) {
		x := s.seat()
		c := x.asked()
		if a := x.study(100); a.Presence.ID == c.ID { // or the machine stood still for the whole window
			x.wait(windowS * 1000)
			if a := x.replies(right(c)); a.Outcome != "missed" || !a.Presence.Paused {
				s.Errorf("a late answer became %+v", a)
			}
		}
		s.books(x, 0, 0, 1700)
	}),
	asked("more time is asked for again and again", func(s *scene) {
		x := s.seat()
		c := x.asked()
		by := c.AnswerBy
		for n := range 10 {
			a := x.replies(client.Reply{ID: c.ID, MoreTime: true})
			if a.Presence.ID != c.ID {
				break // the machine stood still for both windows
			}
			if want := by.Add(windowS * time.Second); !a.Presence.AnswerBy.Equal(want) || a.Presence.CanExtend {
				s.Errorf("after asking %d times it may be answered until %s, want %s", n+1, a.Presence.AnswerBy, want)
			}
		}
		time.Sleep(time.Until(by.Add((windowS + 1) * time.Second)))
		if a := x.study(100); !a.Presence.Paused {
			s.Errorf("the check is still open: %+v", a.Presence)
		}
		s.books(x, 0, 0, 1700)
	}),
	asked("a question is guessed at until it is right", func(s *scene) {
		x := s.seat()
		c := x.question()
		confirmed := x.l.earned - 1600
		a := x.replies(wrong(c))
		if a.Outcome != "wrong" || a.Presence.ID == c.ID || len(a.Presence.Choices) != 4 || !a.Presence.AnswerBy.Equal(*c.AnswerBy) {
			s.Fatalf("a wrong answer became %+v, %+v", a, a.Presence)
		}
		s.notThatCheck(x, right(c))
		if a = x.replies(wrong(a.Presence)); a.Outcome != "missed" || !a.Presence.Paused || len(a.Presence.Choices) != 0 {
			s.Fatalf("a second wrong answer became %+v, %+v", a, a.Presence)
		}
		for range 4 { // what is lost cannot be guessed back
			s.notThatCheck(x, right(c))
		}
		x.passes(a.Presence)
		s.books(x, confirmed, 0, 1600)
	}),
	asked("all choices are chosen at once", func(s *scene) {
		x := s.seat()
		c := x.question()
		if a := x.replies(client.Reply{ID: c.ID, Answer: []int{0, 1, 2, 3}}); a.Outcome != "wrong" {
			s.Errorf("it became %+v", a)
		}
		s.books(x, x.l.earned-1600, 1600, 0)
	}),
	asked("every choice is tried at the same time", func(s *scene) {
		x := s.seat()
		c := x.question()
		seq, token := x.Next()
		got := crowd(4, func(i int) answer {
			return x.post(replying(seq, token, fmt.Sprintf(`{"id":%q,"answer":[%d]}`, c.ID, i)))
		})
		first := s.accepted(got[0])
		for _, a := range got {
			if again := s.accepted(a); again.Outcome != first.Outcome || again.Token != first.Token {
				s.Errorf("one check has two outcomes: %s and %s", first.Outcome, again.Outcome)
			}
		}
		x.Close(s.Context())
		if first.Outcome == "passed" {
			s.lessons(x, x.l.earned, 0, 0)
		} else {
			s.lessons(x, x.l.earned-1600, 1600, 0)
		}
	}),
	asked("checks are dodged by opening the lesson anew", func(s *scene) {
		x := s.seat()
		c := x.asked()
		for range 3 {
			if err := x.Close(s.Context()); err != nil {
				s.Fatal(err)
			}
			at := x.at
			x = s.sit(x.l)
			x.at = at
			if x.Opened.Presence == nil || x.Opened.Presence.ID != c.ID || x.Opened.VerifiedS != 0 {
				s.Fatalf("the check is forgotten: %+v", x.Opened)
			}
			x.study(400)
		}
		s.books(x, 0, 2800, 0)
	}),
	asked("checks are dodged by changing the course before each", func(s *scene) {
		x := s.seat()
		x.study(800)
		x.Close(s.Context())
		x.l.enrol(s.T, s.st.other)
		for i := range 2 {
			began := time.Now()
			session, err := x.l.client.Open(s.Context(), []string{s.st.other.video, s.st.course.video}[i])
			y := s.seated(x.l, began, session, err)
			y.at = 10_000
			if a := y.study(900); a.Presence == nil {
				s.Fatalf("%d ms without a check in one lesson after the other", x.l.earned)
			}
			y.Close(s.Context())
		}
		s.lessons(x, 0, x.l.earned, 0)
	}),
	asked("something is claimed while study is paused", func(s *scene) {
		x := s.seat()
		c := x.paused()
		x.fetch(x.at, x.at+1000)
		x.wait(600)
		s.refused(x.claim(span(x.at, x.at+500, 1)), 409, "presence-required")
		seq, token := x.Next()
		body := fmt.Sprintf(`{"token":%q,"seq":%d,"state":"playing","visible":true,"spans":[{"from_ms":%d,"to_ms":%d,"rate":1}],"presence":{"id":%q,"answer":[]}}`, token, seq, x.at, x.at+500, c.ID)
		s.refused(x.post(body), 409, "presence-required")
		lost := x.l.earned
		x.passes(c)
		x.study(300)
		s.lost(x, lost)
	}),
	asked("a pause is dodged by opening the lesson anew", func(s *scene) {
		x := s.seat()
		x.paused()
		lost := x.l.earned
		x.Close(s.Context())
		y := s.sit(x.l)
		y.fetch(0, 1000)
		y.wait(300)
		s.refused(y.claim(span(0, 200, 1)), 409, "presence-required")
		s.lost(y, lost)
	}),
	asked("an answer carries more than can have been played", func(s *scene) {
		x := s.seat()
		c := x.asked()
		x.fetch(0, 40_000)
		seq, token := x.Next()
		body := fmt.Sprintf(`{"token":%q,"seq":%d,"state":"playing","visible":true,"spans":[{"from_ms":0,"to_ms":60000,"rate":1}],"presence":{"id":%q,"answer":[]}}`, token, seq, c.ID)
		if a := x.post(body); a.status != 422 {
			s.Errorf("it was answered %s", a)
		}
		s.books(x, 0, 1600, 0)
	}),
	asked("the right answers are looked for", func(s *scene) {
		x := s.seat()
		x.question()
		for _, path := range []string{"/courses/" + s.st.course.course, "/me/enrolments", "/courses?limit=50"} {
			if a := x.l.must(s.T, "GET", path, nil, 200); strings.Contains(string(a.body), "correct") || strings.Contains(string(a.body), "错甲") {
				s.Errorf("%s says %s", path, a)
			}
		}
		s.refused(x.l.send(s.T, "GET", "/authoring/courses/"+s.st.course.course, ""), 403, "forbidden")
		s.books(x, x.l.earned-1600, 1600, 0)
	}),
	tampered("an answer is a number", `{"id":"%s","answer":2}`),
	tampered("an answer is text", `{"id":"%s","answer":["2"]}`),
	tampered("an answer is true", `{"id":"%s","answer":[true]}`),
	tampered("an answer is null", `{"id":"%s","answer":null}`),
	tampered("an answer is an object", `{"id":"%s","answer":{"0":1}}`),
	tampered("an answer lies below the choices", `{"id":"%s","answer":[-1]}`),
	tampered("an answer lies beyond all choices", `{"id":"%s","answer":[16]}`),
	tampered("an answer is 2^64", `{"id":"%s","answer":[18446744073709551616]}`),
	tampered("an answer has a fraction", `{"id":"%s","answer":[0.5]}`),
	tampered("an answer has seventeen choices", `{"id":"%s","answer":[0,1,2,3,0,1,2,3,0,1,2,3,0,1,2,3,0]}`),
	tampered("an answer is missing", `{"id":"%s"}`),
	tampered("an answer comes with asking for more time", `{"id":"%s","answer":[0],"more_time":true}`),
	tampered("an answer says that it is right", `{"id":"%s","answer":[0],"right":true}`),
	tampered("an answer stands twice", `{"id":"%s","answer":[0],"answer":[1]}`),
	tampered("a check's id is padded", `{"id":"%s==","answer":[0]}`),
	tampered("a reply is a list", `[{"id":"%s","answer":[0]}]`),
}

// windowS is how long a check may be answered.
const windowS = 5

// asked is an attack on the server that asks all the time.
func asked(name string, do func(*scene)) attack {
	return attack{name, func(s *scene) {
		s.st = s.st.asking
		do(s)
	}}
}

// tampered answers a check with what no answer is; it stays open.
func tampered(name, reply string) attack {
	return asked(name, func(s *scene) {
		x := s.seat()
		c := x.asked()
		seq, token := x.Next()
		s.refused(x.post(replying(seq, token, fmt.Sprintf(reply, c.ID))), 422, "invalid")
		x.passes(c)
		s.books(x, 1600, 0, 0)
	})
}

func replying(seq int64, token, reply string) string {
	return fmt.Sprintf(`{"token":%q,"seq":%d,"state":"playing","visible":true,"spans":[],"presence":%s}`, token, seq, reply)
}

// asked studies 1.6 seconds, after which there is a check.
func (x *seat) asked() *client.Check {
	x.s.Helper()
	x.study(800)
	a := x.study(800)
	if a.Presence == nil || a.Presence.Paused {
		x.s.Fatalf("no check was asked: %+v", a)
	}
	return a.Presence
}

// question passes checks until one is a question.
func (x *seat) question() *client.Check {
	x.s.Helper()
	c := x.asked()
	for c.Kind != "question" {
		x.passes(c)
		c = x.asked()
	}
	return c
}

// paused misses a check.
func (x *seat) paused() *client.Check {
	x.s.Helper()
	a := x.replies(wrong(x.question()))
	return x.replies(wrong(a.Presence)).Presence
}

func right(c *client.Check) client.Reply { return chooses(c, true) }
func wrong(c *client.Check) client.Reply { return chooses(c, false) }

func chooses(c *client.Check, right bool) client.Reply {
	if len(c.Choices) == 0 {
		return client.Reply{ID: c.ID}
	}
	return client.Reply{ID: c.ID, Answer: []int{slices.IndexFunc(c.Choices, func(text string) bool { return (text == "对") == right })}}
}

// replies is a beat with nothing but a reply.
func (x *seat) replies(r client.Reply) client.Answer {
	x.s.Helper()
	a, err := x.Beat(x.s.Context(), client.Beat{State: client.Playing, Visible: true, Reply: &r})
	if err != nil {
		x.s.Fatalf("a reply: %v", err)
	}
	return a
}

// passes answers honestly. As the next beat it has the grace of a lost
// connection, so that a machine that stands still spoils nothing.
func (x *seat) passes(c *client.Check) {
	x.s.Helper()
	if a := x.replies(right(c)); a.Outcome != "passed" || a.PendingS != 0 {
		x.s.Fatalf("an honest answer became %+v", a)
	}
}

func (s *scene) notThatCheck(x *seat, r client.Reply) {
	s.Helper()
	_, err := x.Beat(s.Context(), client.Beat{State: client.Playing, Visible: true, Reply: &r})
	s.refusedErr(err, client.UnknownCheck)
}

// books ends the session and holds what PostgreSQL has of the person against milliseconds.
func (s *scene) books(x *seat, verified, pending, forfeited int64) {
	s.Helper()
	if err := x.Close(s.Context()); err != nil {
		s.Fatal(err)
	}
	s.lessons(x, verified, pending, forfeited)
}

// lost expects that of what was studied so much was forfeited or confirmed before, and the rest is pending.
func (s *scene) lost(x *seat, before int64) {
	s.Helper()
	s.books(x, before-1600, x.l.earned-before, 1600)
}

func (s *scene) lessons(x *seat, verified, pending, forfeited int64) {
	s.Helper()
	got := s.st.text(s.T, `SELECT concat_ws(' ', sum(l.verified_ms), sum(l.pending_ms), sum(l.forfeited_ms)) FROM study_lessons l JOIN enrolments e ON e.id = l.enrolment_id WHERE e.person_id = $1`, x.l.id)
	if want := fmt.Sprint(verified, pending, forfeited); got != want {
		s.Errorf("verified, pending and forfeited are %s ms, want %s", got, want)
	}
}
