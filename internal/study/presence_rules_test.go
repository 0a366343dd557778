package study_test

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/study"
)

// Whatever is reported and answered, by however many sessions: nothing is
// confirmed without a passed check, what is missed costs what was pending and
// nothing else, and the evidence leads to the same figures again.
func TestNoHistoryConfirmsWithoutPassing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWatcher(t, rapid.Int64Range(30_000, 900_000).Draw(rt, "duration"))
		w.t = t
		w.p.ChecksPerHour = rapid.IntRange(1, 30).Draw(rt, "checks an hour")
		w.p.CheckGap = time.Duration(rapid.IntRange(1, 120).Draw(rt, "gap")) * time.Second
		var rows []study.Row
		var credited int64
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			before := w.s
			v := w.anything(rt)
			if v != study.Accepted || before.Fence != w.s.Fence {
				continue
			}
			credited += w.s.CreditMS
			holdToTheRules(rt, before, w.s)
			if w.s.VerifiedMS+w.s.PendingMS+w.s.ForfeitedMS != credited {
				rt.Fatalf("%s of %d ms credited", w.figures(), credited)
			}
			if row, any := w.s.LastRow(study.Meta{}); any {
				rows = append(rows, row)
			}
		}
		replayed := study.State{DurationMS: w.s.DurationMS, WindowMS: w.s.WindowMS}
		for _, r := range rows {
			if err := replayed.Replay(r); err != nil {
				rt.Fatal(err)
			}
		}
		sum := func(s study.State) []any {
			return []any{s.VerifiedMS, s.PendingMS, s.ForfeitedMS, s.CoveredS, s.PendingS, s.Covered.Intervals(), s.Pending.Intervals(), s.Check.ID, s.Check.Wrong, s.Check.Extended}
		}
		if got, want := sum(replayed), sum(w.s); !reflect.DeepEqual(got, want) {
			rt.Fatalf("the evidence leads to %v, the rules to %v", got, want)
		}
	})
}

func (w *watcher) anything(rt *rapid.T) study.Verdict {
	w.luck = rapid.Uint32Range(0, unlucky).Draw(rt, "luck")
	passed := time.Duration(rapid.IntRange(0, 200).Draw(rt, "passed")) * time.Second
	played := min(passed, time.Duration(w.s.DurationMS)*time.Millisecond) * time.Duration(rapid.IntRange(0, 1).Draw(rt, "plays"))
	r := &study.Reply{ID: w.s.Check.ID}
	switch rapid.IntRange(0, 9).Draw(rt, "step") {
	case 0:
		w.reopen(passed)
		return study.Accepted
	case 1, 2:
		r.Right = true
	case 3, 4:
	case 5:
		r.MoreTime = true
	case 6:
		r.ID, r.Right = study.CheckID{1}, true
	default:
		r = nil
	}
	return w.report(passed, played, r)
}

func holdToTheRules(rt *rapid.T, before, after study.State) {
	pending := before.PendingMS + after.CreditMS
	switch after.Outcome {
	case study.Passed:
		if !before.Check.Open() || after.Check.Open() || after.VerifiedMS != before.VerifiedMS+pending || after.UncheckedMS != 0 {
			rt.Fatalf("passed: %+v became %+v", before, after)
		}
	case study.Finished:
		if before.Check.Open() || before.Completed || !after.Completed || after.VerifiedMS != before.VerifiedMS+pending {
			rt.Fatalf("finished: %+v became %+v", before, after)
		}
	case study.Missed:
		if !after.Check.Paused() || after.VerifiedMS != before.VerifiedMS || after.ForfeitedMS != before.ForfeitedMS+pending || after.PendingMS != 0 {
			rt.Fatalf("missed: %+v became %+v", before, after)
		}
	default:
		if after.VerifiedMS != before.VerifiedMS || after.PendingMS != pending || after.ForfeitedMS != before.ForfeitedMS {
			rt.Fatalf("outcome %d: %+v became %+v", after.Outcome, before, after)
		}
	}
	if after.Check.Open() && after.Completed && !before.Completed {
		rt.Fatalf("completed with an open check: %+v", after)
	}
	if before.Check.Extended && after.Outcome == study.Extended {
		rt.Fatal("more time was given twice")
	}
}

// Over a thousand checks, one after the other: three a credit hour on average,
// no two within two minutes of study, none later than twice the mean.
func TestChecksComeAsOftenAsThePolicySays(t *testing.T) {
	t.Parallel()
	const beat, checks = 15 * time.Second, 4000
	w := newWatcher(t, 300_000)
	rng := rand.New(rand.NewPCG(20261124, 3))
	var sum time.Duration
	for range checks {
		var since time.Duration
		for !w.s.Check.Open() {
			w.luck = rng.Uint32N(1 << 24)
			w.play(beat)
			since += beat
		}
		if since <= w.p.CheckGap || since > 30*time.Minute+beat {
			t.Fatalf("a check came after %s of study", since)
		}
		sum += since
		w.must(w.answer(true))
	}
	// Of 4,000 the mean lies within 1 % (one standard deviation) of what the rule comes to.
	if mean := (sum / checks).Seconds(); mean < 900*0.97 || mean > 900*1.03 {
		t.Errorf("a check comes after %.0f s on average, want 900", mean)
	}
}

// Whoever answers every check by throwing dice keeps what the odds of two
// throws give, and loses the rest.
func TestGuessingKeepsNoMoreThanTheOddsOfTwoThrows(t *testing.T) {
	t.Parallel()
	questions := []study.Question{{Prompt: "?", Choices: []string{"a", "b", "c", "d"}, Right: 0b0100}}
	for _, tc := range []struct {
		name string
		all  []study.Question
		most float64
	}{
		// Half of the checks only ask whether somebody is there; of the others a
		// throw passes one of four, and a second one follows: 1 - 1/2 × 3/4 × 3/4.
		{"a lesson with questions of four choices", questions, 0.71875},
		{"a lesson without", nil, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWatcher(t, 300_000)
			rng := rand.New(rand.NewPCG(20261124, 4))
			for range 4000 {
				w.asked()
				for w.s.Check.Open() {
					p := w.s.Check.ID.Prompt(tc.all)
					mask := uint16(1) << rng.IntN(4)
					w.must(w.report(0, 0, &study.Reply{ID: w.s.Check.ID, Mask: mask, Right: p.Accepts(mask)}))
				}
			}
			share := float64(w.s.VerifiedMS) / float64(w.s.VerifiedMS+w.s.ForfeitedMS)
			if share > tc.most+0.025 || share < tc.most-0.025 {
				t.Errorf("%.3f was kept, want %.3f", share, tc.most)
			}
		})
	}
}
