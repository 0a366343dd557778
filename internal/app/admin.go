package app

import (
	"context"
	"log/slog"
	"maps"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/internal/notify/notifydb"
	"github.com/hourglass-lms/hourglass/internal/org/orgdb"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Admin is what creates the first organisations and people.
type Admin struct {
	Organisations *orgdb.Store
	Accounts      *identity.Accounts
	Notices       *notifydb.Store // reads, and lets addresses be reached again; it tells nobody
	db            *pg.DB
}

// OpenAdmin needs the database alone.
func OpenAdmin(ctx context.Context, c *config.Config, log *slog.Logger) (*Admin, error) {
	db, err := pg.Open(ctx, pg.Options{URL: c.DatabaseURL, MaxConns: 2, Logger: log})
	if err != nil {
		return nil, &config.Error{Name: config.Prefix + "DATABASE_URL", Why: err.Error()}
	}
	keys := identitydb.NewWith(db, identitydb.Options{Trail: auditdb.Append})
	return &Admin{orgdb.With(db, orgdb.Options{Trail: auditdb.Append}), identity.NewAccounts(identity.Options{Store: keys, Logger: log}), notifydb.New(db, nil, nil), db}, nil
}

// Ran notes in the audit trail that somebody on this machine runs an
// administration command. It is called before the command is carried out, so
// that there is none without a trace; what the command is told stands in it,
// never a password or an address.
func (a *Admin) Ran(ctx context.Context, command string, told map[string]any, place, subject uuid.UUID) (context.Context, error) {
	what := map[string]any{"command": command}
	maps.Copy(what, told)
	ctx = audit.WithOrigin(ctx, audit.Origin{Address: "console", UserAgent: "hourglass admin " + command})
	e := audit.Event{Action: audit.AdminRun, ObjectKind: "admin_command", Org: place, Subject: subject, After: what}
	return ctx, auditdb.New(a.db, nil).Note(ctx, e)
}

// Close gives the database back.
func (a *Admin) Close() { a.db.Close() }
