package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/hourglass-lms/hourglass/internal/embedded"
	"github.com/hourglass-lms/hourglass/internal/study/simulate"
	"github.com/hourglass-lms/hourglass/migrations"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// simulateCmd looks for a history that breaks a promise about study time.
type simulateCmd struct {
	Seed      uint64 `default:"1" help:"Seed of the first history; the others count on from it."`
	Histories int    `default:"1000" help:"How many."`
	Workers   int    `default:"4" help:"How many at once, at most 15."`
	JSON      bool   `help:"Print one JSON object."`
}

// Run simulates and prints; a broken promise is a failure.
func (cmd simulateCmd) Run(ctx context.Context, io streams) (err error) {
	dir, err := os.MkdirTemp("", "hg-simulate-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
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
	report, err := simulate.Run(ctx, simulate.Options{
		PostgresURL: p.URL(), RedisURL: func(n int) string { return fmt.Sprintf("%s?db=%d", r.URL(), n) },
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

func (cmd simulateCmd) print(io streams, r simulate.Report) error {
	if cmd.JSON {
		if err := json.NewEncoder(io.out).Encode(r); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(io.out, `histories             %8d from seed %d, %.0f a second
sessions              %8d
beats sent            %8d, %d answered, %d rows of evidence
credited              %8d s
faults                %8d
refused because deliveries were lost before they were written: %d s
broken                %8d
`, r.Histories, r.Seed, r.PerSecond, r.Sessions, r.Beats, r.Answered, r.Evidence, r.CreditedS, r.Faults, r.UnwrittenS, len(r.Violations))
	}
	if len(r.Violations) > 0 {
		return fmt.Errorf("%d of %d histories broke a promise; --seed %d --histories 1 plays the first again", len(r.Violations), r.Histories, r.Violations[0].Seed)
	}
	return nil
}
