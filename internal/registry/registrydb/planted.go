package registrydb

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/registry"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// RegisterElsewhere enters hours that another register vouches for: a source
// key of its own ('elsewhere:…') makes entering them again change nothing.
func (s *Store) RegisterElsewhere(ctx context.Context, e registry.Elsewhere) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if _, err := tx.Pgx().Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, ledgerLock); err != nil {
			return pg.Translate(err)
		}
		var done bool
		if err := tx.Pgx().QueryRow(ctx, `SELECT EXISTS (SELECT FROM ledger_entries WHERE source_key = $1)`, e.Key()).Scan(&done); err != nil || done {
			return pg.Translate(err)
		}
		zone, err := zoneOf(ctx, tx.Pgx(), e.Person)
		if err != nil {
			return err
		}
		entry, err := e.Entry(zone, s.now())
		if err != nil {
			return err
		}
		if entry.ID, err = uuid.NewV7(); err != nil {
			return fmt.Errorf("new entry's id: %w", err)
		}
		return appendEntry(ctx, tx.Pgx(), &entry)
	})
	if err != nil {
		return fmt.Errorf("register hours from elsewhere of %s: %w", e.Person, err)
	}
	return nil
}
