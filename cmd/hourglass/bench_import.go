package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hourglass-lms/hourglass/internal/bench"
)

type benchImportCmd struct {
	People int  `default:"100000" help:"How many people the workbook holds."`
	JSON   bool `help:"Print JSON."`
}

// Run imports a workbook of people into a fresh database.
func (cmd benchImportCmd) Run(ctx context.Context, s streams) error {
	r, err := bench.Import(ctx, cmd.People)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return json.NewEncoder(s.out).Encode(r)
	}
	_, err = fmt.Fprintf(s.out, "%d people from an XLSX of %.1f MiB: %.1f s (looked through %.1f s, taken in %.1f s), %.0f rows/s, peak memory %.0f MiB\n",
		r.Rows, float64(r.FileBytes)/(1<<20), r.Seconds, r.CheckS, r.ApplyS, r.RowsPerS, r.PeakRSSMiB)
	return err
}
