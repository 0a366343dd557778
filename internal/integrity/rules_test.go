package integrity_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/study"
)

func seeded() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// days is one session a day, n days long.
func days(n int, one func(day time.Duration) *script) (all []*script) {
	for d := range n {
		all = append(all, one(time.Duration(d)*24*time.Hour))
	}
	return all
}

// checked is a session with so many checks, each answered by what answer says.
func checked(n int, answer func(s *script, i int)) *script {
	s := opened(9 * time.Hour)
	for i := range n {
		answer(s, i)
	}
	return s
}

func shared(people int) integrity.History {
	s := opened(time.Hour).play(seeded(), 20*time.Minute, 40)
	s.DeviceKey = []byte("sixteen bytes ok")
	h := historyOf(s)
	h.Devices = []integrity.DeviceUse{{Device: s.DeviceKey, People: people}}
	return h
}

func TestWhatIsRaisedAndWhatIsNot(t *testing.T) {
	t.Parallel()
	rng := seeded()
	right := func(ms int64, question bool) func(*script, int) {
		return func(s *script, _ int) { s.check(ms, study.Passed, question) }
	}
	for _, tc := range []struct {
		name string
		h    integrity.History
		want []integrity.Kind
	}{
		{"nothing was studied", integrity.History{}, nil},
		{"an evening of study", historyOf(opened(19*time.Hour).play(rng, 2*time.Hour, 60)), nil},
		{"quick but human answers", historyOf(checked(20, right(450, false))), nil},
		{"questions read in a second", historyOf(checked(20, right(950, true))), nil},
		{"two keys hit by accident", historyOf(checked(6, func(s *script, i int) { s.check(int64(100+i/2*2000), study.Passed, false) })), nil},
		{"three fast ones among many", historyOf(checked(20, func(s *script, i int) { s.check(100+int64(i/3)*1000, study.Passed, false) })), nil},
		{"answers faster than anybody moves", historyOf(checked(4, right(120, false))), []integrity.Kind{integrity.FastAnswers}},
		{"questions answered without reading", historyOf(checked(4, right(600, true))), []integrity.Kind{integrity.FastAnswers}},
		{"a check that was owed, answered at once", historyOf(days(5, func(d time.Duration) *script { return opened(d).answer(50, study.Passed, false) })...), nil},
		{"beats with the jitter of a good line", historyOf(opened(time.Hour).play(rng, time.Hour, 6)), nil},
		{"beats as even as a clock", historyOf(opened(time.Hour).play(rng, time.Hour, 1)), []integrity.Kind{integrity.Metronome}},
		{"even beats, too few to say", historyOf(opened(time.Hour).play(rng, 9*time.Minute, 0)), nil},
		{"even beats that a person interrupts", historyOf(interrupted()), nil},
		{"a night shift, day after day", historyOf(days(14, func(d time.Duration) *script { return opened(d+22*time.Hour).play(rng, 7*time.Hour, 60) })...), nil},
		{"fifteen hours on the last day of the year", historyOf(opened(7*time.Hour).play(rng, 15*time.Hour, 60)), nil},
		{"seventeen hours within a day", historyOf(opened(3*time.Hour).play(rng, 17*time.Hour, 60)), []integrity.Kind{integrity.RoundTheClock}},
		{"no night for three days", historyOf(hourly(rng, 72)...), []integrity.Kind{integrity.RoundTheClock}},
		{"one night through", historyOf(hourly(rng, 40)...), nil},
		{"a third of the questions wrong", historyOf(checked(30, func(s *script, i int) { answered(s, i%3 > 0) })), nil},
		{"every answer a guess among four", historyOf(checked(40, func(s *script, i int) { answered(s, i%4 == 0) })), []integrity.Kind{integrity.Guessing}},
		{"a check missed now and then", historyOf(checked(20, func(s *script, i int) { attended(s, i%5 > 0) })), nil},
		{"nobody there again and again", historyOf(checked(20, func(s *script, i int) { attended(s, i%4 == 0) })), []integrity.Kind{integrity.FailedChecks}},
		{"a family with one computer", shared(2), nil},
		{"five people on one device", shared(5), []integrity.Kind{integrity.SharedDevice}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := kindsOf(judged(tc.h)); !slices.Equal(got, tc.want) {
				t.Errorf("raised %v, want %v", got, tc.want)
			}
		})
	}
}

// interrupted plays as evenly as a clock, but pauses every five minutes.
func interrupted() *script {
	s := opened(time.Hour)
	for range 20 {
		s.play(nil, 5*time.Minute, 0).beatOf(study.Report{State: study.Paused}, 9_000, 0, study.Waiting)
	}
	return s
}

// hourly is ten minutes of study in every hour.
func hourly(rng *rand.Rand, hours int) (all []*script) {
	for i := range hours {
		all = append(all, opened(time.Duration(i)*time.Hour+time.Minute).play(rng, 10*time.Minute, 60))
	}
	return all
}

func answered(s *script, right bool) {
	s.beat(15_000, study.Asked, nil)
	if right {
		s.answer(6_000, study.Passed, true)
		return
	}
	s.answer(6_000, study.Wrong, true).beat(15_000, study.Missed, &study.Reply{Mask: 4})
	s.answer(5_000, study.Passed, false)
}

func attended(s *script, there bool) {
	if there {
		s.check(7_000, study.Passed, false)
		return
	}
	s.missed()
}

func TestWhatAnOfficerJudgedIsNotJudgedAgain(t *testing.T) {
	t.Parallel()
	early, late := opened(time.Hour), opened(48*time.Hour)
	for range 4 {
		early.check(100, study.Passed, false)
		late.check(100, study.Passed, false)
	}
	h := historyOf(early, late)
	h.Since = map[integrity.Kind]int64{integrity.FastAnswers: early.at}
	found := judged(h)
	if len(found) != 1 || len(found[0].Sessions) != 1 || found[0].Sessions[0] != late.ID {
		t.Errorf("found %+v, want only the later session", found)
	}
	h.Since[integrity.FastAnswers] = late.at
	if found := judged(h); len(found) != 0 {
		t.Errorf("found %+v again", found)
	}
}

func TestAFindingSaysWhatItRestsOn(t *testing.T) {
	t.Parallel()
	s := opened(time.Hour)
	for range 3 {
		s.check(100, study.Passed, false)
	}
	s.check(5_000, study.Passed, false)
	f := judged(historyOf(s))[0]
	if f.Figures.Answers != 4 || f.Figures.Fast != 3 || f.Figures.FastestMS != 100 || f.Figures.LimitMS != 400 {
		t.Errorf("figures %+v", f.Figures)
	}
	if f.FromMS != s.rows[0].AtMS || f.ToMS != s.rows[5].AtMS {
		t.Errorf("from %d to %d, want the first and the last fast answer", f.FromMS, f.ToMS)
	}
}
