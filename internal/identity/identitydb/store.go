// Package identitydb keeps people, accounts, sign-ins and idempotency keys in PostgreSQL.
package identitydb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Store is the identity.Store in PostgreSQL.
type Store struct{ db *pg.DB }

// New makes a store on a database.
func New(db *pg.DB) *Store { return &Store{db} }

// CreateAccount writes the person and the account in one transaction.
func (s *Store) CreateAccount(ctx context.Context, a identity.Account) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		_, err := tx.Pgx().Exec(ctx, `INSERT INTO people (id, name, locale, created_at) VALUES ($1, $2, $3, $4)`, a.PersonID, a.Name, a.Locale, a.CreatedAt)
		if err != nil {
			return fmt.Errorf("insert person: %w", err)
		}
		_, err = tx.Pgx().Exec(ctx, `
			INSERT INTO accounts (person_id, email, email_folded, password_hash, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $5)`, a.PersonID, a.Email, a.EmailFolded, a.PasswordHash, a.CreatedAt)
		if err != nil {
			return fmt.Errorf("insert account: %w", err)
		}
		return nil
	})
	var taken *pgconn.PgError
	if errors.As(err, &taken) && taken.ConstraintName == "accounts_email_folded_key" {
		return fault.Coded(fault.Conflict, "email-taken", "There is an account with this address already.", fault.Field{Path: "body.email", Message: "is taken"})
	}
	return pg.Translate(err)
}

// AccountByEmail is NotFound when nobody signs in with the folded address: a
// record that joined another or was erased does no more.
func (s *Store) AccountByEmail(ctx context.Context, folded string) (identity.Account, error) {
	var a identity.Account
	err := s.db.Pool().QueryRow(ctx, `
		SELECT a.person_id, p.name, p.locale, a.email, a.email_folded, a.password_hash, a.created_at
		FROM accounts a JOIN people p ON p.id = a.person_id AND p.merged_into IS NULL AND p.erased_at IS NULL WHERE a.email_folded = $1`, folded).
		Scan(&a.PersonID, &a.Name, &a.Locale, &a.Email, &a.EmailFolded, &a.PasswordHash, &a.CreatedAt)
	if err != nil {
		return identity.Account{}, fmt.Errorf("account by address: %w", pg.Translate(err))
	}
	return a, nil
}

// Rehash puts a stronger hash in the place of the old one, unless the password
// was changed meanwhile.
func (s *Store) Rehash(ctx context.Context, person uuid.UUID, old, stronger string, now time.Time) error {
	_, err := s.db.Pool().Exec(ctx, `
		UPDATE accounts SET password_hash = $3, updated_at = $4 WHERE person_id = $1 AND password_hash = $2`, person, old, stronger, now)
	return pg.Translate(err)
}

// Profile is a person with the roles held at a moment, oldest first.
func (s *Store) Profile(ctx context.Context, person uuid.UUID, now time.Time) (identity.Profile, error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT p.id, p.name, p.locale, coalesce(a.email, ''), m.role, o.id, o.kind, o.level, o.name_zh, o.name_en
		FROM people p
		LEFT JOIN accounts a ON a.person_id = p.id
		LEFT JOIN memberships m ON m.person_id = p.id AND m.since <= $2 AND (m.until IS NULL OR m.until > $2)
		LEFT JOIN organisations o ON o.id = m.org_id
		WHERE p.id = $1 ORDER BY m.since, m.id`, person, now)
	if err != nil {
		return identity.Profile{}, pg.Translate(err)
	}
	var out identity.Profile
	var role, kind, level, zh, en *string
	var orgID *uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&out.PersonID, &out.Name, &out.Locale, &out.Email, &role, &orgID, &kind, &level, &zh, &en}, func() error {
		if role == nil {
			return nil
		}
		ref := org.Ref{ID: *orgID, Kind: org.Kind(*kind), NameZh: *zh, NameEn: *en}
		if level != nil {
			ref.Level = org.Level(*level)
		}
		out.Roles = append(out.Roles, identity.HeldRole{Role: identity.Role(*role), Org: ref})
		return nil
	})
	if err != nil {
		return identity.Profile{}, pg.Translate(err)
	}
	if out.PersonID == uuid.Nil {
		return identity.Profile{}, fault.New(fault.NotFound, "there is no such person")
	}
	return out, nil
}

// UpdatePerson changes what is not nil.
func (s *Store) UpdatePerson(ctx context.Context, person uuid.UUID, change identity.ProfileChange) error {
	tag, err := s.db.Pool().Exec(ctx, `
		UPDATE people SET name = coalesce($2, name), locale = coalesce($3, locale) WHERE id = $1`, person, change.Name, change.Locale)
	if err != nil {
		return pg.Translate(err)
	}
	if tag.RowsAffected() == 0 {
		return fault.New(fault.NotFound, "there is no such person")
	}
	return nil
}
