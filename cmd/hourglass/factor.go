package main

import (
	"context"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/app"
)

type factorCmd struct {
	Email string `required:"" help:"Address of the account."`
}

// Run takes the second factors away and prints whose they were.
func (cmd factorCmd) Run(ctx context.Context, io streams) error {
	return withAdmin(ctx, io, deed{"forget-factors", nil, uuid.Nil, uuid.Nil}, func(ctx context.Context, a *app.Admin) (any, error) {
		return a.Accounts.ForgetFactors(ctx, cmd.Email)
	})
}
