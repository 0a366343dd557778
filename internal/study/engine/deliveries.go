package engine

import (
	"bytes"
	"context"
	"hash/maphash"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
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
	// written is a digest of what of a session is known to be in PostgreSQL. Not
	// how much it is: after Redis was lost, as much may be something else.
	written map[uuid.UUID]uint64
	stop    chan struct{}
	ended   chan struct{}
}

func newDeliveries(write func(context.Context, []studydb.Delivery) error, every time.Duration, log *slog.Logger) *deliveries {
	d := &deliveries{write: write, every: every, log: log, fresh: map[uuid.UUID]studydb.Delivery{}, written: map[uuid.UUID]uint64{}, stop: make(chan struct{}), ended: make(chan struct{})}
	go d.run()
	return d
}

func (d *deliveries) add(x studydb.Delivery) {
	d.mu.Lock()
	defer d.mu.Unlock()
	note(d.fresh, x)
}

// note joins a delivery with what is noted of its session.
func note(to map[uuid.UUID]studydb.Delivery, x studydb.Delivery) {
	if old, noted := to[x.Session]; noted {
		x.DeliveredMS = max(x.DeliveredMS, old.DeliveredMS)
		x.Segments = slices.Clone(x.Segments).Union(old.Segments)
	}
	to[x.Session] = x
}

var seed = maphash.MakeSeed()

func digest(b study.Bits) uint64 { return maphash.Bytes(seed, b) }

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
	all := slices.Collect(maps.Values(d.fresh))
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
	var unwritten map[uuid.UUID]studydb.Delivery // nearly always none
	d.mu.Lock()
	for _, f := range batch {
		if len(f.State.Delivered) == 0 || d.written[f.Who.Session] == digest(f.State.Delivered) {
			continue
		}
		if unwritten == nil {
			unwritten = map[uuid.UUID]studydb.Delivery{}
		}
		note(unwritten, studydb.Delivery{Session: f.Who.Session, DeliveredMS: f.State.DeliveredMS, Segments: f.State.Delivered})
	}
	d.mu.Unlock()
	return d.writeNow(ctx, slices.Collect(maps.Values(unwritten)))
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
		d.written[x.Session] = digest(x.Segments)
		if old, waits := d.fresh[x.Session]; waits && bytes.Equal(old.Segments, x.Segments) {
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
