package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/internal/identity/identityredis"
	"github.com/hourglass-lms/hourglass/internal/identity/oidc"
	"github.com/hourglass-lms/hourglass/internal/identity/oidcclient"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// addSignIn plugs in the other ways to be known: a program's token, and an
// organisation's provider.
func (a *App) addSignIn() {
	s, db, now := &a.domains.services, a.parts.db, time.Now
	join := func(ctx context.Context, tx *pg.Tx, by, person, orgID uuid.UUID, role org.Role) error {
		_, err := a.domains.orgs.AddMembershipIn(ctx, tx, by, person, orgID, role)
		return err
	}
	s.AccessTokens = identity.NewAccessTokens(identity.AccessTokenOptions{
		Store: identitydb.NewAccessTokens(db, auditdb.Append), Throttle: identityredis.New(a.parts.redis), Demand: identity.Demand(a.cfg.SecondFactor), Now: now, Logger: a.log,
	})
	s.Providers = oidc.New(oidc.Options{
		Store: identitydb.NewProviders(db, auditdb.Append, join), Provider: oidcclient.New(oidcclient.Options{Networks: a.cfg.OIDCNetworks, Now: now}), Box: a.vault,
		Enter: a.domains.accounts.Enter, Leave: a.domains.accounts.Leave, Callback: a.cfg.PublicURL.String() + httpapi.Base + httpapi.ProviderCallback, Now: now,
		PlainLoopback: len(a.cfg.OIDCNetworks) > 0,
	})
}
