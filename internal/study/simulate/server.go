package simulate

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	goredis "github.com/redis/go-redis/v9"

	"github.com/hourglass-lms/hourglass/internal/media"
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
	make   func() *engine.Engine
}

// never is how often an engine writes deliveries by itself: the simulator's clock says when.
const never = 1000 * time.Hour

func (w *worker) newServer(ctx context.Context, name string, o Options, redisURL string) (s *server, err error) {
	s = &server{name: name, faults: &faults{}}
	if s.db, err = pg.Open(ctx, pg.Options{URL: o.PostgresURL, MaxConns: 6, Tracer: s.faults}); err != nil {
		return s, err
	}
	if s.redis, err = redis.Open(redis.Options{URL: redisURL, PoolSize: 6}); err != nil {
		return s, err
	}
	s.redis.AddHook(s.faults)
	keys, err := study.NewKeys(study.Key{ID: "simulation", Secret: make([]byte, 32)})
	if err != nil {
		return s, err
	}
	s.store = studydb.New(s.db, w.completed)
	s.make = func() *engine.Engine {
		return engine.New(engine.Options{
			Hot: studyredis.New(s.redis, o.Policy), Evidence: s.store, Keys: keys, Policy: o.Policy, FlushEvery: never,
			Now:      func() time.Time { return time.UnixMilli(w.clock.Load() + s.offset.Load()) },
			Manifest: w.manifest,
		})
	}
	s.engine = s.make()
	return s, nil
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

func (w *worker) manifest(_ context.Context, asset uuid.UUID) (media.Manifest, error) {
	for _, c := range w.courses {
		if c.Asset == asset {
			return c.Manifest, nil
		}
	}
	return media.Manifest{}, fmt.Errorf("no such video: %s", asset)
}

// completed notes a completion the way the product's own hook does, and counts it.
func (w *worker) completed(ctx context.Context, tx *pg.Tx, enrolment, lesson uuid.UUID, at time.Time) error {
	_, err := tx.Pgx().Exec(ctx, `INSERT INTO lesson_completions (enrolment_id, lesson_id, completed_at) VALUES ($1, $2, $3)`, enrolment, lesson, at)
	return err
}
