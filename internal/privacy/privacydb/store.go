// Package privacydb does what internal/privacy says: exports, deletions,
// consents and retention, in PostgreSQL and the store of files.
package privacydb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/privacy"
	"github.com/hourglass-lms/hourglass/storage/objects"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/vault"
)

// Notifier tells people what happened, in the transaction of what happened.
type Notifier interface {
	Send(ctx context.Context, tx *pg.Tx, n ...notify.Notice) error
}

// Options are what a store works with. Objects and Box are needed by exports alone.
type Options struct {
	Box      vault.Box
	Objects  objects.Store
	Enqueue  func(ctx context.Context, tx *pg.Tx, args river.JobArgs) error
	Trail    func(ctx context.Context, tx *pg.Tx, at time.Time, e audit.Event) error
	Notifier Notifier
	// Sealed reads what of a person is sealed, for their export, by the file's name.
	Sealed map[string]func(ctx context.Context, person uuid.UUID) (any, error)
	// Withdrawn does what follows when a consent is taken back, by purpose.
	Withdrawn map[string]func(ctx context.Context, tx *pg.Tx, person uuid.UUID) error
	Terms     privacy.Terms
	Now       func() time.Time // nil: time.Now
}

// Store reads and writes. Each method is one transaction.
type Store struct {
	db *pg.DB
	o  Options
}

// New makes a store on a database.
func New(db *pg.DB, o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Store{db, o}
}

func (s *Store) now() time.Time { return s.o.Now().UTC().Truncate(time.Microsecond) }

// Terms are how long things take here.
func (s *Store) Terms() privacy.Terms { return s.o.Terms }

// own is a deed of a person about themselves.
func own(person uuid.UUID, action, kind string, object uuid.UUID, after any) audit.Event {
	return audit.Event{Actor: person, Action: action, ObjectKind: kind, Object: object, Subject: person, After: after}
}

// Give notes that a person agreed to a version of a text, in the transaction
// of what needs it; agreeing again changes nothing.
func (s *Store) Give(ctx context.Context, tx *pg.Tx, person uuid.UUID, purpose string, version int) error {
	if err := privacy.Agreeable(purpose, version); err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("new consent's id: %w", err)
	}
	_, err = tx.Pgx().Exec(ctx, `
		INSERT INTO consents (id, person_id, purpose, version, given_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person_id, purpose, version) WHERE withdrawn_at IS NULL DO NOTHING`, id, person, purpose, version, s.now())
	return pg.Translate(err)
}

// Consents are all that a person ever agreed to, the newest first.
func (s *Store) Consents(ctx context.Context, person uuid.UUID) ([]privacy.Consent, error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT purpose, version, given_at, withdrawn_at FROM consents WHERE person_id = $1 ORDER BY given_at DESC, id DESC LIMIT 100`, person)
	if err != nil {
		return nil, pg.Translate(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[privacy.Consent])
	return list, pg.Translate(err)
}

// Withdraw takes a consent back, and what it allowed goes with it. NotFound without one.
func (s *Store) Withdraw(ctx context.Context, person uuid.UUID, purpose string) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		tag, err := tx.Pgx().Exec(ctx, `UPDATE consents SET withdrawn_at = greatest($3, given_at) WHERE person_id = $1 AND purpose = $2 AND withdrawn_at IS NULL`, person, purpose, s.now())
		if err != nil {
			return pg.Translate(err)
		}
		if tag.RowsAffected() == 0 {
			return fault.New(fault.NotFound, "there is no such consent")
		}
		if then := s.o.Withdrawn[purpose]; then != nil {
			if err := then(ctx, tx, person); err != nil {
				return err
			}
		}
		return s.o.Trail(ctx, tx, s.now(), own(person, "consent.withdraw", "consent", person, map[string]string{"purpose": purpose}))
	})
}

const exportColumns = `id, state, requested_at, ready_at, expires_at, fetched_at, size_bytes`

// Exports are a person's, the newest first.
func (s *Store) Exports(ctx context.Context, person uuid.UUID) ([]privacy.Export, error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT `+exportColumns+` FROM data_exports WHERE person_id = $1 ORDER BY requested_at DESC LIMIT 10`, person)
	if err != nil {
		return nil, pg.Translate(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[privacy.Export])
	return list, pg.Translate(err)
}

// exportsADay bounds what one person may have put together.
const exportsADay = 3

