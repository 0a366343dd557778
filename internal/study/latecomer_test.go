package study_test

import (
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/study"
)

// cutOff is somebody who was asked in an answer that was lost, and hears of it
// when the window is over and the grace is not.
func cutOff(p study.Policy) (*study.Person, *study.State, study.CheckID) {
	person := &study.Person{Fence: 1}
	s := &study.State{Fence: 1, DurationMS: 600_000, NeedS: 570, WindowMS: p.CheckWindow.Milliseconds()}
	id := study.CheckID{1}
	s.Seq, s.LastMS, s.PendingMS = 1, 0, 20_000
	s.Check = study.Check{ID: id, ByMS: s.WindowMS, Seq: 1}
	return person, s, id
}

func TestWhoWasCutOffHasAWholeWindowMore(t *testing.T) {
	t.Parallel()
	p := study.Policy{ChecksPerHour: 3, CheckWindow: 30 * time.Second}.OrDefaults()
	for name, tc := range map[string]struct {
		after int64 // ms between more time and the answer
		want  study.Outcome
	}{
		"who answers within it has passed":          {30_000, study.Passed},
		"who answers after it has missed the check": {30_001, study.Missed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			person, s, id := cutOff(p)
			claim := study.Claim{Playhead: -1}
			back := int64(120_000)
			if v := study.Judge(p, person, s, study.Beat{Seq: 2, Claim: claim, Reply: &study.Reply{ID: id, MoreTime: true}}, back); v != study.Accepted || s.Outcome != study.Extended {
				t.Fatalf("more time: verdict %d, outcome %d", v, s.Outcome)
			}
			if v := study.Judge(p, person, s, study.Beat{Seq: 3, Claim: claim, Reply: &study.Reply{ID: id, Right: true}}, back+tc.after); v != study.Accepted || s.Outcome != tc.want {
				t.Errorf("verdict %d, outcome %d, want %d", v, s.Outcome, tc.want)
			}
		})
	}
}

func TestAMissedCheckTakesThePieceOfASecondAsWell(t *testing.T) {
	t.Parallel()
	p := study.Policy{ChecksPerHour: 3, CheckWindow: 30 * time.Second}.OrDefaults()
	person, s, _ := cutOff(p)
	s.Delivered = study.Bits{255, 255}
	m := study.Meta{DurationMS: s.DurationMS}
	step := func(nowMS int64, spans []study.Span, reply *study.Reply) {
		t.Helper()
		claim, err := study.NewClaim(study.Report{Spans: spans}, m, p)
		if err != nil {
			t.Fatal(err)
		}
		if v := study.Judge(p, person, s, study.Beat{Seq: s.Seq + 1, Claim: claim, Reply: reply}, nowMS); v != study.Accepted {
			t.Fatalf("verdict %d", v)
		}
	}
	step(200_000, []study.Span{{FromMS: 0, ToMS: 10_700, Rate: 100}}, nil)
	if s.Outcome != study.Missed {
		t.Fatalf("outcome %d", s.Outcome)
	}
	step(201_000, nil, &study.Reply{ID: s.Check.ID, Right: true})
	step(220_000, []study.Span{{FromMS: 10_700, ToMS: 14_000, Rate: 100}}, nil)
	if s.Pending.Has(10) || !s.Pending.Has(11) {
		t.Errorf("seconds %v are pending; of the tenth only a piece was played since", s.Pending.Intervals())
	}
}
