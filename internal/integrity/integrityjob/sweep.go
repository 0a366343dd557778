// Package integrityjob examines sessions that have ended, in the background.
package integrityjob

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/integrity/integritydb"
	"github.com/hourglass-lms/hourglass/internal/study"
)

// Every is how long a sweep rests after the one before.
const Every = 10 * time.Second

// atOnce bounds the sessions that are read from the list of those to examine.
const atOnce = 200

// Store is where sessions wait and flags go.
type Store interface {
	Unexamined(ctx context.Context, after integritydb.Place, limit int) ([]integritydb.Place, error)
	Examine(ctx context.Context, e study.Evidence) ([]integrity.Kind, error)
}

// Sweeper examines every session once. Several may run at once, and one may
// be stopped anywhere: a session is examined and marked in one transaction.
type Sweeper struct {
	Store    Store
	Evidence func(ctx context.Context, session uuid.UUID) (study.Evidence, error)
	Logger   *slog.Logger
}

// Run sweeps until ctx ends.
func (s Sweeper) Run(ctx context.Context) {
	t := time.NewTicker(Every)
	defer t.Stop()
	for {
		if _, err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.Logger.WarnContext(ctx, "sessions are examined again later", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// Sweep examines what waits now and says how many sessions it saw. One that
// fails is left for the next sweep and holds up no other.
func (s Sweeper) Sweep(ctx context.Context) (seen int, err error) {
	var at integritydb.Place
	for {
		places, err := s.Store.Unexamined(ctx, at, atOnce)
		if err != nil {
			return seen, err
		}
		for _, at = range places {
			if ctx.Err() != nil {
				return seen, ctx.Err()
			}
			s.examine(ctx, at.Session)
			seen++
		}
		if len(places) < atOnce {
			return seen, nil
		}
	}
}

func (s Sweeper) examine(ctx context.Context, session uuid.UUID) {
	e, err := s.Evidence(ctx, session)
	if err == nil {
		var raised []integrity.Kind
		if raised, err = s.Store.Examine(ctx, e); len(raised) > 0 {
			s.Logger.InfoContext(ctx, "study was flagged for review", "session", session, "kinds", raised)
		}
	}
	if err != nil && ctx.Err() == nil {
		s.Logger.WarnContext(ctx, "a session is examined again later", "session", session, "error", err)
	}
}
