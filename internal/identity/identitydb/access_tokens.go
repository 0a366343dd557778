package identitydb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// AccessTokens is the identity.AccessTokenStore in PostgreSQL.
type AccessTokens struct {
	db    *pg.DB
	trail Trail
}

// NewAccessTokens makes a store on a database.
func NewAccessTokens(db *pg.DB, trail Trail) *AccessTokens { return &AccessTokens{db, trail} }

// CreateAccessToken keeps the hash of a fresh token. The person's row is
// locked, so that two at once cannot both be the last that is allowed.
func (s *AccessTokens) CreateAccessToken(ctx context.Context, person uuid.UUID, hash identity.TokenHash, t identity.AccessToken) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if _, err := tx.Pgx().Exec(ctx, `SELECT FROM people WHERE id = $1 FOR NO KEY UPDATE`, person); err != nil {
			return pg.Translate(err)
		}
		var live int
		err := tx.Pgx().QueryRow(ctx, `SELECT count(*) FROM access_tokens WHERE person_id = $1 AND revoked_at IS NULL AND expires_at > $2`, person, t.CreatedAt).Scan(&live)
		if err != nil {
			return pg.Translate(err)
		}
		if live >= identity.MaxLiveTokens {
			return fault.Coded(fault.Conflict, "too-many-tokens", fmt.Sprintf("You have %d tokens that hold. Revoke one first.", live))
		}
		_, err = tx.Pgx().Exec(ctx, `
			INSERT INTO access_tokens (id, person_id, token_hash, name, scopes, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			t.ID, person, hash[:], t.Name, t.Scopes, t.CreatedAt, t.ExpiresAt)
		if err != nil {
			return pg.Translate(err)
		}
		return s.trail(ctx, tx, t.CreatedAt, audit.Event{
			Actor: person, Action: "access-token.create", ObjectKind: "access_token", Object: t.ID, Subject: person,
			After: map[string]any{"name": t.Name, "scopes": t.Scopes, "expires_at": t.ExpiresAt},
		})
	})
}

// AccessTokens are a person's, the newest first, without those that ended a month ago.
func (s *AccessTokens) AccessTokens(ctx context.Context, person uuid.UUID, now time.Time) ([]identity.AccessToken, error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT id, name, scopes, created_at, expires_at, used_at, used_from, revoked_at FROM access_tokens
		WHERE person_id = $1 AND least(expires_at, coalesce(revoked_at, expires_at)) > $2::timestamptz - interval '30 days'
		ORDER BY created_at DESC, id LIMIT 200`, person, now)
	if err != nil {
		return nil, pg.Translate(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t identity.AccessToken, err error) {
		err = row.Scan(&t.ID, &t.Name, &t.Scopes, &t.CreatedAt, &t.ExpiresAt, &t.UsedAt, &t.UsedFrom, &t.RevokedAt)
		return t, err
	})
	return out, pg.Translate(err)
}

// RevokeAccessToken ends a token; one that has ended stays as it is.
func (s *AccessTokens) RevokeAccessToken(ctx context.Context, person, id uuid.UUID, now time.Time) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var ended bool
		err := tx.Pgx().QueryRow(ctx, `
			SELECT revoked_at IS NOT NULL OR expires_at <= $3 FROM access_tokens WHERE id = $2 AND person_id = $1 FOR UPDATE`, person, id, now).Scan(&ended)
		if err != nil || ended {
			return pg.Translate(err)
		}
		if _, err := tx.Pgx().Exec(ctx, `UPDATE access_tokens SET revoked_at = $2 WHERE id = $1`, id, now); err != nil {
			return pg.Translate(err)
		}
		return s.trail(ctx, tx, now, audit.Event{Actor: person, Action: "access-token.revoke", ObjectKind: "access_token", Object: id, Subject: person})
	})
}

// ActorByAccessToken is whose token it is: one query, by the index of the
// hash and that of memberships by person.
func (s *AccessTokens) ActorByAccessToken(ctx context.Context, hash identity.TokenHash, now time.Time) (*identity.Actor, identity.AccessToken, error) {
	var t identity.AccessToken
	rows, err := s.db.Pool().Query(ctx, `
		SELECT t.id, t.scopes, t.used_at, p.id, p.name, p.locale, `+hasFactor+`, m.org_id, m.role, o.kind
		FROM access_tokens t
		JOIN people p ON p.id = t.person_id AND p.merged_into IS NULL AND p.erased_at IS NULL
		LEFT JOIN memberships m ON m.person_id = p.id AND m.since <= $2 AND (m.until IS NULL OR m.until > $2)
		LEFT JOIN organisations o ON o.id = m.org_id
		WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2
		ORDER BY m.since, m.id`, hash[:], now)
	if err != nil {
		return nil, t, pg.Translate(err)
	}
	var a identity.Actor
	var orgID *uuid.UUID
	var role, kind *string
	_, err = pgx.ForEachRow(rows, []any{&t.ID, &t.Scopes, &t.UsedAt, &a.PersonID, &a.Name, &a.Locale, &a.SecondFactor, &orgID, &role, &kind}, func() error {
		if orgID != nil {
			a.Memberships = append(a.Memberships, identity.Membership{OrgID: *orgID, OrgKind: *kind, Role: identity.Role(*role)})
		}
		return nil
	})
	if err != nil {
		return nil, t, fmt.Errorf("actor by access token: %w", pg.Translate(err))
	}
	if a.PersonID == uuid.Nil {
		return nil, t, nil
	}
	return &a, t, nil
}

// TouchAccessToken notes the last use; two servers at once write it once a minute all the same.
func (s *AccessTokens) TouchAccessToken(ctx context.Context, id uuid.UUID, seen time.Time, address string) error {
	_, err := s.db.Pool().Exec(ctx, `
		UPDATE access_tokens SET used_at = $2, used_from = left($3, 64)
		WHERE id = $1 AND (used_at IS NULL OR used_at <= $2::timestamptz - interval '1 minute')`, id, seen, address)
	return pg.Translate(err)
}
