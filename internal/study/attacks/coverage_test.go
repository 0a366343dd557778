package attacks_test

import "github.com/hourglass-lms/hourglass/internal/study/client"

// coverage is attacked: seconds of a lesson that were not watched whole.
var coverage = []attack{
	{"one millisecond of every second is played", func(s *scene) {
		x := s.seat()
		x.fetch(0, 40_000)
		x.wait(200)
		var list []client.Span
		for n := range int64(32) {
			list = append(list, span(n*1000+500, n*1000+501, 1))
		}
		s.covers(x, 32, 0, list...)
	}},
	{"the edges of all seconds are played", func(s *scene) {
		x := s.seat()
		x.fetch(0, 40_000)
		x.wait(200)
		var list []client.Span
		for n := range int64(32) {
			list = append(list, span(n*1000+999, n*1000+1001, 1))
		}
		s.covers(x, 64, 0, list...)
	}},
	{"two halves of a second leave out its middle", func(s *scene) {
		x := s.seat()
		x.fetch(0, 2000)
		x.wait(900)
		s.covers(x, 800, 0, span(0, 400, 1), span(600, 1000, 1))
	}},
	{"a second is cut by a beat and not gone on with", func(s *scene) {
		x := s.seat()
		x.study(500)
		x.wait(500)
		s.covers(x, 400, 0, span(600, 1000, 1))
	}},
	{"a second is played twice and counted once", func(s *scene) {
		x := s.seat()
		x.study(1000)
		x.wait(1000)
		s.covers(x, 1000, 1, span(0, 1000, 1))
	}},
	{"small spans overlap each other into a second", func(s *scene) {
		x := s.seat()
		x.fetch(0, 2000)
		x.wait(200)
		var list []client.Span
		for n := range int64(32) {
			list = append(list, span(n*31, n*31+60, 1))
		}
		// Together they are longer than the second they cover: all of that must have passed.
		s.tooFast(x, list...)
		x.study(200)
	}},
	{"spans jump back and forth in one beat", func(s *scene) {
		x := s.seat()
		x.fetch(0, 20_000)
		x.wait(300)
		s.covers(x, 200, 0, span(9000, 9050, 1), span(1000, 1050, 1), span(9000, 9050, 1), span(5000, 5050, 1))
	}},
	{"the lesson's last second is had for its last moment", func(s *scene) {
		x := s.seat()
		x.fetch(lesson-2000, lesson)
		x.wait(300)
		s.covers(x, 200, 0, span(x.Opened.DurationMS-300, x.Opened.DurationMS-100, 1))
	}},
}

// covers expects a beat to be credited its time, and so many seconds covered.
func (s *scene) covers(x *seat, ms int64, seconds int, list ...client.Span) {
	s.Helper()
	a := s.accepted(x.claim(list...))
	x.l.earned += ms
	got := 0
	for _, i := range a.Covered {
		got += i[1] - i[0]
	}
	if got != seconds {
		s.Errorf("%d seconds are covered (%v), want %d", got, a.Covered, seconds)
	}
}
