package identitydb

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// CreateSignIn keeps the hash of a fresh token. news is told when the person
// signed in before, and never from a device like this one.
func (s *Store) CreateSignIn(ctx context.Context, in identity.SignInRecord, news identity.Note) error {
	return pg.Translate(s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var strange bool
		err := tx.Pgx().QueryRow(ctx, `
			WITH made AS (
				INSERT INTO sign_ins (token_hash, person_id, created_at, seen_at, expires_at, user_agent, address, device, method, study_name, proved_at)
				VALUES ($1, $2, $3, $3, $4, $5, $6, left($7, 100), $8, $9, $3) RETURNING device)
			SELECT EXISTS (SELECT FROM sign_ins WHERE person_id = $2) AND NOT EXISTS (SELECT FROM sign_ins s, made WHERE s.person_id = $2 AND s.device = made.device)`,
			in.Hash[:], in.PersonID, in.CreatedAt, in.ExpiresAt, in.Client.UserAgent, in.Client.Address, in.Client.Device, cmp.Or(in.Method, "password"), in.Study).Scan(&strange)
		if err != nil || !strange {
			return err
		}
		return s.note(ctx, tx, in.CreatedAt, news)
	}))
}

// ActorByToken is who a token signs in and when it was last used: one query,
// by the primary key and the index of memberships by person.
func (s *Store) ActorByToken(ctx context.Context, hash identity.TokenHash, now time.Time) (*identity.Actor, time.Time, error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT p.id, p.name, p.locale, s.seen_at, s.id, coalesce(s.proved_at, s.created_at), `+hasFactor+`, m.org_id, m.role, o.kind
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
	_, err = pgx.ForEachRow(rows, []any{&a.PersonID, &a.Name, &a.Locale, &seen, &a.SignIn, &a.ProvedAt, &a.SecondFactor, &orgID, &role, &kind}, func() error {
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
func (s *Store) Touch(ctx context.Context, hash identity.TokenHash, study []byte, seen, expires time.Time, longest time.Duration) error {
	_, err := s.db.Pool().Exec(ctx, `
		UPDATE sign_ins SET seen_at = $2, expires_at = least($3, created_at + $5::interval), study_name = coalesce(study_name, $4)
		WHERE token_hash = $1 AND revoked_at IS NULL AND seen_at <= $2::timestamptz - interval '1 minute'`, hash[:], seen, expires, study, longest)
	return pg.Translate(err)
}

// Revoke ends a sign-in; one that has ended or never was stays as it is.
func (s *Store) Revoke(ctx context.Context, hash identity.TokenHash, now time.Time) error {
	_, err := s.db.Pool().Exec(ctx, `UPDATE sign_ins SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL`, hash[:], now)
	return pg.Translate(err)
}

// Sweep deletes sign-ins and links that ended a month ago, access tokens that
// ended three months ago, what was begun and not finished, and first answers older than a day.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	for _, sql := range []string{
		`DELETE FROM sign_ins WHERE least(expires_at, coalesce(revoked_at, expires_at)) < $1::timestamptz - interval '30 days'`,
		`DELETE FROM access_tokens WHERE least(expires_at, coalesce(revoked_at, expires_at)) < $1::timestamptz - interval '90 days'`,
		`DELETE FROM account_proofs WHERE expires_at < $1::timestamptz - interval '30 days'`,
		`DELETE FROM passkey_ceremonies WHERE expires_at < $1`,
		`DELETE FROM pending_sign_ins WHERE expires_at < $1`,
		`DELETE FROM sign_in_flows WHERE expires_at < $1`,
		`DELETE FROM totp_factors WHERE confirmed_at IS NULL AND created_at < $1::timestamptz - interval '1 day'`,
		`DELETE FROM idempotency_keys WHERE created_at < $1::timestamptz - interval '24 hours'`,
	} {
		if _, err := s.db.Pool().Exec(ctx, sql, now); err != nil {
			return fmt.Errorf("sweep: %w", pg.Translate(err))
		}
	}
	return nil
}
