// Command hourglass is the whole product in one program.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the build.
var version = "unknown"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], streams{os.Stdout, os.Stderr}); err != nil {
		if !errors.Is(err, errShown) {
			fmt.Fprintln(os.Stderr, "hourglass: "+err.Error())
		}
		stop()
		os.Exit(1)
	}
}

// run is the program without its process: what tests and main share.
func run(ctx context.Context, args []string, io streams) error {
	var c commands
	exited := false
	parser, err := kong.New(&c, kong.Name("hourglass"), kong.Description("Distance learning with verified study time."),
		kong.Writers(io.out, io.err), kong.Exit(func(int) { exited = true }), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(io), kong.Vars{"version": version})
	if err != nil {
		return fmt.Errorf("describe the commands: %w", err)
	}
	parsed, err := parser.Parse(args)
	if exited {
		return nil
	}
	if err != nil {
		return err
	}
	return parsed.Run()
}

// errShown ends the program with a failure whose words are out already.
var errShown = errors.New("shown")

// streams are where results and everything else go.
type streams struct{ out, err io.Writer }
