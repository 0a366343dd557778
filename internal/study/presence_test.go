package study_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/study"
)

const (
	lucky   = 0         // a check is asked as soon as it may be
	unlucky = 1<<24 - 1 // only when it must be
)

// watcher watches a lesson from its beginning and may be asked.
type watcher struct {
	*bench
	luck uint32
}

func newWatcher(t testing.TB, durationMS int64) *watcher {
	w := &watcher{bench: newBench(t, durationMS), luck: unlucky}
	w.p.ChecksPerHour = 3
	return w
}

// report lets so much time pass and claims that much of it, with a reply.
func (w *watcher) report(passed, played time.Duration, r *study.Reply) study.Verdict {
	w.t.Helper()
	w.now += passed.Milliseconds()
	var spans []study.Span
	if at := w.s.ResumeMS; played > 0 {
		to := at + played.Milliseconds()
		if to > w.s.DurationMS { // once more from the beginning
			at, to = 0, played.Milliseconds()
		}
		w.deliver(at, to)
		spans = []study.Span{{FromMS: at, ToMS: to, Rate: 100}}
	}
	report := study.Report{State: study.Playing, Visible: true, Spans: spans, Reply: r}
	claim, err := study.NewClaim(report, study.Meta{DurationMS: w.s.DurationMS}, w.p)
	if err != nil {
		w.t.Fatal(err)
	}
	b := study.Beat{Seq: w.s.Seq + 1, Chain: w.s.Chain, Claim: claim, Needs: needsOf(claim), Reply: r, Luck: w.luck, Report: study.PackReport(report)}
	b.Next = study.Link(b.Chain, w.session, b.Seq, w.now, b.Report)
	return study.Judge(w.p, &w.person, &w.s, b, w.now)
}

func (w *watcher) must(v study.Verdict) {
	w.t.Helper()
	if v != study.Accepted {
		w.t.Fatalf("an honest beat came to verdict %d", v)
	}
}

func (w *watcher) play(d time.Duration) { w.t.Helper(); w.must(w.report(d, d, nil)) }

// asked plays until there is a check: three minutes.
func (w *watcher) asked() {
	w.t.Helper()
	w.play(2 * time.Minute)
	w.luck = lucky
	w.play(time.Minute)
	w.luck = unlucky
	if w.s.Outcome != study.Asked || !w.s.Check.Open() {
		w.t.Fatalf("no check was asked: %+v", w.s)
	}
}

// answer replies a moment after the last beat.
func (w *watcher) answer(right bool) study.Verdict {
	w.t.Helper()
	return w.report(0, 0, &study.Reply{ID: w.s.Check.ID, Right: right})
}

func (w *watcher) moreTime() study.Verdict {
	w.t.Helper()
	return w.report(0, 0, &study.Reply{ID: w.s.Check.ID, MoreTime: true})
}

// figures are what the lesson came to, and what stands open.
func (w *watcher) figures() string {
	open := "no check"
	switch {
	case w.s.Check.Paused():
		open = "paused"
	case w.s.Check.Open():
		open = fmt.Sprintf("%ds left", (w.s.Check.ByMS-w.now)/1000)
	}
	return fmt.Sprintf("verified %d, pending %d, forfeited %d, %s", w.s.VerifiedMS/1000, w.s.PendingMS/1000, w.s.ForfeitedMS/1000, open)
}

