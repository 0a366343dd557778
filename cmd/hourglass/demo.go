package main

import (
	"context"

	"github.com/hourglass-lms/hourglass/internal/app"
)

type demoCmd struct {
	Listen string   `default:"127.0.0.1:8080" help:"Address and port; port 0 takes a free one."`
	Data   string   `default:".demo" type:"path" help:"Folder for all data; kept for the next start."`
	JSON   bool     `help:"Print one JSON line when ready."`
	Only   []string `help:"Publish only these courses, by the names of their folders."`
	Debug  bool     `help:"Log everything."`
}

// Run runs the demonstration until the program is told to stop.
func (cmd demoCmd) Run(ctx context.Context, io streams) error {
	return app.Demo(ctx, app.DemoOptions{Listen: cmd.Listen, Dir: cmd.Data, JSON: cmd.JSON, Only: cmd.Only, Debug: cmd.Debug, Out: io.out, Err: io.err})
}