// RequestExport begins to put together everything about a person; one at a
// time, and three a day.
func (s *Store) RequestExport(ctx context.Context, person uuid.UUID) (e privacy.Export, err error) {
	if e.ID, err = uuid.NewV7(); err != nil {
		return e, fmt.Errorf("new export's id: %w", err)
	}
	e.State, e.RequestedAt = privacy.Building, s.now()
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var building bool
		var today int
		err := tx.Pgx().QueryRow(ctx, `
			SELECT EXISTS (SELECT FROM data_exports WHERE person_id = p.id AND state = 'building'), (SELECT count(*) FROM data_exports WHERE person_id = p.id AND requested_at > $2)
			FROM people p WHERE id = $1 FOR UPDATE`, person, e.RequestedAt.Add(-24*time.Hour)).Scan(&building, &today)
		switch {
		case err != nil:
			return pg.Translate(err)
		case building:
			return fault.Coded(fault.Conflict, "export-under-way", "An export is being put together already.")
		case today >= exportsADay:
			return fault.Coded(fault.Conflict, "exports-used-up", "Three exports were asked for within a day; please try again tomorrow.")
		}
		if _, err := tx.Pgx().Exec(ctx, `INSERT INTO data_exports (id, person_id, requested_at) VALUES ($1, $2, $3)`, e.ID, person, e.RequestedAt); err != nil {
			return pg.Translate(err)
		}
		if err := s.o.Enqueue(ctx, tx, jobs.ExportData{ExportID: e.ID}); err != nil {
			return err
		}
		return s.o.Trail(ctx, tx, e.RequestedAt, own(person, "data-export.request", "data_export", e.ID, nil))
	})
	return e, err
}

// Deletion is a person's open request; nil: none.
func (s *Store) Deletion(ctx context.Context, person uuid.UUID) (*privacy.Deletion, error) {
	var d privacy.Deletion
	err := s.db.Pool().QueryRow(ctx, `SELECT requested_at, due_at FROM deletion_requests WHERE person_id = $1 AND cancelled_at IS NULL AND done_at IS NULL`, person).Scan(&d.RequestedAt, &d.DueAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &d, pg.Translate(err)
}

// RequestDeletion begins the wait before a person is deleted; asking again answers the one there is.
func (s *Store) RequestDeletion(ctx context.Context, person uuid.UUID) (d privacy.Deletion, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("new deletion's id: %w", err)
		}
		now := s.now()
		d = privacy.Deletion{RequestedAt: now, DueAt: now.AddDate(0, 0, s.o.Terms.DeletionDays)}
		tag, err := tx.Pgx().Exec(ctx, `
			INSERT INTO deletion_requests (id, person_id, requested_at, due_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (person_id) WHERE cancelled_at IS NULL AND done_at IS NULL DO NOTHING`, id, person, d.RequestedAt, d.DueAt)
		if err != nil {
			return pg.Translate(err)
		}
		if tag.RowsAffected() == 0 {
			return pg.Translate(tx.Pgx().QueryRow(ctx, `SELECT requested_at, due_at FROM deletion_requests WHERE person_id = $1 AND cancelled_at IS NULL AND done_at IS NULL`, person).Scan(&d.RequestedAt, &d.DueAt))
		}
		n := notify.Notice{Kind: notify.DeletionRequested, Person: person, Path: "/settings/privacy", Facts: map[string]string{"due": d.DueAt.Format(time.DateOnly)}, Once: id.String()}
		if err := s.o.Notifier.Send(ctx, tx, n); err != nil {
			return err
		}
		return s.o.Trail(ctx, tx, now, own(person, "account.ask-deletion", "person", person, map[string]any{"due": d.DueAt}))
	})
	return d, err
}

// CancelDeletion takes the request back; NotFound without one.
func (s *Store) CancelDeletion(ctx context.Context, person uuid.UUID) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		tag, err := tx.Pgx().Exec(ctx, `UPDATE deletion_requests SET cancelled_at = $2 WHERE person_id = $1 AND cancelled_at IS NULL AND done_at IS NULL`, person, s.now())
		if err != nil {
			return pg.Translate(err)
		}
		if tag.RowsAffected() == 0 {
			return fault.New(fault.NotFound, "no deletion was asked for")
		}
		return s.o.Trail(ctx, tx, s.now(), own(person, "account.keep", "person", person, nil))
	})
}
