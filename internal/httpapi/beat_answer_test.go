package httpapi

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
)

// What is written by hand is what the description of the API says, field by field.
func TestABeatIsAnsweredAsItsTypeIsWritten(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 1))
	for range 300 {
		a := engine.Answer{Token: "abc-_", State: study.State{
			Seq: rng.Int64N(1000), VerifiedMS: rng.Int64N(1e7), PendingMS: rng.Int64N(1e6), ForfeitedMS: rng.Int64N(1e6),
			Completed: rng.IntN(2) == 0, Outcome: study.Outcome(rng.IntN(8)), Covered: someBits(rng), Pending: someBits(rng),
		}}
		if rng.IntN(2) == 0 {
			a.Check.Check = study.Check{ID: study.CheckID{1}, ByMS: rng.Int64N(2) * 1_700_000_000_000, Seq: 3}
			a.Check.Text = "<\"1 & 2\u2028>"
			a.Check.Choices = []string{"一", "</script>"}[:rng.IntN(3)]
		}
		want, err := json.Marshal(BeatAnswer{a.Token, a.State.Seq, figuresOf(&a.State), presenceOf(a.Check), outcomeNames[a.State.Outcome]})
		if err != nil {
			t.Fatal(err)
		}
		got, err := appendBeatAnswer(nil, &a)
		if err != nil || string(got) != string(want) {
			t.Fatalf("written as\n%s\nwant\n%s\n%v", got, want, err)
		}
	}
}

// someBits are runs of full, empty and mixed bytes.
func someBits(rng *rand.Rand) (b study.Bits) {
	for range rng.IntN(6) {
		x := []byte{0, 0xff, byte(rng.Uint32())}[rng.IntN(3)]
		for range rng.IntN(4) {
			b = append(b, x)
		}
	}
	return b
}
