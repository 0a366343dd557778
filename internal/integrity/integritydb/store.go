// Package integritydb keeps digests of sessions and the flags that the rules
// raise from them in PostgreSQL.
package integritydb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Trail writes a deed into the audit trail, in the transaction of the deed.
type Trail func(ctx context.Context, tx *pg.Tx, at time.Time, e audit.Event) error

// Notifier tells people what happened, in the transaction it happened in.
type Notifier interface {
	Send(ctx context.Context, tx *pg.Tx, n ...notify.Notice) error
}

// Options put a store together.
type Options struct {
	Trail  Trail
	Tell   Notifier // nil: nobody is told
	Policy integrity.Policy
	Now    func() time.Time
}

// Store reads and writes flags. Each method is one transaction.
type Store struct {
	db     *pg.DB
	trail  Trail
	tell   Notifier
	policy integrity.Policy
	now    func() time.Time
}

// New makes a store on a database.
func New(db *pg.DB, o Options) *Store {
	return &Store{db, o.Trail, o.Tell, o.Policy.OrDefaults(), o.Now}
}

// Place is where a sweep over ended sessions stands.
type Place struct {
	ClosedMS int64
	Session  uuid.UUID
}

// Unexamined are sessions that have ended and were not examined, after a
// place, the first ended first.
func (s *Store) Unexamined(ctx context.Context, after Place, limit int) ([]Place, error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT closed_ms, id FROM study_sessions
		WHERE closed_ms IS NOT NULL AND NOT examined AND (closed_ms, id) > ($1, $2) ORDER BY closed_ms, id LIMIT $3`, after.ClosedMS, after.Session, limit)
	if err != nil {
		return nil, fmt.Errorf("sessions to examine: %w", pg.Translate(err))
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Place])
	if err != nil {
		return nil, fmt.Errorf("sessions to examine: %w", pg.Translate(err))
	}
	return out, nil
}

// forgetAtOnce bounds what one statement deletes.
const forgetAtOnce = 5000

// Forget deletes the digests that no rule looks back to any more.
func (s *Store) Forget(ctx context.Context) error {
	before := s.now().Add(-2 * s.policy.Lookback).UnixMilli()
	for {
		tag, err := s.db.Pool().Exec(ctx, `
			DELETE FROM integrity_digests WHERE session_id IN (SELECT session_id FROM integrity_digests WHERE opened_ms < $1 ORDER BY opened_ms LIMIT $2)`, before, forgetAtOnce)
		if err != nil {
			return fmt.Errorf("forget digests: %w", pg.Translate(err))
		}
		if tag.RowsAffected() < forgetAtOnce {
			return nil
		}
	}
}
