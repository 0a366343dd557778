package app

import (
	"context"
	"net"
	"net/url"
	"time"

	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/breachedfile"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/internal/identity/identityjob"
	"github.com/hourglass-lms/hourglass/internal/identity/passkey"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

func (a *App) accountStore(n identitydb.Notifier) *identitydb.Store {
	return identitydb.NewWith(a.parts.db, identitydb.Options{Notifier: n, Trail: auditdb.Append})
}

// newAccounts puts sign-in together with all that guards it.
func (a *App) newAccounts(throttle identity.Throttle) (*identity.Accounts, error) {
	var err error
	o := identity.Options{
		Store: a.accountStore(a.notices()), Throttle: throttle, Logger: a.log, Now: time.Now,
		Links: a.links, Box: a.vault, Demand: identity.Demand(a.cfg.SecondFactor), Later: a.mailResetLater,
	}
	if o.Passkeys, err = passkeysAt(a.cfg.PublicURL); err != nil {
		return nil, &config.Error{Name: config.Prefix + "PUBLIC_URL", Why: err.Error()}
	}
	if dir := a.cfg.BreachedPasswords; dir != "" {
		if o.Breached, err = breachedfile.Open(dir); err != nil {
			return nil, &config.Error{Name: config.Prefix + "BREACHED_PASSWORDS", Why: err.Error()}
		}
	}
	return identity.NewAccounts(o), nil
}

// passkeysAt is nil at a bare network address: passkeys belong to a domain.
func passkeysAt(public *url.URL) (identity.Passkeys, error) {
	if ip := net.ParseIP(public.Hostname()); ip != nil && !ip.IsLoopback() {
		return nil, nil
	}
	return passkey.New(public)
}

func (a *App) mailResetLater(ctx context.Context, folded string) error {
	return a.parts.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		return a.jobs.Enqueue(ctx, tx, jobs.MailReset{Email: folded})
	})
}

// addAccountWorker registers who mails links that set a password.
func (a *App) addAccountWorker(w *river.Workers) error {
	accounts := identity.NewAccounts(identity.Options{Store: a.accountStore(a.notices()), Logger: a.log, Now: time.Now})
	return river.AddWorkerSafely(w, identityjob.New(accounts.MailReset))
}
