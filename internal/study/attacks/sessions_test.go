package attacks_test

import (
	"time"

	"github.com/hourglass-lms/hourglass/internal/study/client"
)

// sessions are attacked: more than one at a time, or one that has ended.
var sessions = []attack{
	{"a second tab is opened beside the first", func(s *scene) {
		x := s.seat()
		_, err := x.l.client.Open(s.Context(), s.st.course.video)
		s.refusedErr(err, client.LeaseHeld)
		x.study(200)
	}},
	{"a second device is opened beside the first", func(s *scene) {
		x := s.seat()
		phone := &client.Client{Base: s.st.base, SignIn: s.st.signInAgain(s.T, x.l.id), HTTP: s.st.http}
		_, err := phone.Open(s.Context(), s.st.course.video)
		s.refusedErr(err, client.LeaseHeld)
		x.study(200)
	}},
	{"two courses are studied at once", func(s *scene) {
		x := s.seat()
		x.l.enrol(s.T, s.st.other)
		_, err := x.l.client.Open(s.Context(), s.st.other.video)
		s.refusedErr(err, client.LeaseHeld)
		began := time.Now()
		second, err := x.l.client.TakeOver(s.Context(), s.st.other.video)
		y := s.seated(x.l, began, second, err)
		y.study(200)
		x.wait(200)
		s.refused(x.claim(), 409, "fenced")
		y.study(200)
	}},
	{"a session goes on after it was taken over", func(s *scene) {
		x := s.seat()
		x.study(200)
		y := s.takeOver(x.l)
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 409, "fenced")
		y.study(200)
	}},
	{"a session that was taken over repeats its last beat", func(s *scene) {
		x := s.seat()
		seq, token := x.Next()
		x.study(200)
		y := s.takeOver(x.l)
		y.study(200)
		s.accepted(x.post(beat(seq, token, span(0, 200, 1))))
		y.study(200)
	}},
	{"two sessions take over from each other to count one time twice", func(s *scene) {
		x := s.seat()
		x.study(400)
		for range 4 {
			x = s.takeOver(x.l)
			x.fetch(0, 1000)
			s.tooFast(x, span(0, 400, 1))
		}
		x.study(200)
	}},
	{"twelve tabs take over at once", func(s *scene) {
		l := s.person()
		s.oneOf(l, crowd(12, func(int) answer {
			return l.send(s.T, "POST", "/study-sessions", `{"lesson_id":"`+s.st.course.video+`","take_over":true}`)
		}))
	}},
	{"twelve tabs open at once", func(s *scene) {
		l := s.person()
		got := crowd(12, func(int) answer {
			return l.send(s.T, "POST", "/study-sessions", `{"lesson_id":"`+s.st.course.video+`"}`)
		})
		if n := tally(got)["201 "]; n != 1 {
			s.Errorf("they were answered %v", tally(got))
		}
		s.oneOf(l, got)
	}},
	{"two tabs of one session beat at once", func(s *scene) {
		x := s.seat()
		x.fetch(0, 4000)
		x.wait(400)
		got := crowd(2, func(i int) answer { return x.claim(span(int64(i)*1000, int64(i)*1000+300, 1)) })
		if s.accepted(got[0]).Token != s.accepted(got[1]).Token {
			s.Errorf("one place has two answers: %s and %s", got[0], got[1])
		}
		x.l.earned += 300
	}},
	{"beats go on after the session was closed", func(s *scene) {
		x := s.seat()
		x.study(200)
		if err := x.Close(s.Context()); err != nil {
			s.Fatal(err)
		}
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 409, "session-closed")
	}},
	{"a closed session is closed again and beats on", func(s *scene) {
		x := s.seat()
		for range 2 {
			if err := x.Close(s.Context()); err != nil {
				s.Fatal(err)
			}
		}
		s.refused(x.claim(), 409, "session-closed")
	}},
	{"a beat races the closing of its session", func(s *scene) {
		x := s.seat()
		x.fetch(0, 1000)
		x.wait(300)
		got := crowd(8, func(i int) answer {
			if i == 4 {
				return x.l.send(s.T, "DELETE", x.Path(), "")
			}
			return x.claim(span(0, 200, 1))
		})
		if tally(got)["200 "] > 0 {
			x.l.earned += 200 // it was first, and is acknowledged
		}
		if n := tally(got)["200 "] + tally(got)["204 "] + tally(got)["409 session-closed"]; n != 8 {
			s.Errorf("they were answered %v", tally(got))
		}
		s.refused(x.post(beat(2, "", span(0, 200, 1))), 409, "session-closed")
	}},
	{"a session goes on after signing out", func(s *scene) {
		x := s.seat()
		x.study(200)
		x.l.must(s.T, "POST", "/auth/sign-out", nil, 204)
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 409, "session-closed")
		_, err := x.Fetch(s.Context(), x.list.Segments[9])
		s.refusedErr(err, client.SessionClosed)
	}},
	{"a session goes on with another sign-in after signing out of its own", func(s *scene) {
		x := s.seat()
		again := s.st.signInAgain(s.T, x.l.id)
		x.l.must(s.T, "POST", "/auth/sign-out", nil, 204)
		x.l.under(again)
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 409, "session-closed")
		s.sit(x.l).study(200)
	}},
	{"a session is opened while its sign-in signs out", func(s *scene) {
		l := s.person()
		for range 6 {
			l.under(s.st.signInAgain(s.T, l.id))
			got := crowd(6, func(i int) answer {
				if i == 3 {
					return l.send(s.T, "POST", "/auth/sign-out", "")
				}
				return l.send(s.T, "POST", "/study-sessions", `{"lesson_id":"`+s.st.course.video+`","take_over":true}`)
			})
			s.allEnded(l, got)
		}
	}},
	{"a session is opened with a sign-in that was revoked", func(s *scene) {
		l := s.person()
		if err := s.st.accounts.SignOut(s.Context(), l.signIn); err != nil {
			s.Fatal(err)
		}
		s.opens(l, `{"lesson_id":"`+s.st.course.video+`"}`, 401, "unauthenticated")
	}},
	{"a session is kept with a second sign-in that was revoked", func(s *scene) {
		x := s.seat()
		again := s.st.signInAgain(s.T, x.l.id)
		if err := s.st.accounts.SignOut(s.Context(), again); err != nil {
			s.Fatal(err)
		}
		x.fetch(0, 1000)
		x.wait(300)
		seq, token := x.Next()
		s.refused(x.post(beat(seq, token, span(0, 200, 1)), "Cookie", "hourglass_session="+again), 401, "unauthenticated")
		x.study(200)
	}},
	{"a cookie is copied, and the copy goes on after signing out", func(s *scene) {
		x := s.seat()
		copied := *x.l
		copied.must(s.T, "POST", "/auth/sign-out", nil, 204)
		x.wait(300)
		s.refused(x.claim(span(0, 200, 1)), 409, "session-closed")
		s.opens(x.l, `{"lesson_id":"`+s.st.course.video+`"}`, 401, "unauthenticated")
	}},
	{"a lease is held by a session that never beats", func(s *scene) {
		x := s.seat()
		time.Sleep(300 * time.Millisecond)
		y := s.takeOver(x.l)
		y.study(200)
		s.refused(x.claim(), 409, "fenced")
	}},
}

// oneOf lets every session that opened claim the same time: one of them may.
func (s *scene) oneOf(l *learner, opened []answer) {
	s.Helper()
	time.Sleep(200 * time.Millisecond)
	alive := 0
	for _, a := range opened {
		var o client.Opened
		if a.status != 201 {
			continue
		}
		a.into(s.T, &o)
		got := l.send(s.T, "POST", "/study-sessions/"+o.ID+"/beats", beat(1, o.Token))
		if got.status == 200 {
			alive++
			continue
		}
		s.refused(got, 409, "fenced")
	}
	if alive != 1 {
		s.Errorf("%d sessions are live at once", alive)
	}
}

// allEnded expects that no session of a sign-in that ended still speaks.
func (s *scene) allEnded(l *learner, opened []answer) {
	s.Helper()
	for _, a := range opened {
		var o client.Opened
		if a.status != 201 {
			continue
		}
		a.into(s.T, &o)
		if got := l.send(s.T, "POST", "/study-sessions/"+o.ID+"/beats", beat(1, o.Token)); got.status == 200 {
			s.Errorf("a session that opened while its sign-in ended goes on: %s", got)
		}
	}
}
