package app

import (
	"context"
	"log/slog"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/internal/org/orgdb"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Admin is what creates the first organisations and people.
type Admin struct {
	Organisations *orgdb.Store
	Accounts      *identity.Accounts
	db            *pg.DB
}

// OpenAdmin needs the database alone.
func OpenAdmin(ctx context.Context, c *config.Config, log *slog.Logger) (*Admin, error) {
	db, err := pg.Open(ctx, pg.Options{URL: c.DatabaseURL, MaxConns: 2, Logger: log})
	if err != nil {
		return nil, &config.Error{Name: config.Prefix + "DATABASE_URL", Why: err.Error()}
	}
	keys := identitydb.NewWith(db, identitydb.Options{Trail: auditdb.Append})
	return &Admin{orgdb.With(db, orgdb.Options{Trail: auditdb.Append}), identity.NewAccounts(identity.Options{Store: keys, Logger: log}), db}, nil
}

// Close gives the database back.
func (a *Admin) Close() { a.db.Close() }
