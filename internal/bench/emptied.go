package bench

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// patience is how long a beat is sent again before the run has failed.
const patience = 30 * time.Second

// emptied is what the loss of all that Redis holds costs those who study.
type emptied struct {
	at        atomic.Int64 // when it happened, Unix ns; 0: not yet
	recovered atomic.Int64 // from then until a beat sent after it was acknowledged, ns
	longest   atomic.Int64 // the longest that one was under way, ns
}

// send sends a beat until it is acknowledged, as a client has to.
func (e *emptied) send(l *learner, w *wire) error {
	start := time.Now()
	now := start.UnixMilli()
	l.write(w, now)
	for {
		status, answer, err := w.exchange()
		if err == nil && status == 503 && time.Since(start) < patience {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		if err == nil {
			err = l.take(status, answer, now)
		}
		if err == nil {
			e.acknowledged(start)
		}
		return err
	}
}

func (e *emptied) acknowledged(start time.Time) {
	at := e.at.Load()
	if at == 0 || start.UnixNano() < at {
		return
	}
	e.recovered.CompareAndSwap(0, max(1, time.Now().UnixNano()-at))
	took := int64(time.Since(start))
	for longest := e.longest.Load(); took > longest && !e.longest.CompareAndSwap(longest, took); longest = e.longest.Load() {
	}
}

// emptied empties Redis in the midst of half the load. That no acknowledged
// second was lost is compared at the end, like all others.
func (m *measurer) emptied(ctx context.Context) error {
	var e emptied
	done := make(chan error, 1)
	time.AfterFunc(m.o.Round/2, func() {
		e.at.Store(time.Now().UnixNano())
		done <- m.s.client.FlushAll(ctx).Err()
	})
	out, err := load(ctx, run{address: m.s.product.address, conns: m.o.Conns, length: m.o.Round * 2, rate: m.r.BeatsRPS / 2, learners: m.learners, send: e.send})
	m.r.Beats += out.count
	if err != nil {
		return err
	}
	if err := <-done; err != nil {
		return fmt.Errorf("empty Redis: %w", err)
	}
	if e.recovered.Load() == 0 {
		return errors.New("no beat was acknowledged after Redis was emptied")
	}
	m.r.EmptiedRecoveryMS = float64(e.recovered.Load()) / 1e6
	m.r.EmptiedLongestMS = float64(e.longest.Load()) / 1e6
	return nil
}
