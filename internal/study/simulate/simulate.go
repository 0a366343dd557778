package simulate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Options say what to simulate, and where: on a migrated database and a Redis
// that nobody else uses.
type Options struct {
	PostgresURL string
	RedisURL    func(db int) string // of its numbered databases, one a worker
	Seed        uint64              // of the first history; the others count on from it
	Histories   int
	Workers     int          // 0: 4; Redis has databases for 15
	Policy      study.Policy // zero: the default
	Log         io.Writer    // progress and broken histories; nil: none
	// Each is told every history, if set.
	Each func(seed uint64, log string)
}

// Report is what came out.
type Report struct {
	Seed       uint64   `json:"seed"`
	Histories  int      `json:"histories"`
	Seconds    float64  `json:"seconds"`
	PerSecond  float64  `json:"histories_per_second"`
	Sessions   int      `json:"sessions"`
	Beats      int      `json:"beats_sent"`
	Answered   int      `json:"beats_answered"`
	Evidence   int      `json:"rows_of_evidence"`
	Faults     int      `json:"faults"`
	CreditedS  int64    `json:"credited_s"`
	UnwrittenS int64    `json:"refused_for_unwritten_deliveries_s"`
	Violations []Broken `json:"violations"`
}

// Broken is a history that broke a promise.
type Broken struct {
	Seed  uint64   `json:"seed"`
	What  []string `json:"what"`
	Story string   `json:"log"`
}

// maxBroken ends a run: more would say nothing new.
const maxBroken = 10

var lessonLengths = []int64{4_300, 17_000, 59_999, 90_000, 200_500, 600_000, 3_600_000}

func (o Options) orDefaults() Options {
	if o.Workers <= 0 {
		o.Workers = 4
	}
	o.Workers = max(1, min(o.Workers, 15, o.Histories))
	if o.Policy == (study.Policy{}) {
		o.Policy = o.Policy.OrDefaults()
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	return o
}

// Run simulates. Violations are in the report; the error is for what kept it from running.
func Run(ctx context.Context, o Options) (r Report, err error) {
	o = o.orDefaults()
	courses, err := plant(ctx, o)
	if err != nil {
		return r, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t := &tally{o: o, report: Report{Seed: o.Seed, Violations: []Broken{}}, stop: cancel, began: time.Now()}
	var all sync.WaitGroup
	failed := make(chan error, o.Workers)
	for n := range o.Workers {
		all.Go(func() {
			if err := t.work(ctx, n, courses); err != nil {
				cancel()
				failed <- err
			}
		})
	}
	all.Wait()
	close(failed)
	for e := range failed {
		err = errors.Join(err, e)
	}
	t.report.Seconds = time.Since(t.began).Seconds()
	t.report.PerSecond = float64(t.report.Histories) / t.report.Seconds
	return t.report, err
}

// plant writes the lessons that all histories are about.
func plant(ctx context.Context, o Options) (courses []studytest.Course, err error) {
	db, err := pg.Open(ctx, pg.Options{URL: o.PostgresURL, MaxConns: 2})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	for _, ms := range lessonLengths {
		c, err := studytest.PlantCourse(ctx, db, ms)
		if err != nil {
			return nil, err
		}
		courses = append(courses, c)
	}
	if _, err := db.Pool().Exec(ctx, `SELECT study_make_partitions($1::date, 5)`, firstDay.AddDate(0, 0, -1)); err != nil {
		return nil, fmt.Errorf("make partitions: %w", err)
	}
	return courses, nil
}

// tally hands histories out and adds up what came of them.
type tally struct {
	o      Options
	next   atomic.Int64
	stop   func()
	began  time.Time
	mu     sync.Mutex
	report Report
}

func (t *tally) work(ctx context.Context, n int, courses []studytest.Course) error {
	w, err := newWorker(ctx, t.o, n, courses)
	defer w.close()
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		i := t.next.Add(1) - 1
		if i >= int64(t.o.Histories) {
			return nil
		}
		h, err := w.history(ctx, t.o.Seed+uint64(i))
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("history %d: %w", t.o.Seed+uint64(i), err)
		}
		t.add(h, examine(&h.record, documented))
	}
	return nil
}

func (t *tally) add(h *history, broken []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := &t.report
	r.Histories++
	r.Sessions += len(h.sessions)
	r.Beats += len(h.beats)
	r.Evidence += len(h.rows)
	r.Faults += h.faultsDone
	r.UnwrittenS += h.lostMS / 1000
	for _, b := range h.beats {
		if b.ok() {
			r.Answered++
		}
	}
	for _, e := range h.rows {
		r.CreditedS += e.creditMS / 1000
	}
	if t.o.Each != nil {
		t.o.Each(h.seed, h.Log())
	}
	if r.Histories%1000 == 0 {
		fmt.Fprintf(t.o.Log, "%d histories, %.0f a second\n", r.Histories, float64(r.Histories)/time.Since(t.began).Seconds())
	}
	if len(broken) == 0 {
		return
	}
	b := Broken{h.seed, broken, h.Log()}
	r.Violations = append(r.Violations, b)
	fmt.Fprintf(t.o.Log, "history %d broke:\n", b.Seed)
	for _, what := range b.What {
		fmt.Fprintln(t.o.Log, "  "+what)
	}
	fmt.Fprintln(t.o.Log, b.Story)
	if len(r.Violations) >= maxBroken {
		t.stop()
	}
}
