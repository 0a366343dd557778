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
// at once, and before the evidence of a beat that rests on it. When Redis loses
// a session within that moment, a server writes first when it rebuilds, so what
// is lost is what another server, or one that died, had not written. A beat
// that claims it is refused, and a client fetches it once more.
type deliveries struct {
	write func(context.Context, []studydb.Delivery) error
	every time.Duration
	log   *slog.Logger
	mu    sync.Mutex
	fresh map[uuid.UUID]studydb.Delivery
	// written is how much of a session is known to be in PostgreSQL, ms.
	written map[uuid.UUID]int64
	stop    chan struct{}
	ended   chan struct{}
}

func newDeliveries(write func(context.Context, []studydb.Delivery) error, every time.Duration, log *slog.Logger) *deliveries {
	d := &deliveries{write: write, every: every, log: log, fresh: map[uuid.UUID]studydb.Delivery{}, written: map[uuid.UUID]int64{}, stop: make(chan struct{}), ended: make(chan struct{})}
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
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	if err := d.writeNow(ctx, all); err != nil {
		d.log.Warn("deliveries are written later", "sessions", len(all), "error", err)
		for _, x := range all {
			d.add(x)
		}
	}
}

// before writes what beats rest on that is not known to be written, whichever
// server sent it: the one that did may be dead, and its note with it.
func (d *deliveries) before(ctx context.Context, batch []*flight) error {
	var all []studydb.Delivery
	d.mu.Lock()
	for _, f := range batch {
		if id := f.Who.Session; d.written[id] < f.State.DeliveredMS {
			all = append(all, studydb.Delivery{Session: id, DeliveredMS: f.State.DeliveredMS, Segments: f.State.Delivered})
		}
	}
	d.mu.Unlock()
	return d.writeNow(ctx, all)
}

func (d *deliveries) writeNow(ctx context.Context, all []studydb.Delivery) error {
	if len(all) == 0 {
		return nil
	}
	if err := d.write(ctx, all); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, x := range all {
		d.written[x.Session] = max(d.written[x.Session], x.DeliveredMS)
		if old, waits := d.fresh[x.Session]; waits && old.DeliveredMS <= x.DeliveredMS {
			delete(d.fresh, x.Session)
		}
	}
	for id := range d.written {
		if len(d.written) <= knownSessions {
			break
		}
		delete(d.written, id) // it is written once more, then
	}
	return nil
}

func (d *deliveries) close() {
	close(d.stop)
	<-d.ended
}
