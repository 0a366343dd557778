package attacks_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/study/client"
)

// beside is somebody who studies at real time while all attacks go on.
type beside struct {
	seat  *seat
	since time.Time
	stop  context.CancelFunc
	ended chan struct{}
	mu    sync.Mutex
	acked int64 // ms
	told  int   // verified seconds, as the server says
	err   error
}

const step = 500 // ms a beat

func (st *stage) beside(t *testing.T) *beside {
	t.Helper()
	s := &scene{T: t, st: st}
	b := &beside{seat: s.seat(), since: time.Now(), ended: make(chan struct{})}
	b.seat.fetch(0, 20_000)
	var ctx context.Context
	ctx, b.stop = context.WithCancel(t.Context())
	go b.study(ctx)
	return b
}

// study plays the first twenty seconds over and over: what counts is the clock.
func (b *beside) study(ctx context.Context) {
	defer close(b.ended)
	played := b.since
	for at := int64(0); ctx.Err() == nil; at = (at + step) % 20_000 {
		played = played.Add(step * time.Millisecond)
		// A little behind the player's clock, which began before the first beat could be.
		time.Sleep(time.Until(played.Add(20 * time.Millisecond)))
		a, err := b.seat.Beat(context.WithoutCancel(ctx), client.Beat{State: client.Playing, Visible: true, Spans: []client.Span{{FromMS: at, ToMS: at + step, Rate: 1}}})
		b.mu.Lock()
		if err != nil {
			b.err = err
			b.mu.Unlock()
			return
		}
		b.acked, b.told = b.acked+step, a.VerifiedS
		b.mu.Unlock()
	}
}

// lostNothing holds what was acknowledged against what was played.
func (b *beside) lostNothing(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		t.Errorf("who studied beside it was refused: %v", b.err)
	}
	if int64(b.told) != b.acked/1000 {
		t.Errorf("who studied beside it played %d ms and was told %d s", b.acked, b.told)
	}
}

// end closes the books: everything that passed was credited but the last beats under way.
func (b *beside) end(t *testing.T) {
	t.Helper()
	b.stop()
	<-b.ended
	b.lostNothing(t)
	passed := time.Since(b.since)
	if err := b.seat.Close(t.Context()); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if missing := passed - time.Duration(b.acked)*time.Millisecond; missing < 0 || missing > 5*time.Second {
		t.Errorf("who studied beside it for %s was credited %d ms", passed, b.acked)
	}
	b.seat.l.earned = b.acked
	b.seat.s.settleOne(b.seat.l)
}
