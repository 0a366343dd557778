package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hourglass-lms/hourglass/internal/bench"
)

type benchRightsCmd struct {
	Memberships int  `default:"1000000" help:"Memberships in the table."`
	Events      int  `default:"1000000" help:"Deeds in the audit trail."`
	Roles       int  `default:"50" help:"Roles of the person who asks."`
	JSON        bool `help:"Print one JSON object."`
}

// Run measures and prints.
func (cmd benchRightsCmd) Run(ctx context.Context, s streams) error {
	r, err := bench.Rights(ctx, bench.RightsOptions{Memberships: cmd.Memberships, Events: cmd.Events, Roles: cmd.Roles})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return json.NewEncoder(s.out).Encode(r)
	}
	if _, err := fmt.Fprintf(s.out, "check of a right      %8.2f µs with %d roles; where it is held %.2f µs\nwho asks              %8.0f µs with %d roles, %.0f µs with one, of %d memberships (median, the query whole)\n",
		r.CheckUS, r.Roles, r.ScopeUS, r.AuthenticateUS, r.Roles, r.AuthenticateOneUS, r.Memberships); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(r.Trail)) {
		if _, err := fmt.Fprintf(s.out, "audit trail, page     %8.1f ms %s, of %d deeds\n", r.Trail[name], name, r.Events); err != nil {
			return err
		}
	}
	return nil
}
