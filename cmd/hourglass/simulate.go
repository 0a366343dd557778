package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/hourglass-lms/hourglass/internal/embedded"
	"github.com/hourglass-lms/hourglass/internal/study/simulate"
	"github.com/hourglass-lms/hourglass/migrations"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// simulateCmd looks for a history that breaks a promise about study time.
type simulateCmd struct {
	Seed      uint64 `default:"1" help:"Seed of the first history; the others count on from it."`
	Histories int    `default:"1000" help:"How many."`
	Workers   int    `default:"4" help:"How many worlds of 128 histories at once, at most 15."`
	JSON      bool   `help:"Print one JSON object."`
}

// Run simulates and prints; a broken promise is a failure.
func (cmd simulateCmd) Run(ctx context.Context, io streams) (err error) {
	dir, err := os.MkdirTemp("", "hg-simulate-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	debug.SetGCPercent(400) // it holds little and makes much
	// A crash of the machine is not simulated, so nothing is flushed.
	p, err := embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: filepath.Join(dir, "database"), Fast: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	r, err := embedded.StartRedis(filepath.Join(dir, "redis"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if err := migrated(ctx, p.URL()); err != nil {
		return err
	}
	databases, err := copies(ctx, p.URL(), min(max(cmd.Workers, 1), 15))
	if err != nil {
		return err
	}
	report, err := simulate.Run(ctx, simulate.Options{
		PostgresURL: func(n int) string { return databases[n] }, RedisURL: func(n int) string { return fmt.Sprintf("%s?db=%d", r.URL(), n) },
		Seed: cmd.Seed, Histories: cmd.Histories, Workers: cmd.Workers, Log: io.err,
	})
	if err != nil {
		return err
	}
	return cmd.print(io, report)
}

func migrated(ctx context.Context, url string) error {
	db, err := pg.Open(ctx, pg.Options{URL: url})
	if err != nil {
		return err
	}
	defer db.Close()
	return migrations.Up(ctx, db.Pool(), slog.New(slog.DiscardHandler))
}

// copies makes a database for each worker, which empties its tables again and again.
func copies(ctx context.Context, address string, n int) (all []string, err error) {
	base, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	template := strings.TrimPrefix(base.Path, "/")
	admin := *base
	admin.Path = "/postgres"
	db, err := pg.Open(ctx, pg.Options{URL: admin.String()})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	for i := range n {
		name := fmt.Sprintf("worker_%d", i)
		if _, err := db.Pool().Exec(ctx, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, template)); err != nil {
			return nil, fmt.Errorf("copy the database: %w", err)
		}
		one := *base
		one.Path = "/" + name
		q := one.Query()
		q.Set("plan_cache_mode", "force_generic_plan") // planning took longer than doing
		one.RawQuery = q.Encode()
		all = append(all, one.String())
	}
	return all, nil
}

func (cmd simulateCmd) print(io streams, r simulate.Report) error {
	if cmd.JSON {
		if err := json.NewEncoder(io.out).Encode(r); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(io.out, `histories  %10d from seed %d in %.0f s, %.0f a second
sessions   %10d, %d lessons completed
beats sent %10d, %d answered, %d refused, %d rows of evidence
credited   %10d s: %d confirmed, %d forfeited, %d pending at the end
checks     %10d asked, %d passed, %d answered wrongly, %d missed, %d extended, %d owed to a later session
faults     %10d, %d segments fetched again
broken     %10d
`, r.Histories, r.Seed, r.Seconds, r.PerSecond, r.Sessions, r.Completed, r.Beats, r.Answered, r.Refused, r.Evidence,
			r.CreditedMS/1000, r.ConfirmedMS/1000, r.ForfeitedMS/1000, r.PendingMS/1000,
			r.Checks.Asked, r.Checks.Passed, r.Checks.Wrong, r.Checks.Missed, r.Checks.Extended, r.Checks.Owed, r.Faults, r.Refetched, len(r.Violations))
	}
	if len(r.Violations) > 0 {
		return fmt.Errorf("%d of %d histories broke a promise; --seed %d --histories 1 plays the first again", len(r.Violations), r.Histories, r.Violations[0].Seed)
	}
	return nil
}
