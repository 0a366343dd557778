package registrydb

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/registry"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Plant enters hours without evidence, so that a demonstration has something to
// show; entering them again changes nothing. Forbidden for everybody whose
// address could be somebody's: a name that ends in .example never leads
// anywhere (RFC 2606), so that no real person is ever given such an hour.
func (s *Store) Plant(ctx context.Context, p registry.Planted) error {
	err := s.appendOnce(ctx, p.Key(), func(ctx context.Context, tx *pg.Tx) error {
		if err := mustBeInvented(ctx, tx.Pgx(), p.Person); err != nil {
			return err
		}
		zone, err := zoneOf(ctx, tx.Pgx(), p.Person)
		if err != nil {
			return err
		}
		entry, err := p.Entry(zone, s.now())
		if err != nil {
			return err
		}
		if entry.ID, err = uuid.NewV7(); err != nil {
			return fmt.Errorf("new entry's id: %w", err)
		}
		return appendEntry(ctx, tx.Pgx(), &entry)
	})
	if err != nil {
		return fmt.Errorf("plant hours of %s: %w", p.Person, err)
	}
	return nil
}

func mustBeInvented(ctx context.Context, tx pgx.Tx, person uuid.UUID) error {
	var invented bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM accounts WHERE person_id = $1 AND email_folded LIKE '%@%.example')`, person).Scan(&invented)
	if err == nil && !invented {
		return fault.New(fault.Forbidden, "hours without evidence are given to nobody who may be real")
	}
	return pg.Translate(err)
}
