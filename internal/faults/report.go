package faults

import (
	"slices"
	"time"
)

// Report is what came of it.
type Report struct {
	Seed   uint64         `json:"seed"`
	Faults int            `json:"faults"` // blows
	Kinds  map[string]int `json:"kinds"`  // single faults
	Counts
	Acknowledged int     `json:"acknowledged"` // beats
	CreditedS    float64 `json:"credited_s"`
	Completed    int     `json:"completed"` // lessons, each in the register once
	LostS        float64 `json:"lost_s"`
	TwiceS       float64 `json:"twice_s"`
	// From a blow until ten beats sent after it was undone were acknowledged.
	RecoveryMedianMS int64    `json:"recovery_median_ms"`
	RecoveryP99MS    int64    `json:"recovery_p99_ms"`
	RecoveryMostMS   int64    `json:"recovery_most_ms"`
	Seconds          float64  `json:"seconds"`
	Breaches         []Breach `json:"breaches"`
}

func (r *run) report(v verdict) Report {
	out := Report{
		Seed: r.o.Seed, Faults: r.struck, Kinds: r.kinds, Counts: r.j.counts, Acknowledged: len(r.j.told), Completed: len(r.j.completed),
		LostS: float64(v.lostMS) / 1000, TwiceS: float64(v.twiceMS) / 1000, Seconds: time.Since(r.began).Seconds(), Breaches: r.j.breaches,
	}
	for _, x := range v.rows {
		out.CreditedS += float64(x.Credit) / 1000
	}
	if n := len(r.recoveries); n > 0 {
		slices.Sort(r.recoveries)
		out.RecoveryMedianMS, out.RecoveryP99MS, out.RecoveryMostMS = r.recoveries[n/2].Milliseconds(), r.recoveries[n*99/100].Milliseconds(), r.recoveries[n-1].Milliseconds()
	}
	return out
}
