// Package rosterdb keeps organisations' lists of their people, imports into
// them, groups and assigned courses in PostgreSQL.
package rosterdb

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"

	"github.com/riverqueue/river"
)

// Notifier tells people, if and only if the transaction commits.
type Notifier interface {
	Send(ctx context.Context, tx *pg.Tx, n ...notify.Notice) error
}

// Options put a store together; all are needed but Now.
type Options struct {
	Trail    func(ctx context.Context, tx *pg.Tx, at time.Time, e audit.Event) error
	Notifier Notifier
	Enqueue  func(ctx context.Context, tx *pg.Tx, args river.JobArgs) error
	// Join gives a person the role they accepted (orgdb.AddMembershipIn).
	Join func(ctx context.Context, tx *pg.Tx, person, org uuid.UUID, role org.Role) error
	Now  func() time.Time // nil: time.Now
	// Batch is how many rows are taken in at once; 0: 5000.
	Batch int
}

// Store reads and writes what the package is about. Each method is one transaction.
type Store struct {
	db  *pg.DB
	o   Options
	now func() time.Time
}

// New makes a store on a database.
func New(db *pg.DB, o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Batch <= 0 {
		o.Batch = 5000
	}
	return &Store{db, o, func() time.Time { return o.Now().UTC() }}
}

func (s *Store) note(ctx context.Context, tx *pg.Tx, e audit.Event) error {
	return s.o.Trail(ctx, tx, s.now(), e)
}

// Lineage is where an organisation stands; NotFound when there is none.
func (s *Store) Lineage(ctx context.Context, id uuid.UUID) (lineage []uuid.UUID, err error) {
	err = s.db.Pool().QueryRow(ctx, `SELECT lineage FROM organisations WHERE id = $1`, id).Scan(&lineage)
	return lineage, pg.Translate(err)
}

// Organisation is one, and the day it is there.
func (s *Store) Organisation(ctx context.Context, id uuid.UUID) (o org.Ref, today time.Time, err error) {
	return organisation(ctx, s.db.Pool(), id, s.now())
}

func organisation(ctx context.Context, q pg.Querier, id uuid.UUID, now time.Time) (o org.Ref, today time.Time, err error) {
	err = q.QueryRow(ctx, `SELECT id, kind, coalesce(level, ''), name_zh, name_en, ($2::timestamptz AT TIME ZONE time_zone)::date FROM organisations WHERE id = $1`, id, now).
		Scan(&o.ID, &o.Kind, &o.Level, &o.NameZh, &o.NameEn, &today)
	return o, today, pg.Translate(err)
}

// open holds an organisation as it is until the transaction ends, and says
// whether it is one still.
func open(ctx context.Context, tx *pg.Tx, id uuid.UUID) (is bool, err error) {
	err = tx.Pgx().QueryRow(ctx, `SELECT closed_at IS NULL FROM organisations WHERE id = $1 FOR SHARE`, id).Scan(&is)
	return is, pg.Translate(err)
}

var errClosed = fault.Coded(fault.Conflict, "organisation-closed", "This organisation was merged or closed.")

var errCursor = fault.New(fault.Invalid, "the cursor is not one of this list", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before"})

// after reads a cursor that is an id.
func after(cursor string) (*uuid.UUID, error) {
	if cursor == "" {
		return nil, nil
	}
	id, err := uuid.Parse(cursor)
	if err != nil {
		return nil, errCursor
	}
	return &id, nil
}

// page cuts what was read beyond a limit off, and names where the next begins.
func page[T any](items []T, limit int, id func(T) uuid.UUID) ([]T, *string) {
	if len(items) <= limit {
		return items, nil
	}
	items = items[:limit]
	return items, new(id(items[limit-1]).String())
}
