package engine

import (
	"context"
	"sync"
	"time"
)

// group lets items travel together: while a batch is under way the next one
// gathers, and an item that finds nobody under way leaves at once. So nobody
// waits for company, and a crowd shares one round trip and one flush.
type group[T any] struct {
	run     func(context.Context, []*T) // deals with every item, whatever happens
	max     int                         // items in a batch
	lanes   int                         // batches under way at once
	timeout time.Duration               // of a batch

	mu      sync.Mutex
	waiting []*T
	busy    int
}

// add hands one item in. It is worked on even when ctx ends: whoever asks
// again gets the answer then.
func (g *group[T]) add(ctx context.Context, x *T) {
	g.mu.Lock()
	g.waiting = append(g.waiting, x)
	start := g.busy < g.lanes
	if start {
		g.busy++
	}
	g.mu.Unlock()
	if start {
		go g.drain(context.WithoutCancel(ctx))
	}
}

// drain works until nobody waits, then ends.
func (g *group[T]) drain(ctx context.Context) {
	batch := make([]*T, 0, g.max)
	for {
		if batch = g.take(batch); len(batch) == 0 {
			return
		}
		g.work(ctx, batch)
	}
}

// take moves what waits into batch, whose room is used again.
func (g *group[T]) take(batch []*T) []*T {
	g.mu.Lock()
	defer g.mu.Unlock()
	batch = append(batch[:0], g.waiting[:min(len(g.waiting), g.max)]...)
	left := copy(g.waiting, g.waiting[len(batch):])
	clear(g.waiting[left:]) // what is on its way is not held here
	g.waiting = g.waiting[:left]
	if len(batch) == 0 {
		g.busy--
	}
	return batch
}

func (g *group[T]) work(ctx context.Context, batch []*T) {
	ctx, cancel := context.WithTimeout(ctx, g.timeout)
	defer cancel()
	g.run(ctx, batch)
}
