package study

import (
	"slices"
	"testing"
)

// rowsOf are beats at these moments with these credits, taken from the first free stretch of the clock.
func rowsOf(opened int64, beats ...[3]int64) (e Evidence) {
	e.OpenedMS = opened
	until := opened
	for i, b := range beats {
		from := max(until, b[0]-180_000)
		e.Rows = append(e.Rows, Row{Seq: int64(i) + 1, AtMS: b[0], CreditFromMS: from, CreditMS: b[1], Presence: Outcome(b[2])})
		until = from + b[1]
	}
	return e
}

func TestCreditIsDrawnWhereItWasPlayed(t *testing.T) {
	t.Parallel()
	const w, p, m = int64(Waiting), int64(Passed), int64(Missed)
	for _, tc := range []struct {
		name string
		e    Evidence
		want []Stretch
		late []int64 // sequences
	}{
		{"nothing", rowsOf(0), nil, nil},
		{"beat after beat is one stretch", rowsOf(0, [3]int64{15_000, 15_000, w}, [3]int64{30_000, 14_900, p}), []Stretch{{0, 30_000, FateConfirmed}}, nil},
		{"a pause is seen, though the clock before it is used first", rowsOf(0, [3]int64{15_000, 15_000, p}, [3]int64{75_000, 15_000, p}), []Stretch{{0, 15_000, FateConfirmed}, {60_000, 75_000, FateConfirmed}}, nil},
		{"beats that catch up do not lie upon each other", rowsOf(0, [3]int64{60_000, 15_000, w}, [3]int64{60_100, 15_000, w}, [3]int64{60_200, 15_000, p}), []Stretch{{15_200, 60_200, FateConfirmed}}, []int64{2, 3}},
		{"what is lost lies apart", rowsOf(0, [3]int64{15_000, 15_000, p}, [3]int64{30_000, 15_000, w}, [3]int64{45_000, 15_000, m}, [3]int64{60_000, 15_000, w}), []Stretch{{0, 15_000, FateConfirmed}, {15_000, 45_000, FateForfeited}, {45_000, 60_000, FateWaiting}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.e.Timeline(); !slices.Equal(got, tc.want) {
				t.Errorf("drawn %v, want %v", got, tc.want)
			}
			var late []int64
			for i, is := range tc.e.Late() {
				if is {
					late = append(late, tc.e.Rows[i].Seq)
				}
			}
			if !slices.Equal(late, tc.late) {
				t.Errorf("late %v, want %v", late, tc.late)
			}
		})
	}
}
