package app

import (
	"time"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/internal/identity/identityredis"
)

// addSignIn plugs in the other ways to be known: a program's token.
func (a *App) addSignIn() {
	a.domains.services.AccessTokens = identity.NewAccessTokens(identity.AccessTokenOptions{
		Store: identitydb.NewAccessTokens(a.parts.db, auditdb.Append), Throttle: identityredis.New(a.parts.redis), Now: time.Now, Logger: a.log,
	})
}
