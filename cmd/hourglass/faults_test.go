package main_test

import (
	"encoding/json"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/faults"
)

// Fifty times something is killed, emptied, stalled or cut off while people
// study; a thousand times is `make faults`.
func TestFiftyFaultsLoseNothingAndDoubleNothing(t *testing.T) {
	t.Parallel()
	var r faults.Report
	if err := json.Unmarshal([]byte(run(t, nil, "", "faults", "--seed", "1", "--faults", "50", "--learners", "24", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Faults != 50 || r.LostS != 0 || r.TwiceS != 0 || len(r.Breaches) != 0 {
		t.Errorf("%+v", r)
	}
	// It would prove nothing had nobody studied, taken over, answered, completed, or had some kind of fault not come.
	if len(r.Kinds) < 11 || r.Acknowledged < 50*10 || r.CreditedS < 100 || r.Completed == 0 || r.TakenOver == 0 || r.Checks == 0 || r.Reopened == 0 {
		t.Errorf("too little happened: %+v", r)
	}
}
