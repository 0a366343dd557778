package main_test

import (
	"encoding/json"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/bench"
)

// How fast is for the bench to say; that it measures what it says is for here:
// it compares every acknowledged beat with PostgreSQL itself.
func TestTheBenchMeasuresAcknowledgedBeats(t *testing.T) {
	t.Parallel()
	var r bench.StudyReport
	said := run(t, nil, "", "bench", "study", "--json", "--rounds=1", "--round=300ms", "--learners=40", "--sizes=20", "--conns=4")
	if err := json.Unmarshal([]byte(said), &r); err != nil {
		t.Fatalf("%q: %v", said, err)
	}
	for name, value := range map[string]float64{
		"bare_fiber_rps": r.BareFiberRPS, "beats_rps": r.BeatsRPS, "beats_ratio": r.BeatsRatio, "beats_p50_ms": r.BeatsP50MS, "beats_p99_ms": r.BeatsP99MS,
		"redis_bytes_per_session": r.RedisBytesPerSession, "evidence_bytes_per_beat": r.EvidenceBytesPerBeat, "evidence_bytes_per_session": r.EvidenceBytesPerSession, "beats": float64(r.Beats),
		"segments_ratio_500k": r.SegmentsRatio500k, "segments_ratio_4m": r.SegmentsRatio4m,
		"redis_emptied_recovery_ms": r.EmptiedRecoveryMS, "redis_emptied_longest_ms": r.EmptiedLongestMS, "beats_flatness": r.Flatness,
		"bare_cpu.load_us": r.BareCPU.Load, "beat_cpu.load_us": r.BeatCPU.Load,
	} {
		if value <= 0 {
			t.Errorf("%s is %v", name, value)
		}
	}
	if len(r.Sizes) != 2 || r.Sizes[0].Sessions != 20 || r.Sizes[0].BeatsRPS <= 0 || r.Sizes[1].Sessions != 40 {
		t.Errorf("by the number of open sessions: %+v", r.Sizes)
	}
}
