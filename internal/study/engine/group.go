package engine

import (
	"context"
	"sync"
	"time"
)

// group lets calls travel together: while a batch is under way the next one
// gathers, and a call that finds nobody under way leaves at once. So nobody
// waits for company, and a crowd shares one round trip and one flush.
type group[I, O any] struct {
	run     func(context.Context, []I) ([]O, error)
	max     int           // items in a batch
	lanes   int           // batches under way at once
	timeout time.Duration // of a batch

	mu      sync.Mutex
	waiting []call[I, O]
	busy    int
}

type call[I, O any] struct {
	in   I
	done chan answer[O]
}

type answer[O any] struct {
	out O
	err error
}

// do hands one item in and waits for its answer. When ctx ends first the item
// is worked on all the same: whoever asks again gets the answer then.
func (g *group[I, O]) do(ctx context.Context, in I) (out O, err error) {
	c := call[I, O]{in, make(chan answer[O], 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, c)
	if g.busy < g.lanes {
		g.busy++
		go g.drain(context.WithoutCancel(ctx))
	}
	g.mu.Unlock()
	select {
	case a := <-c.done:
		return a.out, a.err
	case <-ctx.Done():
		return out, ctx.Err()
	}
}

// drain works until nobody waits, then ends.
func (g *group[I, O]) drain(ctx context.Context) {
	for {
		batch := g.take()
		if len(batch) == 0 {
			return
		}
		g.work(ctx, batch)
	}
}

func (g *group[I, O]) take() []call[I, O] {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := min(len(g.waiting), g.max)
	if n == 0 {
		g.busy--
		g.waiting = nil
		return nil
	}
	batch := g.waiting[:n:n]
	g.waiting = g.waiting[n:]
	return batch
}

func (g *group[I, O]) work(ctx context.Context, batch []call[I, O]) {
	ctx, cancel := context.WithTimeout(ctx, g.timeout)
	defer cancel()
	in := make([]I, len(batch))
	for i, c := range batch {
		in[i] = c.in
	}
	out, err := g.run(ctx, in)
	for i, c := range batch {
		if err != nil {
			c.done <- answer[O]{err: err}
			continue
		}
		c.done <- answer[O]{out: out[i]}
	}
}