func TestPresence(t *testing.T) {
	t.Parallel()
	const minute = time.Minute
	for _, tc := range []struct {
		name string
		do   func(w *watcher)
		want string
	}{
		{"where nobody is asked, credit is for good at once", func(w *watcher) { w.p.ChecksPerHour = 0; w.play(minute) }, "verified 60, pending 0, forfeited 0, no check"},
		{"credit waits for a check", func(w *watcher) { w.play(minute) }, "verified 0, pending 60, forfeited 0, no check"},
		{"nobody is asked within two minutes, whatever the luck", func(w *watcher) { w.luck = lucky; w.play(minute); w.play(minute) }, "verified 0, pending 120, forfeited 0, no check"},
		{"somebody is asked at twice the mean, whatever the luck", func(w *watcher) {
			for range 15 {
				w.play(2 * minute)
			}
		}, "verified 0, pending 1800, forfeited 0, 120s left"},
		{"study goes on while a check is open", func(w *watcher) { w.asked(); w.play(minute) }, "verified 0, pending 240, forfeited 0, 60s left"},
		{"passing confirms all that is pending", func(w *watcher) { w.asked(); w.must(w.answer(true)) }, "verified 180, pending 0, forfeited 0, no check"},
		{"the answer's own beat is confirmed with it", func(w *watcher) {
			w.asked()
			w.must(w.report(minute, minute, &study.Reply{ID: w.s.Check.ID, Right: true}))
		}, "verified 240, pending 0, forfeited 0, no check"},
		{"a check without an answer takes what is pending", func(w *watcher) { w.asked(); w.play(minute); w.play(61 * time.Second) }, "verified 0, pending 0, forfeited 301, paused"},
		{"what was confirmed before is safe", func(w *watcher) {
			w.asked()
			w.must(w.answer(true))
			w.asked()
			w.play(minute)
			w.play(61 * time.Second)
		}, "verified 180, pending 0, forfeited 301, paused"},
		{"an answer at the last moment passes", func(w *watcher) {
			w.asked()
			w.play(minute)
			w.must(w.report(minute, 0, &study.Reply{ID: w.s.Check.ID, Right: true}))
		}, "verified 240, pending 0, forfeited 0, no check"},
		{"an answer a moment later does not, by the server's clock", func(w *watcher) {
			w.asked()
			w.play(minute)
			w.must(w.report(minute+time.Millisecond, 0, &study.Reply{ID: w.s.Check.ID, Right: true}))
		}, "verified 0, pending 0, forfeited 240, paused"},
		{"a wrong answer is another question within the same time", func(w *watcher) { w.asked(); w.play(minute); w.must(w.answer(false)) }, "verified 0, pending 240, forfeited 0, 60s left"},
		{"right at the second try passes", func(w *watcher) { w.asked(); w.must(w.answer(false)); w.must(w.answer(true)) }, "verified 180, pending 0, forfeited 0, no check"},
		{"wrong twice is missed", func(w *watcher) { w.asked(); w.must(w.answer(false)); w.must(w.answer(false)) }, "verified 0, pending 0, forfeited 180, paused"},
		{"more time doubles the window", func(w *watcher) { w.asked(); w.must(w.moreTime()) }, "verified 0, pending 180, forfeited 0, 240s left"},
		{"more time is given once", func(w *watcher) { w.asked(); w.must(w.moreTime()); w.must(w.moreTime()) }, "verified 0, pending 180, forfeited 0, 240s left"},
		{"a wrong answer brings no more time back", func(w *watcher) {
			w.asked()
			w.must(w.moreTime())
			w.must(w.answer(false))
			w.must(w.moreTime())
		}, "verified 0, pending 180, forfeited 0, 240s left"},
		{"more time after the time is too late", func(w *watcher) {
			w.asked()
			w.play(minute)
			w.must(w.report(61*time.Second, 0, &study.Reply{ID: w.s.Check.ID, MoreTime: true}))
		}, "verified 0, pending 0, forfeited 240, paused"},
		{"a longer window is a person's own", func(w *watcher) { w.s.WindowMS = 600_000; w.asked() }, "verified 0, pending 180, forfeited 0, 600s left"},
		{"who was cut off ever since has the lease's grace", func(w *watcher) {
			w.asked()
			w.must(w.report(3*minute, 3*minute, &study.Reply{ID: w.s.Check.ID, Right: true}))
		}, "verified 360, pending 0, forfeited 0, no check"},
		{"but not longer", func(w *watcher) {
			w.asked()
			w.must(w.report(3*minute+time.Millisecond, 0, &study.Reply{ID: w.s.Check.ID, Right: true}))
		}, "verified 0, pending 0, forfeited 180, paused"},
		{"nor who was heard of meanwhile", func(w *watcher) {
			w.asked()
			w.play(time.Second)
			w.must(w.report(2*minute, 0, &study.Reply{ID: w.s.Check.ID, Right: true}))
		}, "verified 0, pending 0, forfeited 181, paused"},
		{"whoever is back goes on from nothing", func(w *watcher) {
			w.asked()
			w.play(time.Second)
			w.play(2 * minute)
			w.must(w.answer(true))
			w.play(minute)
		}, "verified 0, pending 60, forfeited 301, no check"},
		{"who was cut off and comes back with a beat of before has a whole window more", func(w *watcher) {
			w.asked()
			w.play(3*minute - time.Second)
			w.must(w.report(2*minute, 0, &study.Reply{ID: w.s.Check.ID, Right: true}))
		}, "verified 359, pending 0, forfeited 0, no check"},
		{"but not two of them", func(w *watcher) {
			w.asked()
			w.play(3*minute - time.Second)
			w.play(minute)
			w.must(w.report(minute+time.Millisecond, 0, &study.Reply{ID: w.s.Check.ID, Right: true}))
		}, "verified 0, pending 0, forfeited 419, paused"},
		{"who was cut off and then answers wrongly has a whole window for the next question", func(w *watcher) {
			w.asked()
			w.must(w.report(3*minute-time.Second, 0, &study.Reply{ID: w.s.Check.ID}))
			w.must(w.report(2*minute, 0, &study.Reply{ID: w.s.Check.ID, Right: true}))
		}, "verified 180, pending 0, forfeited 0, no check"},
		{"a session that ended owes its check to the next", func(w *watcher) {
			w.asked()
			w.reopen(time.Hour)
		}, "verified 0, pending 180, forfeited 0, 120s left"},
		{"and pays it there", func(w *watcher) {
			w.asked()
			w.reopen(time.Hour)
			w.must(w.answer(true))
		}, "verified 180, pending 0, forfeited 0, no check"},
		{"a pause outlives the session", func(w *watcher) {
			w.asked()
			w.must(w.answer(false))
			w.must(w.answer(false))
			w.reopen(time.Hour)
		}, "verified 0, pending 0, forfeited 180, paused"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWatcher(t, 3_600_000)
			tc.do(w)
			if got := w.figures(); got != tc.want {
				t.Errorf("%s; want %s", got, tc.want)
			}
		})
	}
}

