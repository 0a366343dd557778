// Package bench measures the product on this machine, as ratios within one
// run: the server, the load, Redis and PostgreSQL share its processors, and
// what is compared is measured in turn, round by round.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/hourglass-lms/hourglass/internal/embedded"
	"github.com/hourglass-lms/hourglass/migrations"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// StudyOptions say how long and how wide to measure.
type StudyOptions struct {
	Rounds   int           // of each kind; at least 7 for a figure worth telling
	Round    time.Duration // length of one
	Learners int           // open sessions
	Conns    int           // connections of the load
	Log      io.Writer     // progress; nil: none
}

// StudyReport is what came out. Rates are medians over the rounds.
type StudyReport struct {
	BareFiberRPS         float64 `json:"bare_fiber_rps"`
	BeatsRPS             float64 `json:"beats_rps"`
	BeatsRatio           float64 `json:"beats_ratio"`
	BeatsP50MS           float64 `json:"beats_p50_ms"` // at half the rate of beats_rps
	BeatsP99MS           float64 `json:"beats_p99_ms"`
	FullP50MS            float64 `json:"beats_full_p50_ms"` // at beats_rps itself
	FullP99MS            float64 `json:"beats_full_p99_ms"`
	RedisBytesPerSession float64 `json:"redis_bytes_per_session"`
	EvidenceBytesPerBeat float64 `json:"evidence_bytes_per_beat"` // table and index
	Beats                int64   `json:"beats"`                   // acknowledged in all, each compared with PostgreSQL
	Rounds               int     `json:"rounds"`
	RoundSeconds         float64 `json:"round_seconds"`
	Learners             int     `json:"learners"`
	Connections          int     `json:"connections"`
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
	fmt.Fprintf(o.Log, "opening %d sessions\n", o.Learners)
	learners, err := s.openSessions(ctx, o.Learners)
	if err != nil {
		return r, err
	}
	r.Rounds, r.RoundSeconds, r.Learners, r.Connections = o.Rounds, o.Round.Seconds(), o.Learners, o.Conns
	if err := s.measure(ctx, o, learners, &r); err != nil {
		return r, err
	}
	return r, s.sizes(ctx, learners, &r)
}

func (s *stage) measure(ctx context.Context, o StudyOptions, learners []*learner, r *StudyReport) error {
	var bare, beats []float64
	var full latencies
	// One round of each that does not count: connections, caches, plans.
	for i := range o.Rounds + 1 {
		b, err := load(ctx, s.bare, o.Conns, o.Round, 0, learners, (*learner).sendBare)
		if err != nil {
			return err
		}
		h, err := load(ctx, s.beats, o.Conns, o.Round, 0, learners, (*learner).sendBeat)
		if err != nil {
			return err
		}
		fmt.Fprintf(o.Log, "round %d: bare %.0f/s, beats %.0f/s, ratio %.2f\n", i, b.rate, h.rate, h.rate/b.rate)
		r.Beats += h.count
		if i > 0 {
			bare, beats = append(bare, b.rate), append(beats, h.rate)
			full = append(full, h.latencies...)
		}
	}
	r.BareFiberRPS, r.BeatsRPS = median(bare), median(beats)
	r.BeatsRatio = r.BeatsRPS / r.BareFiberRPS
	r.FullP50MS, r.FullP99MS = full.quantile(0.5), full.quantile(0.99)
	half, err := load(ctx, s.beats, o.Conns, o.Round*2, r.BeatsRPS/2, learners, (*learner).sendBeat)
	if err != nil {
		return err
	}
	r.Beats += half.count
	r.BeatsP50MS, r.BeatsP99MS = half.latencies.quantile(0.5), half.latencies.quantile(0.99)
	return nil
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return x[len(x)/2]
}

// sizes asks what a session and a beat take, and that not one is missing.
func (s *stage) sizes(ctx context.Context, learners []*learner, r *StudyReport) error {
	var bytes, beats int64
	err := s.db.Pool().QueryRow(ctx, `
		SELECT (SELECT sum(pg_total_relation_size(inhrelid))::bigint FROM pg_inherits WHERE inhparent = 'study_beats'::regclass), (SELECT count(*) FROM study_beats)`).Scan(&bytes, &beats)
	if err != nil {
		return fmt.Errorf("size of the evidence: %w", err)
	}
	if beats != r.Beats {
		return fmt.Errorf("%d beats were acknowledged, PostgreSQL has %d", r.Beats, beats)
	}
	r.EvidenceBytesPerBeat = float64(bytes) / float64(beats)
	after, err := s.redisMemory(ctx)
	if err != nil {
		return err
	}
	r.RedisBytesPerSession = float64(after-s.redisEmpty) / float64(len(learners))
	return nil
}

// startServers starts a PostgreSQL that is as durable as in production, and a Redis.
func startServers(ctx context.Context, dir string) (*embedded.Postgres, *embedded.Redis, *pg.DB, error) {
	p, err := embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: filepath.Join(dir, "database")})
	if err != nil {
		return nil, nil, nil, err
	}
	r, err := embedded.StartRedis(filepath.Join(dir, "redis"))
	if err != nil {
		return nil, nil, nil, errors.Join(err, p.Close())
	}
	db, err := pg.Open(ctx, pg.Options{URL: p.URL(), MaxConns: 8})
	if err == nil {
		err = migrations.Up(ctx, db.Pool(), silent)
	}
	if err != nil {
		return nil, nil, nil, errors.Join(err, r.Close(), p.Close())
	}
	return p, r, db, nil
}
