package main_test

import (
	"encoding/json"
	"testing"
)

// How fast is for the bench to say; that it measures what it says is for here:
// it compares every acknowledged beat with PostgreSQL itself.
func TestTheBenchMeasuresAcknowledgedBeats(t *testing.T) {
	t.Parallel()
	var r map[string]float64
	said := run(t, nil, "", "bench", "study", "--json", "--rounds=1", "--round=300ms", "--learners=40", "--conns=4")
	if err := json.Unmarshal([]byte(said), &r); err != nil {
		t.Fatalf("%q: %v", said, err)
	}
	for _, name := range []string{"bare_fiber_rps", "beats_rps", "beats_ratio", "beats_p50_ms", "beats_p99_ms", "redis_bytes_per_session", "evidence_bytes_per_beat", "beats"} {
		if r[name] <= 0 {
			t.Errorf("%s is %v", name, r[name])
		}
	}
}
