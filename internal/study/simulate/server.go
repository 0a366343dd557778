package simulate

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	goredis "github.com/redis/go-redis/v9"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/internal/study/studyredis"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/redis"
)

// server is one process of the product: an engine with connections of its
// own, which can be cut, and a clock that may be a little off.
type server struct {
	name   string
	faults *faults
	db     *pg.DB
	redis  goredis.UniversalClient
	store  *studydb.Store
	engine *engine.Engine
	offset atomic.Int64 // ms
	keys   *study.Keys
	make   func() *engine.Engine
}

// never is how often an engine writes deliveries by itself: the simulator's clock says when.
const never = 1000 * time.Hour

func (w *worker) newServer(ctx context.Context, name, postgresURL, redisURL string) (s *server, err error) {
	s = &server{name: name, faults: &faults{}}
	if s.db, err = pg.Open(ctx, pg.Options{URL: postgresURL, MaxConns: 6, Tracer: s.faults}); err != nil {
		return s, err
	}
	if s.redis, err = redis.Open(redis.Options{URL: redisURL, PoolSize: 6}); err != nil {
		return s, err
	}
	s.redis.AddHook(s.faults)
	s.store = studydb.New(s.db, w.completed)
	s.make = func() *engine.Engine {
		s.keys = w.keys
		return engine.New(engine.Options{
			Hot: studyredis.New(s.redis, w.o.Policy), Evidence: s.store, Keys: w.keys, Policy: w.o.Policy, FlushEvery: never,
			Now:        func() time.Time { return time.UnixMilli(w.clock.Load() + s.offset.Load()) },
			Manifest:   w.manifest,
			NewSession: func(person uuid.UUID) (uuid.UUID, study.Chain, error) { return w.opens(person) },
		})
	}
	s.engine = s.make()
	return s, nil
}

// restart ends the process in good order and starts another.
func (s *server) restart() {
	s.engine.Stop()
	s.engine = s.make()
}

// replace ends the process at once, with what it had not written, and starts another.
func (s *server) replace() {
	s.faults.die(true)
	s.engine.Stop()
	s.faults.die(false)
	s.engine = s.make()
}

func (s *server) close() {
	if s.engine != nil {
		s.engine.Stop()
	}
	if s.redis != nil {
		_ = s.redis.Close()
	}
	if s.db != nil {
		s.db.Close()
	}
}

// completed notes a completion the way the product's own hook does, and counts it.
func (w *worker) completed(ctx context.Context, tx *pg.Tx, enrolment, lesson uuid.UUID, at time.Time) error {
	_, err := tx.Pgx().Exec(ctx, `INSERT INTO lesson_completions (enrolment_id, lesson_id, completed_at) VALUES ($1, $2, $3)`, enrolment, lesson, at)
	return err
}
