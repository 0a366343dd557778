package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hourglass-lms/hourglass/internal/app"
	"github.com/hourglass-lms/hourglass/internal/config"
)

type ledgerCmd struct {
	Verify ledgerVerifyCmd `cmd:"" help:"Recompute the whole register and name the first entry that is not right."`
	Key    ledgerKeyCmd    `cmd:"" help:"Make a key that signs checkpoints."`
}

type ledgerVerifyCmd struct{}

// Run checks the register from its first entry to its last.
func (ledgerVerifyCmd) Run(ctx context.Context, io streams) error {
	c, err := config.Load(os.Getenv, "DATABASE_URL", "LEDGER_KEY")
	if err != nil {
		return err
	}
	report, err := app.VerifyLedger(ctx, c, app.Logger(io.err, c))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(io.out, report)
	return err
}

type ledgerKeyCmd struct {
	Name string `required:"" help:"Who signs, as a name without spaces, e.g. hours.example.cn"`
}

// Run makes a key and prints both halves.
func (cmd ledgerKeyCmd) Run(io streams) error {
	secret, public, err := app.NewLedgerKey(cmd.Name)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "HOURGLASS_LEDGER_KEY=%s\n# publish this, so that anyone can check a checkpoint:\n# %s\n", secret, public)
	return err
}
