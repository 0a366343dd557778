package main

import (
	"context"

	"github.com/hourglass-lms/hourglass/internal/app"
)

// bouncesCmd looks after addresses that mail came back from.
type bouncesCmd struct {
	Reachable string `placeholder:"ADDRESS" help:"Send mail to this address again instead."`
}

// Run prints the addresses, or whether the one was among them.
func (cmd bouncesCmd) Run(ctx context.Context, io streams) error {
	return withAdmin(ctx, io, deed{command: "bounces", told: map[string]any{"reachable": cmd.Reachable != ""}}, func(ctx context.Context, a *app.Admin) (any, error) {
		if cmd.Reachable == "" {
			return a.Notices.Bounces(ctx)
		}
		was, err := a.Notices.Reachable(ctx, cmd.Reachable)
		return map[string]bool{"was_held_back": was}, err
	})
}
