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

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Notifier tells people, if and only if the transaction commits. notifydb is the real one.
type Notifier interface {
	Send(ctx context.Context, tx *pg.Tx, n ...notify.Notice) error
}

// Trail writes a deed into the audit trail, in the transaction of the deed.
type Trail func(ctx context.Context, tx *pg.Tx, at time.Time, e audit.Event) error

// Options put a store together.
type Options struct {
	Notifier Notifier // nil: nobody is told
	Trail    Trail    // nil: no deed is kept
}

// Store is the identity.Store in PostgreSQL.
type Store struct {
	db *pg.DB
	o  Options
}

// New makes a store on a database that tells nobody, for who only looks.
func New(db *pg.DB) *Store { return NewWith(db, Options{}) }

// NewWith makes a store on a database.
func NewWith(db *pg.DB, o Options) *Store { return &Store{db, o} }

// note tells and keeps what a change brings, in its transaction.
func (s *Store) note(ctx context.Context, tx *pg.Tx, at time.Time, n identity.Note) error {
	if s.o.Trail != nil {
		for _, e := range n.Trail {
			if err := s.o.Trail(ctx, tx, at, e); err != nil {
				return err
			}
		}
	}
	if s.o.Notifier == nil || len(n.Tell) == 0 {
		return nil
	}
	return s.o.Notifier.Send(ctx, tx, n.Tell...)
}

// change is one transaction that ends with its note.
func (s *Store) change(ctx context.Context, at time.Time, n identity.Note, do func(ctx context.Context, tx *pg.Tx) error) error {
	return pg.Translate(s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if err := do(ctx, tx); err != nil {
			return err
		}
		return s.note(ctx, tx, at, n)
	}))
}

// CreateAccount writes the person and the account in one transaction.
func (s *Store) CreateAccount(ctx context.Context, a identity.Account, n identity.Note) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if err := open(ctx, tx, a); err != nil {
			return err
		}
		return s.note(ctx, tx, a.CreatedAt, n)
	})
	return taken(err)
}

// open writes a person and their account.
func open(ctx context.Context, tx *pg.Tx, a identity.Account) error {
	_, err := tx.Pgx().Exec(ctx, `INSERT INTO people (id, name, locale, created_at) VALUES ($1, $2, $3, $4)`, a.PersonID, a.Name, a.Locale, a.CreatedAt)
	if err != nil {
		return fmt.Errorf("insert person: %w", err)
	}
	_, err = tx.Pgx().Exec(ctx, `
		INSERT INTO accounts (person_id, email, email_folded, password_hash, created_at, updated_at, email_verified_at)
		VALUES ($1, $2, $3, $4, $5, $5, $6)`, a.PersonID, a.Email, a.EmailFolded, a.PasswordHash, a.CreatedAt, a.VerifiedAt)
	if err != nil {
		return fmt.Errorf("insert account: %w", err)
	}
	return nil
}

// taken names an address that is somebody else's.
func taken(err error) error {
	var already *pgconn.PgError
	if errors.As(err, &already) && already.ConstraintName == "accounts_email_folded_key" {
		return fault.Coded(fault.Conflict, "email-taken", "There is an account with this address already.", fault.Field{Path: "body.email", Message: "is taken"})
	}
	return pg.Translate(err)
}

// AccountByEmail is NotFound when nobody signs in with the folded address: a
// record that joined another or was erased does no more.
func (s *Store) AccountByEmail(ctx context.Context, folded string) (identity.Account, error) {
	a, err := accountBy(ctx, s.db.Pool(), `a.email_folded = $1`, folded)
	if err != nil {
		return identity.Account{}, fmt.Errorf("account by address: %w", err)
	}
	return a, nil
}

// AccountByPerson is NotFound when the person has none.
func (s *Store) AccountByPerson(ctx context.Context, person uuid.UUID) (identity.Account, error) {
	a, err := accountBy(ctx, s.db.Pool(), `a.person_id = $1`, person)
	if err != nil {
		return identity.Account{}, fmt.Errorf("account of %s: %w", person, err)
	}
	return a, nil
}

// hasFactor is true for the person of a row p.
const hasFactor = `(EXISTS (SELECT FROM totp_factors f WHERE f.person_id = p.id AND f.confirmed_at IS NOT NULL) OR EXISTS (SELECT FROM passkeys k WHERE k.person_id = p.id))`

func accountBy(ctx context.Context, q pg.Querier, where string, key any) (a identity.Account, err error) {
	err = q.QueryRow(ctx, `
		SELECT a.person_id, p.name, p.locale, a.email, a.email_folded, a.password_hash, a.created_at, a.email_verified_at, `+hasFactor+`
		FROM accounts a JOIN people p ON p.id = a.person_id AND p.merged_into IS NULL AND p.erased_at IS NULL WHERE `+where, key).
		Scan(&a.PersonID, &a.Name, &a.Locale, &a.Email, &a.EmailFolded, &a.PasswordHash, &a.CreatedAt, &a.VerifiedAt, &a.SecondFactor)
	return a, pg.Translate(err)
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
		SELECT p.id, p.name, p.locale, coalesce(a.email, ''), a.email_verified_at IS NOT NULL, `+hasFactor+`, m.role, o.id, o.kind, o.level, o.name_zh, o.name_en
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
	_, err = pgx.ForEachRow(rows, []any{&out.PersonID, &out.Name, &out.Locale, &out.Email, &out.Verified, &out.SecondFactor, &role, &orgID, &kind, &level, &zh, &en}, func() error {
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
