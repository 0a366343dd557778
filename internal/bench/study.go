// Package bench measures the product on this machine, as ratios within one
// run: the server, the load, Redis and PostgreSQL share its processors, and
// what is compared is measured in turn, round by round.
package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// StudyOptions say how long and how wide to measure.
type StudyOptions struct {
	Rounds   int           // of each kind; at least 7 for a figure worth telling
	Round    time.Duration // length of one
	Learners int           // open sessions
	Conns    int           // connections of the load
	Sizes    []int         // further numbers of open sessions to measure with; nil: none
	Parts    []string      // of "beats" and "segments"; nil: both
	Log      io.Writer     // progress; nil: none
}

// Rate is what came out of rounds in turn. Rates are medians over the rounds.
type Rate struct {
	BareFiberRPS float64 `json:"bare_fiber_rps"`
	BeatsRPS     float64 `json:"beats_rps"`
	BeatsRatio   float64 `json:"beats_ratio"`
	BareCPU      CPU     `json:"bare_cpu"` // by the request
	BeatCPU      CPU     `json:"beat_cpu"` // by the beat
}

// SizeReport is how fast beats are with so many open sessions.
type SizeReport struct {
	Sessions int `json:"sessions"`
	Rate
	RedisBytesPerSession float64 `json:"redis_bytes_per_session"`
}

// StudyReport is what came out.
type StudyReport struct {
	Rate
	BeatsP50MS           float64 `json:"beats_p50_ms"` // at half the rate of beats_rps
	BeatsP99MS           float64 `json:"beats_p99_ms"`
	FullP50MS            float64 `json:"beats_full_p50_ms"` // at beats_rps itself
	FullP99MS            float64 `json:"beats_full_p99_ms"`
	RedisBytesPerSession float64 `json:"redis_bytes_per_session"`
	EvidenceBytesPerBeat float64 `json:"evidence_bytes_per_beat"` // table and index
	// EvidenceBytesPerSession is of an hour's session, compacted: table and index.
	EvidenceBytesPerSession float64         `json:"evidence_bytes_per_session"`
	EmptiedRecoveryMS       float64         `json:"redis_emptied_recovery_ms"` // until a beat sent after Redis was emptied was acknowledged
	EmptiedLongestMS        float64         `json:"redis_emptied_longest_ms"`  // the longest that any beat took then
	Flatness                float64         `json:"beats_flatness"`            // slowest beats_rps of sizes to the fastest
	Sizes                   []SizeReport    `json:"sizes,omitempty"`
	SegmentsRatio500k       float64         `json:"segments_ratio_500k"`
	SegmentsRatio4m         float64         `json:"segments_ratio_4m"`
	Segments                []SegmentReport `json:"segments"`
	Beats                   int64           `json:"beats"` // acknowledged in all, each compared with PostgreSQL
	Rounds                  int             `json:"rounds"`
	RoundSeconds            float64         `json:"round_seconds"`
	Learners                int             `json:"learners"`
	Connections             int             `json:"connections"`
}

