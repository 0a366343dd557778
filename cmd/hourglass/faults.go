package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/hourglass-lms/hourglass/internal/faults"
)

// faultsCmd kills what study stands on while people study.
type faultsCmd struct {
	Seed     uint64 `default:"1" help:"Decides which faults come and in which order."`
	Faults   int    `default:"1000" help:"How many."`
	Learners int    `default:"32" help:"How many study at the same time."`
	JSON     bool   `help:"Print one JSON object."`
}

// Run strikes and prints; a broken promise is a failure.
func (cmd faultsCmd) Run(ctx context.Context, io streams) (err error) {
	dir, err := os.MkdirTemp("", "hg-faults-")
	if err != nil {
		return err
	}
	// PostgreSQL's own account must pass through it.
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	report, err := faults.Run(ctx, faults.Options{Seed: cmd.Seed, Faults: cmd.Faults, Learners: cmd.Learners, Dir: dir, Log: io.err})
	if err != nil || len(report.Breaches) > 0 {
		fmt.Fprintln(io.err, "what the servers said is in "+dir)
	} else if err = os.RemoveAll(dir); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	return errors.Join(cmd.print(io, report), broken(io, report))
}

func (cmd faultsCmd) print(io streams, r faults.Report) error {
	if cmd.JSON {
		return json.NewEncoder(io.out).Encode(r)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Kinds)) {
		fmt.Fprintf(io.out, "%-25s %6d\n", name, r.Kinds[name])
	}
	_, err := fmt.Fprintf(io.out, `faults                    %6d from seed %d, in %.0f s
people                    %6d in %d sessions: %d taken over, %d closed and reopened
beats acknowledged        %6d, %.0f s credited; %d fetched their parts once more, %d answered a presence check
lessons completed         %6d, each in the register once
beats again after         %6d ms median, %d ms 99th percentile, %d ms at most
acknowledged seconds lost %6.0f
seconds counted twice     %6.0f
promises broken           %6d
`, r.Faults, r.Seed, r.Seconds, r.People, r.Sessions, r.TakenOver, r.Reopened, r.Acknowledged, r.CreditedS, r.Redelivered, r.Checks, r.Completed,
		r.RecoveryMedianMS, r.RecoveryP99MS, r.RecoveryMostMS, r.LostS, r.TwiceS, len(r.Breaches))
	return err
}

// broken says which promises were, at most ten of them.
func broken(io streams, r faults.Report) error {
	if len(r.Breaches) == 0 {
		return nil
	}
	for _, b := range r.Breaches[:min(10, len(r.Breaches))] {
		fmt.Fprintf(io.err, "%s: %s (after fault %s)\n", b.Promise, b.What, b.After)
	}
	return fmt.Errorf("%d promises were broken with seed %d", len(r.Breaches), r.Seed)
}
