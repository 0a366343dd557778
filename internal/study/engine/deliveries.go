package engine

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study/studydb"
)

const flushEvery = 250 * time.Millisecond

// deliveries writes what was sent to PostgreSQL a little later, many sessions
// at once. It is needed only when Redis loses a session within that moment: a
// server writes first when it rebuilds, so what is lost is what another server,
// or one that died, had not written. A beat that claims it is refused.
type deliveries struct {
	write func(context.Context, []studydb.Delivery) error
	every time.Duration
	log   *slog.Logger
	mu    sync.Mutex
	fresh map[uuid.UUID]studydb.Delivery
	stop  chan struct{}
	ended chan struct{}
}

func newDeliveries(write func(context.Context, []studydb.Delivery) error, every time.Duration, log *slog.Logger) *deliveries {
	d := &deliveries{write: write, every: every, log: log, fresh: map[uuid.UUID]studydb.Delivery{}, stop: make(chan struct{}), ended: make(chan struct{})}
	go d.run()
	return d
}

func (d *deliveries) add(x studydb.Delivery) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fresh[x.Session].DeliveredMS < x.DeliveredMS {
		d.fresh[x.Session] = x
	}
}

func (d *deliveries) run() {
	defer close(d.ended)
	t := time.NewTicker(d.every)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			d.flush()
		case <-d.stop:
			d.flush()
			return
		}
	}
}

func (d *deliveries) flush() {
	d.mu.Lock()
	all := make([]studydb.Delivery, 0, len(d.fresh))
	for _, x := range d.fresh {
		all = append(all, x)
	}
	clear(d.fresh)
	d.mu.Unlock()
	if len(all) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	if err := d.write(ctx, all); err != nil {
		d.log.Warn("deliveries are written later", "sessions", len(all), "error", err)
		for _, x := range all {
			d.add(x)
		}
	}
}

func (d *deliveries) close() {
	close(d.stop)
	<-d.ended
}
