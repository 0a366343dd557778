package engine_test

import (
	"bytes"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/study"
)

// What a session of the past is asked must not give back the clock that the
// open one has used: neither when Redis has lost that session, nor the person as well.
func TestASessionOfThePastDoesNotTurnTheClockBack(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]string{"its state is lost": "hgs*", "the person is lost": "hgp*", "all is lost": "hg*"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := build(t, 120_000)
			first := h.mustOpen(0)
			first.mustPlay(5000)
			gone, err := h.redis.Keys(t.Context(), lost).Result()
			if err != nil {
				t.Fatal(err)
			}
			second, err := h.open(0, true)
			if err != nil {
				t.Fatal(err)
			}
			second.mustPlay(15_000)
			if n, err := h.redis.Del(t.Context(), gone...).Result(); err != nil || n != int64(len(gone)) {
				t.Fatalf("%d of %d keys were there (%v)", n, len(gone), err)
			}
			first.last = study.Report{Token: first.token, Seq: first.seq, State: study.Paused}
			if _, err := first.send(); codeOf(err) != "session-closed" && codeOf(err) != "fenced" {
				t.Fatalf("the first went on: %v", err)
			}
			second.at = 0
			if err := second.fetch(0, 12_000); err != nil {
				t.Fatal(err)
			}
			second.last = study.Report{Token: second.token, Seq: second.seq, State: study.Playing, Spans: []study.Span{{FromMS: 0, ToMS: 10_000, Rate: 100}}}
			if _, err := second.send(); codeOf(err) != "too-fast" {
				t.Errorf("10 s of a clock that is used up: %v", err)
			}
			h.expect(h.people[0], 20_000, 20, 2)
		})
	}
}

// The last beat of a session that ended long ago is still answered as it was,
// though others went on in the lesson and Redis knows nothing of it any more.
func TestALateRetryIsAnsweredAsOfItsBeat(t *testing.T) {
	t.Parallel()
	h := build(t, 120_000)
	zeroth := h.mustOpen(0)
	zeroth.mustPlay(4500)
	first, err := h.open(0, true)
	if err != nil {
		t.Fatal(err)
	}
	want := first.mustPlay(5250)
	second, err := h.open(0, true)
	if err != nil {
		t.Fatal(err)
	}
	for range 9 {
		second.mustPlay(6000)
	}
	h.wipe()
	got, err := first.send()
	if err != nil || got.Token != want.Token || got.State.VerifiedMS != 9750 || !bytes.Equal(got.State.Covered, want.State.Covered) || got.State.ResumeMS != want.State.ResumeMS {
		t.Errorf("%d ms and %v covered, not %d and %v (%v)", got.State.VerifiedMS, got.State.Covered, want.State.VerifiedMS, want.State.Covered, err)
	}
	h.expect(h.people[0], 63_750, 63, 11)
}
