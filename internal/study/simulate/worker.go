package simulate

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	goredis "github.com/redis/go-redis/v9"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/redis"
)

// firstDay is when histories begin.
var firstDay = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

// worker plays one world after another on stores and two servers of its own.
type worker struct {
	o       Options
	clock   atomic.Int64 // ms
	courses []studytest.Course
	people  []learner
	keys    *study.Keys // of servers that start now
	servers [2]*server
	db      *pg.DB // no fault concerns these two
	redis   goredis.UniversalClient
	// opens names the sessions of the world that is played.
	opens func(person uuid.UUID) (uuid.UUID, study.Chain, error)
}

func newWorker(ctx context.Context, o Options, n int) (w *worker, err error) {
	w = &worker{o: o}
	w.clock.Store(firstDay.UnixMilli())
	w.opens = func(uuid.UUID) (uuid.UUID, study.Chain, error) { return uuid.New(), study.Chain{}, nil }
	address := o.PostgresURL(n)
	if w.db, err = pg.Open(ctx, pg.Options{URL: address, MaxConns: 2}); err != nil {
		return w, err
	}
	if w.redis, err = redis.Open(redis.Options{URL: o.RedisURL(n), PoolSize: 1}); err != nil {
		return w, err
	}
	if w.courses, err = plant(ctx, w.db); err != nil {
		return w, err
	}
	if w.people, err = enrol(ctx, w.db, w.courses, worldSize); err != nil {
		return w, err
	}
	if w.keys, err = keysOf(0); err != nil {
		return w, err
	}
	for i, name := range []string{"A", "B"} {
		if w.servers[i], err = w.newServer(ctx, name, address, o.RedisURL(n)); err != nil {
			return w, err
		}
	}
	return w, w.warm(ctx)
}

func (w *worker) close() {
	for _, s := range w.servers {
		if s != nil {
			s.close()
		}
	}
	if w.redis != nil {
		_ = w.redis.Close()
	}
	if w.db != nil {
		w.db.Close()
	}
}

// keysOf are the keys at a stage of their rotation: at first a new one is
// known, then it signs, while those before it are still accepted.
func keysOf(stage int) (*study.Keys, error) {
	known := (stage + 1) / 2
	signs := stage / 2
	keys := []study.Key{{ID: fmt.Sprint(signs), Secret: secret(signs)}}
	for n := known; n >= 0; n-- {
		if n != signs {
			keys = append(keys, study.Key{ID: fmt.Sprint(n), Secret: secret(n)})
		}
	}
	return study.NewKeys(keys...)
}

func secret(n int) []byte {
	s := make([]byte, 32)
	s[0] = byte(n)
	return s
}

// warm lets Redis learn the scripts, so that a history's commands are the
// same whether or not it is the first.
func (w *worker) warm(ctx context.Context) error {
	l := w.people[0]
	for _, s := range w.servers {
		o, err := s.engine.Open(ctx, engine.OpenRequest{PersonID: l.person, EnrolmentID: l.enrolments[0], LessonID: w.courses[0].Lesson, Device: "warm", SignIn: []byte{0}})
		if err != nil {
			return err
		}
		list, err := s.engine.Playlist(ctx, l.person, o.Meta.ID)
		if err != nil {
			return err
		}
		proof, expires := list.Sign("720p", 0)
		if _, err := s.engine.Deliver(ctx, engine.SegmentRequest{Session: o.Meta.ID, Rendition: "720p", Expires: expires, Proof: proof}); err != nil {
			return err
		}
		if _, err := s.engine.Beat(ctx, l.person, o.Meta.ID, study.Report{Token: o.Token, Seq: 1}); err != nil {
			return err
		}
		if err := s.engine.Close(ctx, l.person, o.Meta.ID); err != nil {
			return err
		}
	}
	return nil
}

// clear takes away what the world before left, so that nothing grows.
func (w *worker) clear(ctx context.Context) error {
	// Evidence is append-only, in a simulation's own database as well: its refusal is put aside for this statement.
	if _, err := w.db.Pool().Exec(ctx, `BEGIN; SET LOCAL session_replication_role = replica;
		TRUNCATE study_people, study_sessions, study_beat_rows, study_lessons, lesson_completions CASCADE; COMMIT`); err != nil {
		return fmt.Errorf("clear the tables: %w", err)
	}
	if err := w.redis.FlushDB(ctx).Err(); err != nil {
		return fmt.Errorf("clear Redis: %w", err)
	}
	return nil
}
