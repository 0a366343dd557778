package attacks_test

import (
	"time"

	"github.com/hourglass-lms/hourglass/internal/study/client"
)

const (
	lesson    = filmSeconds * 1000 // ms
	tolerance = 500                // study.EndTolerance
)

// clock is attacked: more time than passed.
var clock = []attack{
	{"a whole lesson is forged in one beat", func(s *scene) {
		x := s.seat()
		x.fetch(0, 2000)
		s.tooFast(x, span(0, lesson, 2))
		x.study(200)
	}},
	{"one second more is claimed than passed", func(s *scene) {
		x := s.seat()
		x.study(200)
		x.fetch(0, 2000)
		s.tooFast(x, span(200, 1400, 1))
		x.study(200)
	}},
	{"ten minutes are claimed as if the line had been down", func(s *scene) {
		x := s.seat()
		s.tooFast(x, span(0, 140_000, 1), span(0, 140_000, 1), span(0, 140_000, 1), span(0, 140_000, 1), span(0, 40_000, 1))
		x.study(200)
	}},
	{"the whole grace is claimed right after the opening", func(s *scene) {
		x := s.seat()
		x.fetch(0, 60_000)
		s.tooFast(x, span(0, 60_000, 1), span(0, 60_000, 1), span(0, 60_000, 1))
		x.study(200)
	}},
	{"the same moment of media is claimed many times in one beat", func(s *scene) {
		x := s.seat()
		x.fetch(0, 1000)
		x.wait(300)
		var many []client.Span
		for range 32 {
			many = append(many, span(0, 100, 1))
		}
		s.tooFast(x, many...)
		x.study(200)
	}},
	{"one second is stretched by playing it slowly", func(s *scene) {
		x := s.seat()
		x.fetch(0, 1000)
		x.wait(500)
		s.tooFast(x, span(0, 1000, .25))
		x.study(200)
	}},
	{"double speed is claimed for more media than double", func(s *scene) {
		x := s.seat()
		x.fetch(0, 4000)
		x.wait(300)
		s.tooFast(x, span(0, 4000, 2))
		x.study(200)
	}},
	{"beats come faster than the interval, a second each", func(s *scene) {
		x := s.seat()
		x.fetch(0, 12_000)
		for n := range int64(10) {
			s.tooFast(x, span(n*1000, n*1000+1000, 1))
		}
		x.study(200)
	}},
	{"empty beats come as fast as they can", func(s *scene) {
		x := s.seat()
		for range 20 {
			if a, err := x.Beat(s.Context(), client.Beat{State: client.Playing, Visible: true}); err != nil || a.VerifiedS != 0 {
				s.Fatal(a, err)
			}
		}
		x.study(200)
	}},
	{"the client's clock says tomorrow", func(s *scene) {
		x := s.seat()
		x.fetch(0, 20_000)
		seq, token := x.Next()
		tomorrow := time.Now().Add(24 * time.Hour).UTC().Format(time.RFC1123)
		s.refused(x.post(beat(seq, token, span(0, 20_000, 1)), "Date", tomorrow, "X-Request-Start", tomorrow, "If-Unmodified-Since", tomorrow), 422, "too-fast")
		x.study(200)
	}},
	{"time is claimed that passed before the session opened", func(s *scene) {
		l := s.person()
		time.Sleep(500 * time.Millisecond)
		x := s.sit(l)
		x.fetch(0, 2000)
		s.tooFast(x, span(0, 2000, 1))
		x.study(200)
	}},
	{"a session is closed and opened again for a fresh window", func(s *scene) {
		x := s.seat()
		x.study(300)
		if err := x.Close(s.Context()); err != nil {
			s.Fatal(err)
		}
		y := s.sit(x.l)
		y.fetch(0, 2000)
		s.tooFast(y, span(0, 1200, 1))
		y.study(200)
	}},
	{"a time is claimed in one session, and again in the next", func(s *scene) {
		x := s.seat()
		x.study(600)
		y := s.takeOver(x.l)
		y.fetch(0, 2000)
		s.tooFast(y, span(0, 600, 1))
		y.study(200)
	}},
	{"a time that nobody claimed is carried into the next session", func(s *scene) {
		x := s.seat()
		x.wait(800)
		y := s.takeOver(x.l)
		y.fetch(0, 2000)
		s.tooFast(y, span(0, 800, 1))
		y.study(200)
	}},
	{"a time is claimed twice within one session", func(s *scene) {
		x := s.seat()
		x.study(600)
		s.tooFast(x, span(0, 600, 1))
		x.study(200)
	}},
	{"the tolerance at the end is claimed again and again", func(s *scene) {
		x := s.seat()
		x.fetch(lesson-1000, lesson)
		x.wait(tolerance)
		end := span(x.Opened.DurationMS-1, x.Opened.DurationMS+tolerance-1, 1)
		if _, err := x.Beat(s.Context(), client.Beat{State: client.Ended, Spans: []client.Span{end}}); err != nil {
			s.Fatal(err)
		}
		x.earn(tolerance) // it passed, and was played at the end
		for range 5 {
			s.tooFast(x, end)
		}
		x.study(200)
	}},
	{"the tolerance at the end is passed by a millisecond", func(s *scene) {
		x := s.seat()
		x.fetch(lesson-1000, lesson)
		x.wait(600)
		s.refused(x.claim(span(x.Opened.DurationMS-10, x.Opened.DurationMS+tolerance+1, 1)), 422, "invalid")
		x.study(200)
	}},
	{"a stretch begins at the lesson's end", func(s *scene) {
		x := s.seat()
		x.wait(300)
		s.refused(x.claim(span(x.Opened.DurationMS, x.Opened.DurationMS+200, 1)), 422, "invalid")
		x.study(200)
	}},
}

// rates are attacked: numbers no player has.
var rates = []attack{
	rate("a rate above the highest is refused", "2.01", 422, "too-fast"),
	rate("a rate a hundred times the clock", "100", 422, "too-fast"),
	rate("a rate of 1e308", "1e308", 422, "invalid"),
	rate("a rate beyond every number", "1e999", 422, "invalid"),
	rate("a rate of zero", "0", 422, "invalid"),
	rate("a rate of minus zero", "-0.0", 422, "invalid"),
	rate("a rate below zero", "-1", 422, "invalid"),
	rate("a rate that stretches a second over the clock", "0.01", 422, "invalid"),
	rate("a rate that rounds to nothing", "1e-300", 422, "invalid"),
	rate("a rate that is not a number", "NaN", 400, "malformed"),
	rate("a rate that is infinite", "Infinity", 400, "malformed"),
	rate("a rate as text", `"1"`, 422, "invalid"),
	rate("a rate that is null", "null", 422, "invalid"),
	rate("a rate that is a list", "[1]", 422, "invalid"),
}

// rate claims what was delivered and has passed, at a rate.
func rate(name, value string, status int, code string) attack {
	return spans(name, `{"from_ms":0,"to_ms":100,"rate":`+value+`}`, status, code)
}
