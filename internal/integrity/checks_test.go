package integrity_test

import (
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/study"
)

func TestChecksAreReadBackFromTheBeats(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		s    *script
		want []integrity.Check // times left out
	}{
		{"answered", opened(0).check(4_000, study.Passed, false), []integrity.Check{{Answered: true, Right: true}}},
		{"wrong, then right", opened(0).check(4_000, study.Wrong, true).answer(9_000, study.Passed, true), []integrity.Check{
			{Answered: true, Question: true}, {Answered: true, Question: true, Right: true, Again: true},
		}},
		{"wrong twice is an answer, not an absence", opened(0).check(4_000, study.Wrong, true).answer(9_000, study.Missed, true), []integrity.Check{
			{Answered: true, Question: true}, {Answered: true, Question: true, Again: true}, {Waited: true},
		}},
		{"missed, then resumed", opened(0).missed(), []integrity.Check{{}, {Answered: true, Right: true, Waited: true}}},
		{"answered after the window", opened(0).beat(15_000, study.Asked, nil).answer(500_000, study.Missed, false), []integrity.Check{{}, {Waited: true}}},
		{"answered within the longer window", opened(0).beat(15_000, study.Asked, nil).beat(100_000, study.Extended, &study.Reply{MoreTime: true}).answer(100_000, study.Missed, true), []integrity.Check{
			{Answered: true, Question: true}, {Waited: true},
		}},
		{"owed from before", opened(0).answer(60, study.Passed, false), []integrity.Check{{Answered: true, Right: true, Waited: true}}},
		{"still open at the end", opened(0).beat(15_000, study.Asked, nil), []integrity.Check{{}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := integrity.ChecksOf(tc.s.Record, tc.s.rows)
			if len(got) != len(tc.want) {
				t.Fatalf("%d checks, want %d: %+v", len(got), len(tc.want), got)
			}
			for i, c := range got {
				c.AskedSeq, c.EndedSeq, c.AskedMS, c.EndedMS = 0, 0, 0, 0
				if c != tc.want[i] {
					t.Errorf("check %d is %+v, want %+v", i, c, tc.want[i])
				}
			}
		})
	}
}

func TestCreditIsCountedInTheHoursItLiesIn(t *testing.T) {
	t.Parallel()
	d := opened(59*time.Minute).beat(120_000, study.Confirmed, nil).digest()
	first := monday.UnixMilli() / 3_600_000
	if len(d.Hours) != 2 || d.Hours[first] != 60_000 || d.Hours[first+1] != 60_000 || d.CreditMS != 120_000 {
		t.Errorf("hours %v, credit %d", d.Hours, d.CreditMS)
	}
}
