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
)

// Options say what to simulate, and where: on migrated databases and Redis
// databases that nobody else uses, one of each a worker.
type Options struct {
	PostgresURL func(n int) string
	RedisURL    func(n int) string
	Seed        uint64 // of the first history; the others count on from it
	Histories   int
	Workers     int          // 0: 4; Redis has databases for 15
	Policy      study.Policy // zero: Checked
	Log         io.Writer    // progress and broken histories; nil: none
	// Each is told every history, if set.
	Each func(seed uint64, log string)
}

// Checked is the policy that is simulated: the default one, but with a check
// every 20 s of credited time on average, and half a minute to answer it in.
func Checked() study.Policy {
	return study.Policy{ChecksPerHour: 135, CheckGap: 6 * time.Second, CheckWindow: 30 * time.Second}.OrDefaults()
}

// Workers are how many worlds are played at once for so many histories.
func (o Options) workers() int {
	worlds := int((o.Seed+uint64(o.Histories)+worldSize-1)/worldSize - o.Seed/worldSize)
	if o.Workers <= 0 {
		o.Workers = 4
	}
	return max(1, min(o.Workers, 15, worlds))
}

func (o Options) orDefaults() Options {
	o.Workers = o.workers()
	if o.Policy == (study.Policy{}) {
		o.Policy = Checked()
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	return o
}

// Run simulates. Violations are in the report; the error is for what kept it from running.
func Run(ctx context.Context, o Options) (r Report, err error) {
	o = o.orDefaults()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t := &tally{o: o, report: Report{Seed: o.Seed, Violations: []Broken{}}, stop: cancel, began: time.Now(), said: time.Now()}
	var all sync.WaitGroup
	failed := make(chan error, o.Workers)
	for n := range o.Workers {
		all.Go(func() {
			if err := t.work(ctx, n); err != nil {
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

// tally hands worlds out and adds up what came of them.
type tally struct {
	o      Options
	next   atomic.Uint64
	stop   func()
	began  time.Time
	mu     sync.Mutex
	said   time.Time
	report Report
}

func (t *tally) work(ctx context.Context, n int) error {
	w, err := newWorker(ctx, t.o, n)
	defer w.close()
	if err != nil && ctx.Err() == nil {
		return err
	}
	end := t.o.Seed + uint64(t.o.Histories)
	for ctx.Err() == nil {
		first := (t.o.Seed/worldSize + t.next.Add(1) - 1) * worldSize
		if first >= end {
			return nil
		}
		if err := t.world(ctx, w, first); err != nil && ctx.Err() == nil {
			return fmt.Errorf("histories from %d: %w", first, err)
		}
	}
	return nil
}

// world plays one, and counts those of its histories that were asked for.
func (t *tally) world(ctx context.Context, w *worker, first uint64) error {
	b, err := w.newWorld(ctx, first)
	if err != nil {
		return err
	}
	if err := b.play(); err != nil || ctx.Err() != nil {
		return err
	}
	for _, h := range b.histories {
		if h.seed >= t.o.Seed && h.seed < t.o.Seed+uint64(t.o.Histories) {
			t.add(h, examine(&h.record, documented))
		}
	}
	return nil
}

func (t *tally) add(h *history, broken []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := &t.report
	r.add(h)
	if t.o.Each != nil {
		t.o.Each(h.seed, h.Log())
	}
	if time.Since(t.said) > sayEvery {
		t.say()
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

// sayEvery is how often progress is told.
const sayEvery = 10 * time.Second

func (t *tally) say() {
	t.said = time.Now()
	r := &t.report
	rate := float64(r.Histories) / time.Since(t.began).Seconds()
	left := time.Duration(float64(t.o.Histories-r.Histories) / rate * float64(time.Second)).Round(time.Second)
	fmt.Fprintf(t.o.Log, "%d of %d histories, %.0f a second, %d beats, %d faults, %d broken, %v to go\n", r.Histories, t.o.Histories, rate, r.Beats, r.Faults, len(r.Violations), left)
}
