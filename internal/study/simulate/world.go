package simulate

import (
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
)

// worldSize is how many histories share servers, stores and a clock, so that
// their beats travel in batches.
const worldSize = 128

// world is so many histories at once. Whoever is awake asks the servers side by
// side at one moment of the clock; only when all of them sleep again the clock
// moves on or something happens to servers and stores. A request over which
// something goes wrong is made while all others sleep. So a history depends on
// its world's seed alone, however requests fall into batches.
type world struct {
	*worker
	ctx       context.Context
	seed      uint64 // of its first history
	rng       *rand.Rand
	histories []*history
	awake     sync.WaitGroup
	keyStage  int
	unflushed int64  // ms since deliveries were written
	after     func() // what comes of a storm
}

// mood is what a history does.
type mood uint8

const (
	acting  mood = iota
	asleep       // until the clock has moved
	waiting      // to be the only one who is served
	over
)

// newWorld begins the world of these seeds: first is a multiple of worldSize.
func (w *worker) newWorld(ctx context.Context, first uint64) (*world, error) {
	b := &world{worker: w, ctx: ctx, seed: first, rng: rand.New(rand.NewPCG(first, 0x576f726c))}
	if err := w.clear(ctx); err != nil {
		return nil, err
	}
	start := firstDay.Add(time.Duration(6+b.rng.Int64N(15)) * time.Hour)
	if b.rng.IntN(5) == 0 {
		start = firstDay.Add(24*time.Hour - time.Duration(5+b.rng.Int64N(196))*time.Second) // through midnight
	}
	w.clock.Store(start.UnixMilli())
	for i := range uint64(worldSize) {
		b.histories = append(b.histories, newHistory(b, first+i, w.people[i]))
	}
	if err := b.allow(); err != nil {
		return nil, err
	}
	w.opens = b.names()
	if err := b.setKeys(0); err != nil {
		return nil, err
	}
	for i, s := range w.servers {
		s.offset.Store(0)
		s.faults.arm(nil)
		b.restart(i)
	}
	return b, nil
}

// allow gives some people a longer window for checks.
func (b *world) allow() error {
	people, percent := make([]uuid.UUID, worldSize), make([]int16, worldSize)
	for i, h := range b.histories {
		people[i], percent[i] = h.learner.person, int16(h.windowPercent)
	}
	_, err := b.db.Pool().Exec(b.ctx, `INSERT INTO study_people (person_id, window_percent) SELECT * FROM unnest($1::uuid[], $2::smallint[])`, people, percent)
	return err
}

// names gives each history's sessions the same ids and first links whenever it is played.
func (b *world) names() func(uuid.UUID) (uuid.UUID, study.Chain, error) {
	var mu sync.Mutex
	chances := map[uuid.UUID]*rand.Rand{}
	for _, h := range b.histories {
		chances[h.learner.person] = rand.New(rand.NewPCG(h.seed, 0x53657373))
	}
	return func(person uuid.UUID) (id uuid.UUID, first study.Chain, err error) {
		mu.Lock()
		defer mu.Unlock()
		for _, out := range [][]byte{id[:8], id[8:], first[:8], first[4:]} {
			binary.BigEndian.PutUint64(out, chances[person].Uint64())
		}
		return id, first, nil
	}
}

// play lives all histories to their end and examines what was kept.
func (b *world) play() error {
	for _, h := range b.histories {
		b.awake.Add(1)
		go h.run()
	}
	b.awake.Wait()
	for {
		b.calm()
		b.flush()
		for h := b.next(waiting); h != nil; h = b.next(waiting) {
			b.rouse(h)
			b.awake.Wait()
		}
		if b.next(asleep) == nil {
			return b.end()
		}
		if b.chance(2) {
			b.mishap()
		}
		b.dawn()
		b.awake.Wait()
	}
}

// next is the first history in that mood; nil: none is.
func (b *world) next(m mood) *history {
	for _, h := range b.histories {
		if h.mood == m {
			return h
		}
	}
	return nil
}

func (b *world) rouse(all ...*history) {
	b.awake.Add(len(all))
	for _, h := range all {
		h.mood = acting
	}
	for _, h := range all {
		h.wake <- struct{}{}
	}
}

// dawn moves the clock to where somebody wakes, and everybody with them whose
// time has come. Most sleep a little longer than they meant to, so that many
// wake at once.
func (b *world) dawn() {
	soonest, latest := int64(math.MaxInt64), int64(math.MaxInt64)
	for _, h := range b.histories {
		if h.mood == asleep {
			soonest = min(soonest, h.until)
			latest = min(latest, h.until+h.slack)
		}
	}
	to := latest
	if b.chance(10) {
		to = soonest
	}
	before := b.clock.Load()
	if b.unflushed += to - before; b.unflushed >= flushEveryMS {
		b.flush()
	}
	b.clock.Store(max(before, to))
	var all []*history
	for _, h := range b.histories {
		if h.mood == asleep && h.until <= to {
			all = append(all, h)
		}
	}
	if b.chance(2) {
		b.storm()
	}
	b.rouse(all...)
}

func (b *world) chance(percent float64) bool { return b.rng.Float64()*100 < percent }

// flush lets the servers write what they have noted of deliveries.
func (b *world) flush() {
	b.unflushed = 0
	for i, s := range b.servers {
		s.engine.Flush()
		b.written(i)
	}
}

func (b *world) written(i int) {
	for _, h := range b.histories {
		clear(h.unwritten[i])
	}
}

// tell tells all histories what happened.
func (b *world) tell(format string, a ...any) {
	for _, h := range b.histories {
		if h.mood != over {
			h.tell(format, a...)
		}
	}
}