// reopen ends the session and opens the next one of the lesson later.
func (w *watcher) reopen(later time.Duration) {
	w.now += later.Milliseconds()
	w.person.Fence++
	s := w.s
	w.s = study.State{
		Fence: w.person.Fence, OpenedMS: w.now, LastMS: w.now, DurationMS: s.DurationMS, NeedS: s.NeedS, WindowMS: s.WindowMS, Chain: study.NewChain(), Completed: s.Completed,
		VerifiedMS: s.VerifiedMS, PendingMS: s.PendingMS, ForfeitedMS: s.ForfeitedMS, UncheckedMS: s.UncheckedMS, CoveredS: s.CoveredS, PendingS: s.PendingS,
		Covered: s.Covered, Pending: s.Pending, Part: s.Part, ResumeMS: s.ResumeMS, Check: s.Check,
	}
	w.s.Rearm()
}

func TestWhatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	paused := func(w *watcher) study.CheckID {
		w.asked()
		w.must(w.answer(false))
		w.must(w.answer(false))
		return w.s.Check.ID
	}
	for _, tc := range []struct {
		name   string
		before func(w *watcher) study.CheckID // what is answered
		played time.Duration
		want   study.Verdict
	}{
		{"nothing was asked", func(*watcher) study.CheckID { return study.CheckID{1} }, 0, study.UnknownCheck},
		{"another check was asked", func(w *watcher) study.CheckID {
			w.asked()
			id := w.s.Check.ID
			id[5] ^= 1
			return id
		}, 0, study.UnknownCheck},
		{"the check was answered before", func(w *watcher) study.CheckID {
			w.asked()
			id := w.s.Check.ID
			w.must(w.answer(true))
			w.asked()
			return id
		}, 0, study.UnknownCheck},
		{"it was changed for another after a wrong answer", func(w *watcher) study.CheckID {
			w.asked()
			id := w.s.Check.ID
			w.must(w.answer(false))
			return id
		}, 0, study.UnknownCheck},
		{"study is paused, and something is claimed with the answer", paused, time.Minute, study.CheckFirst},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWatcher(t, 3_600_000)
			r := &study.Reply{ID: tc.before(w), Right: true}
			state := func() study.State { s := w.s; s.Delivered, s.DeliveredMS = nil, 0; return s }
			before, person := state(), w.person
			if got := w.report(tc.played, tc.played, r); got != tc.want {
				t.Errorf("verdict %d, want %d", got, tc.want)
			}
			if after := state(); !reflect.DeepEqual(before, after) || person != w.person {
				t.Errorf("%+v became %+v", before, after)
			}
		})
	}
}