func (o StudyOptions) orDefaults() StudyOptions {
	if o.Rounds <= 0 {
		o.Rounds = 7
	}
	if o.Round <= 0 {
		o.Round = 3 * time.Second
	}
	if o.Learners <= 0 {
		o.Learners = 4000
	}
	if o.Conns <= 0 {
		o.Conns = 128
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	return o
}

func (o StudyOptions) measures(part string) bool {
	return o.Parts == nil || slices.Contains(o.Parts, part)
}

// Study measures acknowledged beats against an empty endpoint of the same
// framework that is sent the same bodies.
func Study(ctx context.Context, o StudyOptions) (r StudyReport, err error) {
	o = o.orDefaults()
	dir, err := os.MkdirTemp("", "hg-bench-")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s, err := startStage(ctx, dir)
	if err != nil {
		return r, err
	}
	defer s.close()
	m := measurer{s: s, o: o, r: &r}
	if m.crowd, err = s.newCrowd(ctx); err != nil {
		return r, err
	}
	m.r.Rounds, m.r.RoundSeconds, m.r.Learners, m.r.Connections = o.Rounds, o.Round.Seconds(), o.Learners, o.Conns
	if o.measures("beats") {
		if err := m.all(ctx); err != nil {
			return r, err
		}
	}
	if o.measures("segments") {
		return r, m.segments(ctx, dir)
	}
	return r, nil
}

// measurer fills a report.
type measurer struct {
	s        *stage
	o        StudyOptions
	r        *StudyReport
	crowd    *crowd
	learners []learner
}

func (m *measurer) all(ctx context.Context) error {
	sizes := slices.Sorted(slices.Values(append([]int{m.o.Learners}, m.o.Sizes...)))
	for _, n := range slices.Compact(sizes) { // sessions are added, never taken away
		if err := m.grow(ctx, n); err != nil {
			return err
		}
		if err := m.size(ctx, n); err != nil {
			return err
		}
	}
	by := func(a, b SizeReport) int { return cmp.Compare(a.BeatsRPS, b.BeatsRPS) }
	m.r.Flatness = slices.MinFunc(m.r.Sizes, by).BeatsRPS / slices.MaxFunc(m.r.Sizes, by).BeatsRPS
	return m.evidence(ctx)
}

func (m *measurer) size(ctx context.Context, n int) (err error) {
	size := SizeReport{Sessions: n}
	var full latencies
	if size.Rate, full, err = m.rounds(ctx); err != nil {
		return err
	}
	if size.RedisBytesPerSession, err = m.redisBytes(ctx); err != nil {
		return err
	}
	m.r.Sizes = append(m.r.Sizes, size)
	if n != m.o.Learners {
		return nil
	}
	m.r.Rate, m.r.RedisBytesPerSession = size.Rate, size.RedisBytesPerSession
	m.r.FullP50MS, m.r.FullP99MS = full.quantile(0.5), full.quantile(0.99)
	half, err := m.beats(ctx, m.o.Round*2, m.r.BeatsRPS/2)
	m.r.BeatsP50MS, m.r.BeatsP99MS = half.latencies.quantile(0.5), half.latencies.quantile(0.99)
	if err != nil {
		return err
	}
	return m.emptied(ctx)
}

// grow opens sessions until there are n, and lets each beat once: a server
// that has never heard of a session has to read it.
func (m *measurer) grow(ctx context.Context, n int) error {
	fmt.Fprintf(m.o.Log, "opening sessions until there are %d\n", n)
	fresh, err := m.crowd.more(ctx, n-len(m.learners))
	if err != nil {
		return err
	}
	m.learners = append(m.learners, fresh...)
	_, err = m.beats(ctx, 0, 0)
	return err
}

// beats sends beats for so long, or one of everybody.
func (m *measurer) beats(ctx context.Context, length time.Duration, rate float64) (result, error) {
	out, err := load(ctx, run{address: m.s.product.address, conns: m.o.Conns, length: length, rate: rate, learners: m.learners, send: sendBeat})
	m.r.Beats += out.count
	return out, err
}

func (m *measurer) rounds(ctx context.Context) (r Rate, full latencies, err error) {
	bareClocks, err := m.s.clocksOf(ctx, m.s.bare)
	if err != nil {
		return r, nil, err
	}
	beatClocks, err := m.s.clocksOf(ctx, m.s.product)
	if err != nil {
		return r, nil, err
	}
	var bare, beats tally
	// One round of each that does not count: connections, caches, plans.
	for i := range m.o.Rounds + 1 {
		before := bareClocks.read()
		b, err := load(ctx, run{address: m.s.bare.address, conns: m.o.Conns, length: m.o.Round, learners: m.learners, send: sendBare})
		if err != nil {
			return r, nil, err
		}
		between := bareClocks.read()
		beatsBefore := beatClocks.read()
		h, err := m.beats(ctx, m.o.Round, 0)
		if err != nil {
			return r, nil, err
		}
		fmt.Fprintf(m.o.Log, "round %d: bare %.0f/s, beats %.0f/s, ratio %.2f\n", i, b.rate, h.rate, h.rate/b.rate)
		if i > 0 {
			bare.add(b, before, between)
			beats.add(h, beatsBefore, beatClocks.read())
			full = append(full, h.latencies...)
		}
	}
	r = Rate{BareFiberRPS: median(bare.rates), BeatsRPS: median(beats.rates), BareCPU: bare.cpu.over(bare.count), BeatCPU: beats.cpu.over(beats.count)}
	r.BareCPU.Postgres, r.BareCPU.Redis = 0, 0 // they idle
	r.BeatsRatio = r.BeatsRPS / r.BareFiberRPS
	return r, full, nil
}

// tally adds rounds up.
type tally struct {
	rates []float64
	cpu   CPU
	count int64
}

func (t *tally) add(r result, before, after CPU) {
	t.rates = append(t.rates, r.rate)
	t.count += r.count
	t.cpu.add(after, 1)
	t.cpu.add(before, -1)
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return x[len(x)/2]
}

func (m *measurer) redisBytes(ctx context.Context) (float64, error) {
	after, err := m.s.redisMemory(ctx)
	return float64(after-m.s.redisEmpty) / float64(len(m.learners)), err
}
