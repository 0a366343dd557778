// Package engine is study time at work: beats are judged in Redis, kept in
// PostgreSQL, and only then answered. It joins the rules (study), the hot
// state (studyredis) and the evidence (studydb).
package engine

import (
	"context"
	"crypto/subtle"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/internal/study/studyredis"
)

// Options are what an Engine is made of.
type Options struct {
	Hot      *studyredis.Hot
	Evidence *studydb.Store
	Keys     *study.Keys
	Policy   study.Policy // with its defaults filled in
	// Manifest is how a packaged video is cut.
	Manifest func(ctx context.Context, asset uuid.UUID) (media.Manifest, error)
	Logger   *slog.Logger     // nil: silent
	Now      func() time.Time // nil: time.Now
	// FlushEvery is how soon deliveries are written; 0: a quarter of a second.
	FlushEvery time.Duration
	// NewSession names a person's next session and gives its first link; nil: at
	// random. It is for whoever plays the same history twice.
	NewSession func(person uuid.UUID) (uuid.UUID, study.Chain, error)
}

const (
	batchSize = 512
	// One batch at a time makes the largest ones, and judging is Redis's one thread anyway. Of evidence a second one is
	// written while the first waits for the disk.
	judgeLanes   = 1
	keepLanes    = 2
	batchTimeout = 10 * time.Second
	// knownSessions bounds what is remembered of sessions, some 250 bytes each.
	knownSessions = 200_000
	knownAssets   = 2_000
	knownLessons  = 2_000
)

// Engine judges and keeps. It is safe for many goroutines, and many engines
// may serve the same people.
type Engine struct {
	o          Options
	judging    group[flight]
	keeping    group[flight]
	delivering group[want]
	sessions   *memory[uuid.UUID, studydb.Session]
	assets     *memory[uuid.UUID, media.Manifest]
	questions  *memory[uuid.UUID, []study.Question]
	deliveries *deliveries
}

// New makes an engine; Stop ends it.
func New(o Options) *Engine {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.FlushEvery <= 0 {
		o.FlushEvery = flushEvery
	}
	if o.NewSession == nil {
		o.NewSession = newSession
	}
	e := &Engine{o: o, sessions: remember[uuid.UUID, studydb.Session](knownSessions), assets: remember[uuid.UUID, media.Manifest](knownAssets)}
	e.questions = remember[uuid.UUID, []study.Question](knownLessons)
	e.judging = group[flight]{run: e.judgeAll, max: batchSize, lanes: judgeLanes, timeout: batchTimeout}
	e.keeping = group[flight]{run: e.keepAll, max: batchSize, lanes: keepLanes, timeout: batchTimeout}
	e.delivering = group[want]{run: e.deliverAll, max: batchSize, lanes: judgeLanes, timeout: batchTimeout}
	e.deliveries = newDeliveries(o.Evidence.Deliveries, o.FlushEvery, o.Logger)
	return e
}

// Stop writes what is not written yet.
func (e *Engine) Stop() { e.deliveries.close() }

// Flush writes the deliveries noted so far now.
func (e *Engine) Flush() { e.deliveries.flush() }

// Policy is what the engine judges by.
func (e *Engine) Policy() study.Policy { return e.o.Policy }

func (e *Engine) nowMS() int64 { return e.o.Now().UnixMilli() }

// session is what is known of a session; another person's does not exist.
func (e *Engine) session(ctx context.Context, id uuid.UUID) (studydb.Session, error) {
	return e.sessions.get(ctx, id, e.o.Evidence.Session)
}

// Holder is whose session it is, if it was opened under this sign-in.
func (e *Engine) Holder(ctx context.Context, id uuid.UUID, signIn []byte) (person uuid.UUID, ok bool, err error) {
	s, err := e.sessions.look(ctx, id, e.o.Evidence.Session)
	if err != nil {
		return uuid.Nil, false, err
	}
	return s.PersonID, subtle.ConstantTimeCompare(s.SignIn, signIn) == 1, nil
}

func (e *Engine) manifest(ctx context.Context, asset uuid.UUID) (*media.Manifest, error) {
	return e.assets.look(ctx, asset, e.o.Manifest)
}

// rebuild puts what the evidence says into Redis, which has lost it.
func (e *Engine) rebuild(ctx context.Context, id uuid.UUID) error {
	e.deliveries.flush() // what Redis knew alone is known here as well
	// Not from memory: it may have been closed since.
	s, err := e.o.Evidence.Session(ctx, id)
	if err != nil {
		return err
	}
	person, state, err := e.o.Evidence.Rebuild(ctx, s)
	if err != nil {
		return err
	}
	return e.o.Hot.Put(ctx, studyredis.Who{Person: s.PersonID, Session: s.ID}, person, &state)
}
