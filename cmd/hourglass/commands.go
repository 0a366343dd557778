package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"github.com/hourglass-lms/hourglass/internal/app"
	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/media/pdfpages"
)

// commands are all subcommands; their settings come from the environment.
type commands struct {
	Version kong.VersionFlag `help:"Print the version."`

	Serve    serveCmd    `cmd:"" help:"Answer requests: pages and API."`
	Worker   workerCmd   `cmd:"" help:"Work on background jobs: videos, hours."`
	Demo     demoCmd     `cmd:"" help:"Run the whole product on this machine with demonstration content."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database to this version."`
	Config   configCmd   `cmd:"" help:"Print every setting with its meaning and present value."`
	Admin    adminCmd    `cmd:"" help:"Create organisations, people and roles."`
	Ledger   ledgerCmd   `cmd:"" help:"Check the register of hours; make its signing key."`
	Bench    benchCmd    `cmd:"" help:"Measure on this machine."`
	Simulate simulateCmd `cmd:"" help:"Look for a history that breaks a promise about study time."`
	Faults   faultsCmd   `cmd:"" help:"Kill servers while people study, and look for what was lost."`
	OpenAPI  openAPICmd  `cmd:"" name:"openapi" help:"Print the description of the API (OpenAPI 3.1)."`
	PDFPages pdfPagesCmd `cmd:"" name:"pdf-pages" hidden:"" help:"Count the pages of the PDF on standard input, within bounds."`
}

type serveCmd struct{}

// Run answers requests until the program is told to stop.
func (serveCmd) Run(ctx context.Context, io streams) error {
	c, err := config.Load(os.Getenv, app.ServeNeeds...)
	if err != nil {
		return err
	}
	return app.Serve(ctx, c, app.Logger(io.err, c))
}

type workerCmd struct{}

// Run works on jobs until the program is told to stop.
func (workerCmd) Run(ctx context.Context, io streams) error {
	c, err := config.Load(os.Getenv, app.WorkerNeeds...)
	if err != nil {
		return err
	}
	return app.Work(ctx, c, app.Logger(io.err, c))
}

type migrateCmd struct{}

// Run migrates the database.
func (migrateCmd) Run(ctx context.Context, io streams) error {
	c, err := config.Load(os.Getenv, "DATABASE_URL")
	if err != nil {
		return err
	}
	return app.Migrate(ctx, c, app.Logger(io.err, c))
}

// pdfPagesCmd is started by a worker, for one document each.
type pdfPagesCmd struct{}

// Run counts and says what came of it.
func (pdfPagesCmd) Run(ctx context.Context, io streams) error {
	return pdfpages.Run(ctx, os.Stdin, io.out)
}

type configCmd struct {
	JSON bool `help:"As JSON."`
}

// Run prints the settings.
func (cmd configCmd) Run(io streams) error {
	all := config.Describe(os.Getenv)
	if cmd.JSON {
		e := json.NewEncoder(io.out)
		e.SetIndent("", "  ")
		return e.Encode(all)
	}
	w := tabwriter.NewWriter(io.out, 2, 4, 2, ' ', 0)
	for _, d := range all {
		state := d.Value
		switch {
		case d.Problem != "":
			state += "  <- " + d.Problem
		case !d.Set && d.Default != "":
			state += "  (default)"
		case !d.Set && d.Required:
			state = "(not set, required)"
		case !d.Set:
			state = "(not set)"
		}
		fmt.Fprintf(w, "%s\t%s\n\t%s\n", d.Name, state, d.Meaning)
	}
	return w.Flush()
}

type openAPICmd struct{}

// Run prints the description of the API.
func (openAPICmd) Run(io streams) error {
	_, api := httpapi.NewRouterAPI(httpapi.Options{})
	data, err := json.MarshalIndent(api.OpenAPI(), "", "  ")
	if err != nil {
		return fmt.Errorf("write the description: %w", err)
	}
	_, err = fmt.Fprintln(io.out, string(data))
	return err
}
