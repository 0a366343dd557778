package identitydb

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity/oidc"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Join gives a person a role in an organisation and notes it in the trail, as
// given by somebody; what is held already stays as it is (orgdb.AddMembershipIn).
type Join func(ctx context.Context, tx *pg.Tx, by, person, orgID uuid.UUID, role org.Role) error

// Providers is the oidc.Store in PostgreSQL.
type Providers struct {
	db    *pg.DB
	trail Trail
	join  Join
}

// NewProviders makes a store on a database.
func NewProviders(db *pg.DB, trail Trail, join Join) *Providers { return &Providers{db, trail, join} }

const settings = `
	SELECT o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en, o.lineage, coalesce(p.enabled AND o.closed_at IS NULL, false), coalesce(p.issuer, ''), coalesce(p.client_id, ''),
		p.secret_sealed, coalesce(p.claim, ''), coalesce(p.rules, '[]'), coalesce(p.domains, '{}'), coalesce(p.revision, 0)
	FROM organisations o LEFT JOIN sign_in_providers p ON p.org_id = o.id `

func scanSettings(row pgx.CollectableRow) (s oidc.Settings, err error) {
	err = row.Scan(&s.Org.ID, &s.Org.Kind, &s.Org.Level, &s.Org.NameZh, &s.Org.NameEn, &s.Lineage, &s.Enabled, &s.Issuer, &s.ClientID, &s.Sealed, &s.Claim, &s.Rules, &s.Domains, &s.Revision)
	return s, err
}

func settingsOf(ctx context.Context, q pg.Querier, orgID uuid.UUID) (oidc.Settings, error) {
	rows, err := q.Query(ctx, settings+`WHERE o.id = $1`, orgID)
	if err != nil {
		return oidc.Settings{}, pg.Translate(err)
	}
	s, err := pgx.CollectExactlyOneRow(rows, scanSettings)
	return s, pg.Translate(err)
}

// Settings has Revision 0 when nothing is set.
func (s *Providers) Settings(ctx context.Context, orgID uuid.UUID) (oidc.Settings, error) {
	return settingsOf(ctx, s.db.Pool(), orgID)
}

// kept is what the trail says of settings: the secret never.
func kept(s oidc.Settings) map[string]any {
	return map[string]any{"enabled": s.Enabled, "issuer": s.Issuer, "client_id": s.ClientID, "has_secret": s.Sealed != nil, "claim": s.Claim, "rules": s.Rules, "domains": s.Domains}
}

// change does one edit of an organisation's settings, and tells the trail.
func (s *Providers) change(ctx context.Context, action string, by, orgID uuid.UUID, now time.Time, edit func(ctx context.Context, tx pgx.Tx, before oidc.Settings) error) (after oidc.Settings, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		// The organisation's row: the provider's may not be there yet.
		if _, err := tx.Pgx().Exec(ctx, `SELECT FROM organisations WHERE id = $1 FOR NO KEY UPDATE`, orgID); err != nil {
			return pg.Translate(err)
		}
		before, err := settingsOf(ctx, tx.Pgx(), orgID)
		if err != nil {
			return err
		}
		if err := edit(ctx, tx.Pgx(), before); err != nil {
			return pg.Translate(err)
		}
		if after, err = settingsOf(ctx, tx.Pgx(), orgID); err != nil {
			return err
		}
		return s.trail(ctx, tx, now, audit.Event{Actor: by, Action: action, ObjectKind: "organisation", Object: orgID, Org: orgID, Before: kept(before), After: kept(after)})
	})
	return after, err
}

// SaveSettings is Precondition when the revision has moved on.
func (s *Providers) SaveSettings(ctx context.Context, by uuid.UUID, n oidc.Settings, now time.Time) (oidc.Settings, error) {
	return s.change(ctx, "sign-in-provider.change", by, n.Org.ID, now, func(ctx context.Context, tx pgx.Tx, before oidc.Settings) error {
		if before.Revision != n.Revision {
			return fault.New(fault.Precondition, "Somebody else changed these settings since you read them.")
		}
		rules := n.Rules
		if rules == nil {
			rules = []oidc.Rule{}
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO sign_in_providers (org_id, enabled, issuer, client_id, secret_sealed, claim, rules, revision, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)
			ON CONFLICT (org_id) DO UPDATE SET enabled = $2, issuer = $3, client_id = $4, secret_sealed = $5, claim = $6, rules = $7, revision = sign_in_providers.revision + 1, updated_at = $8`,
			n.Org.ID, n.Enabled, n.Issuer, n.ClientID, n.Sealed, n.Claim, rules, now)
		return err
	})
}

// SaveDomains keeps what a department above confirmed.
func (s *Providers) SaveDomains(ctx context.Context, by, orgID uuid.UUID, domains []string, now time.Time) (oidc.Settings, error) {
	return s.change(ctx, "sign-in-provider.confirm-domains", by, orgID, now, func(ctx context.Context, tx pgx.Tx, _ oidc.Settings) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO sign_in_providers (org_id, domains, revision, updated_at) VALUES ($1, $2, 1, $3)
			ON CONFLICT (org_id) DO UPDATE SET domains = $2, revision = sign_in_providers.revision + 1, updated_at = $3`, orgID, domains, now)
		return err
	})
}

// Offered are organisations one can sign in with, by part of a name, ten at most.
func (s *Providers) Offered(ctx context.Context, query string) ([]oidc.Settings, error) {
	rows, err := s.db.Pool().Query(ctx, settings+`WHERE p.enabled AND o.closed_at IS NULL AND (o.name_zh ILIKE $1 OR o.name_en ILIKE $1) ORDER BY char_length(o.name_zh), o.name_zh, o.id LIMIT 10`, "%"+pg.Like(query)+"%")
	if err != nil {
		return nil, pg.Translate(err)
	}
	out, err := pgx.CollectRows(rows, scanSettings)
	return out, pg.Translate(err)
}

// CreateFlow keeps a sign-in under way; Store.Sweep clears away those that were left.
func (s *Providers) CreateFlow(ctx context.Context, f oidc.Flow) error {
	_, err := s.db.Pool().Exec(ctx, `
		INSERT INTO sign_in_flows (state_hash, browser_hash, org_id, issuer, back, person_id, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		f.State[:], f.Browser[:], f.Org, f.Issuer, f.Back, pg.OrNull(f.Asking), f.Expires)
	return pg.Translate(err)
}

// TakeFlow gives a flow out once. To another browser it stays: nobody can end somebody else's.
func (s *Providers) TakeFlow(ctx context.Context, state, browser [32]byte, now time.Time) (oidc.Flow, error) {
	f := oidc.Flow{State: state, Browser: browser}
	var asking *uuid.UUID
	err := s.db.Pool().QueryRow(ctx, `
		DELETE FROM sign_in_flows WHERE state_hash = $1 AND browser_hash = $2 AND expires_at > $3 RETURNING org_id, issuer, back, person_id, expires_at`, state[:], browser[:], now).
		Scan(&f.Org, &f.Issuer, &f.Back, &asking, &f.Expires)
	if asking != nil {
		f.Asking = *asking
	}
	return f, pg.Translate(err)
}
