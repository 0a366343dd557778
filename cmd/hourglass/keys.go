package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/hourglass-lms/hourglass/internal/app"
	"github.com/hourglass-lms/hourglass/internal/config"
)

type keysCmd struct {
	Rotate keysRotateCmd `cmd:"" help:"Seal everything anew: put a new secret first in HOURGLASS_SECRET_KEYS of every program, restart them, run this, and take the older secrets away."`
}

type keysRotateCmd struct {
	Resume bool `help:"Go on with a rotation that was stopped, without making another key."`
}

// Run rotates and prints what was done; a row that did not open is a failure.
func (cmd keysRotateCmd) Run(ctx context.Context, io streams) error {
	c, err := config.Load(os.Getenv, "DATABASE_URL", "SECRET_KEYS")
	if err != nil {
		return err
	}
	r, err := app.RotateKeys(ctx, c, app.Logger(io.err, c), cmd.Resume)
	if err != nil {
		return fmt.Errorf("%w; what was done holds, go on with --resume", err)
	}
	if err := json.NewEncoder(io.out).Encode(r); err != nil {
		return err
	}
	if len(r.Damaged) > 0 {
		return fmt.Errorf("%d rows did not open and were left as they are", len(r.Damaged))
	}
	return nil
}
