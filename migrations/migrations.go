// Package migrations holds the database's schema as numbered steps and runs
// those a database has not had yet.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed *.sql
var files embed.FS

// riverVersion pins the tables of the job queue to what the library in go.mod expects.
const riverVersion = 8

// Up brings the database to the newest step. Several programs may call it at
// once: a lock of the database lets one work and the others find it done.
func Up(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) error {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("migration lock: %w", err)
	}
	p, db, err := provider(pool, goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	done, err := p.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	for _, step := range done {
		log.InfoContext(ctx, "migrated", "step", step.Source.Path, "took", step.Duration)
	}
	return queueUp(ctx, pool)
}

// Pending lists the steps a database still lacks; serve refuses to start on one.
func Pending(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	// Without the lock: looking needs none, and its waiters wait by seconds.
	p, db, err := provider(pool)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	states, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	var out []string
	for _, s := range states {
		if s.State == goose.StatePending {
			out = append(out, s.Source.Path)
		}
	}
	m, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return nil, fmt.Errorf("job queue's migrations: %w", err)
	}
	valid, err := m.Validate(ctx, &rivermigrate.ValidateOpts{TargetVersion: riverVersion})
	if err != nil {
		return nil, fmt.Errorf("check the job queue's tables: %w", err)
	}
	if !valid.OK {
		out = append(out, "job queue")
	}
	return out, nil
}

func provider(pool *pgxpool.Pool, o ...goose.ProviderOption) (*goose.Provider, *sql.DB, error) {
	db := stdlib.OpenDBFromPool(pool)
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, o...)
	if err != nil {
		return nil, nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, db, nil
}

func queueUp(ctx context.Context, pool *pgxpool.Pool) error {
	m, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return fmt.Errorf("job queue's migrations: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, &rivermigrate.MigrateOpts{TargetVersion: riverVersion}); err != nil {
		return fmt.Errorf("migrate the job queue: %w", err)
	}
	return nil
}

// Files are the numbered steps as they are embedded.
func Files() embed.FS { return files }
