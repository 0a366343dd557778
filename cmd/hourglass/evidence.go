package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/app"
	"github.com/hourglass-lms/hourglass/internal/config"
)

type evidenceCmd struct {
	Verify evidenceVerifyCmd `cmd:"" help:"Recompute chain, credit and records, and name what is not right."`
}

type evidenceVerifyCmd struct {
	Session uuid.UUID `xor:"scope" help:"Of one session."`
	Day     string    `xor:"scope" help:"Of the sessions opened on a UTC day, e.g. 2026-01-31; without either, of all."`
	JSON    bool      `help:"Print one JSON object."`
}

// Run prints what was found; finding anything wrong is a failure.
func (cmd evidenceVerifyCmd) Run(ctx context.Context, io streams) (err error) {
	var day time.Time
	if cmd.Day != "" {
		if day, err = time.Parse(time.DateOnly, cmd.Day); err != nil {
			return errors.New("--day must be a date, e.g. 2026-01-31")
		}
	}
	c, err := config.Load(os.Getenv, "DATABASE_URL")
	if err != nil {
		return err
	}
	f, err := app.VerifyEvidence(ctx, c, app.Logger(io.err, c), cmd.Session, day)
	if err != nil {
		return explain(err)
	}
	if cmd.JSON {
		err = json.NewEncoder(io.out).Encode(f)
	} else {
		for _, w := range f.Wrong {
			_, _ = fmt.Fprintln(io.out, w)
		}
		_, err = fmt.Fprintf(io.out, "%d sessions, %d beats recomputed, %d records, of which %d without their beats; %d mistakes\n", f.Sessions, f.Beats, f.Records, f.Gone, f.Mistakes)
	}
	if err == nil && f.Mistakes > 0 {
		return errShown
	}
	return err
}