func TestWhileStudyIsPausedNothingIsCredited(t *testing.T) {
	t.Parallel()
	w := newWatcher(t, 3_600_000)
	w.asked()
	w.must(w.answer(false))
	w.must(w.answer(false))
	if v := w.report(time.Minute, time.Minute, nil); v != study.CheckFirst {
		t.Errorf("a claim came to verdict %d", v)
	}
	w.must(w.report(time.Hour, 0, nil)) // a beat without one keeps the lease
	if got := w.figures(); got != "verified 0, pending 0, forfeited 180, paused" {
		t.Error(got)
	}
}

func TestCompletionAndPresence(t *testing.T) {
	t.Parallel()
	t.Run("nothing is left to ask about: it completes and confirms", func(t *testing.T) {
		t.Parallel()
		w := newWatcher(t, 100_000)
		w.play(100 * time.Second)
		if w.s.Outcome != study.Finished || !w.s.Completed || w.s.VerifiedMS != 100_000 || w.s.PendingMS != 0 {
			t.Errorf("outcome %d, %s", w.s.Outcome, w.figures())
		}
		if w.s.UncheckedMS != 100_000 {
			t.Errorf("%d ms are unchecked: a row of short lessons would never be asked about", w.s.UncheckedMS)
		}
	})
	t.Run("an open check is waited for", func(t *testing.T) {
		t.Parallel()
		w := newWatcher(t, 240_000)
		w.asked()
		w.play(time.Minute)
		if w.s.Completed || w.s.VerifiedMS != 0 {
			t.Fatalf("it was completed with an open check: %s", w.figures())
		}
		w.must(w.answer(true))
		if !w.s.Completed || w.s.CompletedSeq != w.s.Seq || w.s.VerifiedMS != 240_000 {
			t.Errorf("the answer did not complete it: %s", w.figures())
		}
	})
	t.Run("a missed check costs the completion", func(t *testing.T) {
		t.Parallel()
		w := newWatcher(t, 240_000)
		w.asked()
		w.play(time.Minute)
		w.must(w.answer(false))
		w.must(w.answer(false))
		w.must(w.answer(true))
		if w.s.Completed || w.s.CoveredS != 0 || w.s.Covered.Count() != 0 {
			t.Errorf("completed %t with %d s: %s", w.s.Completed, w.s.CoveredS, w.figures())
		}
		for range 4 {
			w.play(time.Minute)
		}
		if !w.s.Completed || w.s.VerifiedMS != 240_000 || w.s.ForfeitedMS != 240_000 {
			t.Errorf("gone through again: %s", w.figures())
		}
	})
}
