package identitydb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// CreateSignIn keeps the hash of a fresh token.
func (s *Store) CreateSignIn(ctx context.Context, in identity.SignInRecord) error {
	_, err := s.db.Pool().Exec(ctx, `
		INSERT INTO sign_ins (token_hash, person_id, created_at, seen_at, expires_at, user_agent, address)
		VALUES ($1, $2, $3, $3, $4, $5, $6)`,
		in.Hash[:], in.PersonID, in.CreatedAt, in.ExpiresAt, in.Client.UserAgent, in.Client.Address)
	return pg.Translate(err)
}

// ActorByToken is who a token signs in and when it was last used: one query,
// by the primary key and the index of memberships by person.
func (s *Store) ActorByToken(ctx context.Context, hash identity.TokenHash, now time.Time) (*identity.Actor, time.Time, error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT p.id, p.name, p.locale, s.seen_at, m.org_id, m.role, o.kind
		FROM sign_ins s
		JOIN people p ON p.id = s.person_id AND p.merged_into IS NULL AND p.erased_at IS NULL
		LEFT JOIN memberships m ON m.person_id = p.id AND m.since <= $2 AND (m.until IS NULL OR m.until > $2)
		LEFT JOIN organisations o ON o.id = m.org_id
		WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > $2
		ORDER BY m.since, m.id`, hash[:], now)
	if err != nil {
		return nil, time.Time{}, pg.Translate(err)
	}
	var a identity.Actor
	var seen time.Time
	var orgID *uuid.UUID
	var role, kind *string
	_, err = pgx.ForEachRow(rows, []any{&a.PersonID, &a.Name, &a.Locale, &seen, &orgID, &role, &kind}, func() error {
		if orgID != nil {
			a.Memberships = append(a.Memberships, identity.Membership{OrgID: *orgID, OrgKind: *kind, Role: identity.Role(*role)})
		}
		return nil
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("actor by token: %w", pg.Translate(err))
	}
	if a.PersonID == uuid.Nil {
		return nil, time.Time{}, nil
	}
	return &a, seen, nil
}

// Touch notes the last use; two servers at once write it once a minute all the same.
func (s *Store) Touch(ctx context.Context, hash identity.TokenHash, seen, expires time.Time) error {
	_, err := s.db.Pool().Exec(ctx, `
		UPDATE sign_ins SET seen_at = $2, expires_at = $3
		WHERE token_hash = $1 AND revoked_at IS NULL AND seen_at <= $2::timestamptz - interval '1 minute'`, hash[:], seen, expires)
	return pg.Translate(err)
}

// Revoke ends a sign-in; one that has ended or never was stays as it is.
func (s *Store) Revoke(ctx context.Context, hash identity.TokenHash, now time.Time) error {
	_, err := s.db.Pool().Exec(ctx, `UPDATE sign_ins SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL`, hash[:], now)
	return pg.Translate(err)
}

// Sweep deletes sign-ins that ended a month ago, access tokens that ended three months ago and first answers older than a day.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	for _, sql := range []string{
		`DELETE FROM sign_ins WHERE least(expires_at, coalesce(revoked_at, expires_at)) < $1::timestamptz - interval '30 days'`,
		`DELETE FROM access_tokens WHERE least(expires_at, coalesce(revoked_at, expires_at)) < $1::timestamptz - interval '90 days'`,
		`DELETE FROM idempotency_keys WHERE created_at < $1::timestamptz - interval '24 hours'`,
	} {
		if _, err := s.db.Pool().Exec(ctx, sql, now); err != nil {
			return fmt.Errorf("sweep: %w", pg.Translate(err))
		}
	}
	return nil
}
