package faults

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/hourglass-lms/hourglass/internal/study/studytest"
)

const segmentMS = studytest.SegmentMS

// Options say how much goes wrong.
type Options struct {
	Seed     uint64
	Faults   int // blows; some are two faults at once
	Learners int // who study at the same time
	Dir      string
	Binary   string    // this program; "": the one that runs
	Log      io.Writer // a line for each blow
}

// people are enough for everybody to complete the lesson again and again.
func (o Options) people() int { return o.Learners * (4 + o.Faults/4) }

// run is one run.
type run struct {
	o          Options
	s          *stage
	j          *journal
	checked    int // of what was told, compared with PostgreSQL so far
	kinds      map[string]int
	struck     int
	recoveries []time.Duration
	began      time.Time
}

// Run strikes until all faults are through, a promise is broken, or ctx ends,
// and compares. An error says that the run itself could not go on.
func Run(ctx context.Context, o Options) (Report, error) {
	if o.Binary == "" {
		self, err := os.Executable()
		if err != nil {
			return Report{}, err
		}
		o.Binary = self
	}
	s, err := raise(context.WithoutCancel(ctx), o)
	if err != nil {
		return Report{}, fmt.Errorf("set the stage: %w", err)
	}
	defer s.close()
	r := &run{o: o, s: s, j: newJournal(), kinds: map[string]int{}, began: time.Now()}
	stop, studying := r.study()
	err = r.strikeAll(ctx)
	stop()
	studying.Wait()
	if err != nil && ctx.Err() == nil {
		r.j.breach(byItself, "%v", err)
	}
	v, err := r.end()
	if err != nil {
		return Report{}, fmt.Errorf("compare at the end: %w", err)
	}
	return r.report(v), nil
}

// study lets people study until stop.
func (r *run) study() (stop func(), wait *sync.WaitGroup) {
	stopped := make(chan struct{})
	ctx, cancel := context.WithCancel(r.s.life)
	road := newRoad(r.s.addresses)
	wait = &sync.WaitGroup{}
	for n := range r.o.Learners {
		l := &learner{s: r.s, j: r.j, r: road, rnd: rand.New(rand.NewPCG(r.o.Seed, uint64(2+n))), stop: stopped}
		wait.Go(func() { l.run(ctx) })
	}
	return func() {
		close(stopped)
		// Whoever still waits for an answer by then will not get one.
		time.AfterFunc(patience, cancel)
	}, wait
}

const (
	recovered = 10 // acknowledged beats
	lookEvery = 10 // blows
)

func (r *run) strikeAll(ctx context.Context) error {
	p := newPlanner(r.o.Seed)
	if err := r.j.progress(ctx, int64(r.o.Learners)); err != nil {
		return err
	}
	for r.struck < r.o.Faults && ctx.Err() == nil && r.j.broken() == 0 {
		if err := r.strike(ctx, p.next()); err != nil {
			return err
		}
		if r.struck%lookEvery == 0 {
			if err := r.look(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// strike waits for people to get on, lets things go wrong, and waits until they get on again.
func (r *run) strike(ctx context.Context, b blow) error {
	if err := r.j.progress(ctx, b.after); err != nil {
		return fmt.Errorf("before %s: %w", b, err)
	}
	time.Sleep(b.delay)
	r.struck++
	r.j.struck(fmt.Sprintf("%d: %s", r.struck, b))
	began := time.Now()
	var wait sync.WaitGroup
	failed := make([]error, len(b.faults))
	for i, f := range b.faults {
		r.kinds[f.name]++
		wait.Go(func() { failed[i] = f.strike(r.s, f) })
	}
	wait.Wait()
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("%s: %w", b, err)
	}
	r.j.next()
	if err := r.j.progress(ctx, recovered); err != nil {
		return fmt.Errorf("after %s: %w", b, err)
	}
	took := time.Since(began)
	r.recoveries = append(r.recoveries, took)
	_, err := fmt.Fprintf(r.o.Log, "%4d %-46s beats again after %4d ms\n", r.struck, b, took.Milliseconds())
	return err
}
