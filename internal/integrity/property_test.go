package integrity_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/study"
)

// honest is a month of somebody who is there: their own hours, their own
// pace, a line with jitter, pauses, a check that is missed or answered wrongly
// now and then.
func honest(t *rapid.T) (all []*script) {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 7))
	start := rapid.IntRange(0, 23).Draw(t, "hour they begin at")
	jitter := rapid.Int64Range(12, 400).Draw(t, "jitter")
	slow := rapid.Int64Range(500, 20_000).Draw(t, "reaction")
	for day := range rapid.IntRange(1, 30).Draw(t, "days") {
		s := opened(time.Duration(day*24+start)*time.Hour + time.Duration(rng.IntN(50))*time.Minute)
		for range 1 + rng.IntN(8) {
			s.play(rng, time.Duration(2+rng.IntN(25))*time.Minute, jitter)
			switch rng.IntN(12) {
			case 0:
				attended(s, false)
			case 1:
				s.check(max(1_000, slow), study.Wrong, true).answer(9_000, study.Passed, true)
			case 2, 3, 4:
				s.check(max(1_000, slow)+rng.Int64N(9_000), study.Passed, true)
			default:
				s.check(slow+rng.Int64N(9_000), study.Passed, false)
			}
		}
		all = append(all, s)
	}
	return all
}

func TestHonestHistoriesRaiseNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if found := judged(historyOf(honest(t)...)); len(found) > 0 {
			t.Fatalf("raised %+v", found)
		}
	})
}

// An honest month with a stretch of a program in it: the program is found, and
// the stretch named.
func TestAProgramIsFoundInAnHonestMonth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := honest(t)
		bot := opened(31*24*time.Hour).play(seeded(), time.Duration(rapid.IntRange(11, 90).Draw(t, "minutes"))*time.Minute, rapid.Int64Range(0, 1).Draw(t, "jitter"))
		found := judged(historyOf(append(all, bot)...))
		if len(found) != 1 || found[0].Kind != integrity.Metronome || len(found[0].Sessions) != 1 || found[0].Sessions[0] != bot.ID {
			t.Fatalf("found %+v", found)
		}
	})
}

func TestNoCreditIsLostBetweenTheHours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := historyOf(honest(t)...)
		for _, d := range h.Digests {
			var sum int64
			for _, ms := range d.Hours {
				sum += ms
			}
			if sum != d.CreditMS {
				t.Fatalf("the hours of a session sum up to %d, its credit is %d", sum, d.CreditMS)
			}
		}
	})
}

func TestEveryKindIsPutIntoWordsInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, kind := range integrity.Kinds {
		f := integrity.Finding{Kind: kind, Figures: integrity.Figures{Answers: 20, Fast: 4, Wrong: 15, Checks: 9, Missed: 7, Chance: 3e-5, CreditS: 61_200, LimitS: 57_600, Days: 3, Hours: 20, Limit: 5, People: 6}}
		e := f.Explain()
		for _, text := range []integrity.Text{e.Found, e.Limit, e.Doubt} {
			if text.Zh == "" || text.En == "" || strings.Contains(text.Zh+text.En, "%!") {
				t.Errorf("%s says %q", kind, text)
			}
		}
	}
}
