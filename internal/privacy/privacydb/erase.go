package privacydb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// EraseDue deletes everybody whose wait is over, at most most of them. Several
// programs may do it at once; one that cannot be deleted does not keep the others.
func (s *Store) EraseDue(ctx context.Context, most int) (done int, err error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT id FROM deletion_requests WHERE due_at <= $1 AND cancelled_at IS NULL AND done_at IS NULL ORDER BY due_at LIMIT $2`, s.now(), most)
	if err != nil {
		return 0, pg.Translate(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return 0, pg.Translate(err)
	}
	var failed []error
	for _, id := range list {
		mine, err := s.erase(ctx, id)
		if err != nil {
			failed = append(failed, fmt.Errorf("delete by request %s: %w", id, err))
		}
		if mine {
			done++
		}
	}
	return done, errors.Join(failed...)
}

// erase does one request; false when it was taken back or is done elsewhere.
func (s *Store) erase(ctx context.Context, request uuid.UUID) (mine bool, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		mine = false
		var person uuid.UUID
		var people []uuid.UUID
		err := tx.Pgx().QueryRow(ctx, `SELECT person_id, same_people(person_id) FROM deletion_requests WHERE id = $1 AND cancelled_at IS NULL AND done_at IS NULL FOR UPDATE SKIP LOCKED`, request).Scan(&person, &people)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return pg.Translate(err)
		}
		now := s.now()
		if err := s.farewell(ctx, tx, person, request); err != nil {
			return err
		}
		for _, t := range tables {
			if t.Erase == "" {
				continue
			}
			if _, err := tx.Pgx().Exec(ctx, t.Erase, pgx.NamedArgs{"people": people, "now": now}); err != nil {
				return fmt.Errorf("%s: %w", t.Name, pg.Translate(err))
			}
		}
		if _, err := tx.Pgx().Exec(ctx, `UPDATE deletion_requests SET done_at = $2 WHERE id = $1`, request, now); err != nil {
			return pg.Translate(err)
		}
		mine = true
		return s.o.Trail(ctx, tx, now, audit.Event{Action: "account.delete", ObjectKind: "person", Object: person, Subject: person, After: map[string]any{"records": len(people)}})
	})
	return mine && err == nil, err
}

// farewell goes to the address there was until now.
func (s *Store) farewell(ctx context.Context, tx *pg.Tx, person, request uuid.UUID) error {
	var address, locale string
	err := tx.Pgx().QueryRow(ctx, `SELECT a.email, p.locale FROM accounts a JOIN people p ON p.id = a.person_id WHERE p.id = $1`, person).Scan(&address, &locale)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return pg.Translate(err)
	}
	return s.o.Notifier.Send(ctx, tx, notify.Notice{Kind: notify.AccountDeleted, Address: address, Locale: locale, Path: "/privacy", Once: request.String()})
}

// rule is one of retention: what is older than Keep goes.
type rule struct {
	name string
	keep time.Duration
	sql  string // $1: what is before this moment goes
}

const year = 365 * 24 * time.Hour

var retention = []rule{
	{"consents that were taken back", 3 * year, `DELETE FROM consents WHERE withdrawn_at < $1`},
	{"exports that are gone", year, `DELETE FROM data_exports WHERE NOT stored AND state IN ('fetched', 'expired') AND requested_at < $1`},
	// Longer than its job is tried again: whoever waits for one cannot ask for another.
	{"exports that were never built", 14 * 24 * time.Hour, `UPDATE data_exports SET state = 'expired' WHERE state = 'building' AND requested_at < $1`},
	{"notes of requests to merge", 2 * year, `UPDATE merge_requests SET note = '' WHERE note <> '' AND decided_at < $1`},
}

// fetchTime is how long a download may last before its file goes.
const fetchTime = time.Hour

// Retain lets go of what policy no longer keeps.
func (s *Store) Retain(ctx context.Context) error {
	var failed []error
	now := s.now()
	for _, r := range retention {
		if _, err := s.db.Pool().Exec(ctx, r.sql, now.Add(-r.keep)); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", r.name, pg.Translate(err)))
		}
	}
	return errors.Join(append(failed, s.dropFiles(ctx, now))...)
}

// dropFiles deletes the files of exports that were fetched or not fetched in time.
func (s *Store) dropFiles(ctx context.Context, now time.Time) error {
	_, err := s.db.Pool().Exec(ctx, `UPDATE data_exports SET state = 'expired' WHERE state = 'ready' AND expires_at <= $1`, now)
	if err != nil {
		return pg.Translate(err)
	}
	rows, err := s.db.Pool().Query(ctx, `SELECT id FROM data_exports WHERE stored AND (state = 'expired' OR fetched_at < $1) LIMIT 1000`, now.Add(-fetchTime))
	if err != nil {
		return pg.Translate(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return pg.Translate(err)
	}
	for _, id := range list {
		if err := s.o.Objects.Delete(ctx, keyOf(id)); err != nil {
			return fmt.Errorf("delete export %s: %w", id, err)
		}
		if _, err := s.db.Pool().Exec(ctx, `UPDATE data_exports SET stored = false WHERE id = $1`, id); err != nil {
			return pg.Translate(err)
		}
	}
	return nil
}
