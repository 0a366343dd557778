package identitydb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/oidc"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Settle decides whom a provider's answer signs in, and carries it out.
func (s *Providers) Settle(ctx context.Context, set oidc.Settings, c oidc.Claims, asking uuid.UUID, now time.Time) (person uuid.UUID, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		// One answer of an organisation about one subject at a time: two would make two accounts.
		if _, err := tx.Pgx().Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 32))`, set.Org.ID.String()+" "+c.Subject); err != nil {
			return pg.Translate(err)
		}
		known, err := s.known(ctx, tx.Pgx(), set, c, asking, now)
		if err != nil {
			return err
		}
		out, err := oidc.Decide(set, c, known)
		if err != nil {
			return err
		}
		if person = out.Person; person == uuid.Nil {
			if person, err = s.open(ctx, tx, set, c, now); err != nil {
				return err
			}
		}
		if err := s.tie(ctx, tx, set, c, person, out.Link, now); err != nil {
			return err
		}
		return s.give(ctx, tx, set, person, out.Join, now)
	})
	return person, err
}

// candidate reads one person with their standing in the organisation ($1) at a moment ($2).
const candidate = `
	SELECT p.id, coalesce((SELECT max(CASE WHEN m.until IS NULL OR m.until > $2 THEN 2 ELSE 1 END) FROM memberships m WHERE m.person_id = p.id AND m.org_id = $1 AND m.since <= $2), 0),
		coalesce(a.email_verified_at IS NOT NULL, false)
	FROM (SELECT * FROM people WHERE merged_into IS NULL AND erased_at IS NULL) p LEFT JOIN accounts a ON a.person_id = p.id `

func (s *Providers) known(ctx context.Context, tx pgx.Tx, set oidc.Settings, c oidc.Claims, asking uuid.UUID, now time.Time) (k oidc.Known, err error) {
	find := func(into **oidc.Candidate, where string, args ...any) {
		var found oidc.Candidate
		var standing int
		e := tx.QueryRow(ctx, candidate+where, append([]any{set.Org.ID, now}, args...)...).Scan(&found.Person, &standing, &found.Proven)
		switch {
		case e == nil:
			found.Standing = [...]oidc.Standing{oidc.Stranger, oidc.Former, oidc.Member}[standing]
			*into = &found
		case !errors.Is(e, pgx.ErrNoRows):
			err = errors.Join(err, pg.Translate(e))
		}
	}
	find(&k.Linked, `JOIN sign_in_links l ON l.person_id = p.id WHERE l.org_id = $1 AND l.issuer = $3 AND l.subject = $4`, set.Issuer, c.Subject)
	if asking != uuid.Nil {
		find(&k.Asking, `WHERE p.id = $3`, asking)
	} else if folded := identity.FoldEmail(c.Email); folded != "" && k.Linked == nil {
		find(&k.ByEmail, `WHERE a.email_folded = $3`, folded)
	}
	return k, err
}

// open makes the account of somebody new. No password fits it; one can be set by mail.
func (s *Providers) open(ctx context.Context, tx *pg.Tx, set oidc.Settings, c oidc.Claims, now time.Time) (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return id, fmt.Errorf("new person's id: %w", err)
	}
	name, locale := oidc.Newcomer(c)
	if err := open(ctx, tx, identity.Account{PersonID: id, Name: name, Locale: locale, Email: c.Email, EmailFolded: identity.FoldEmail(c.Email), CreatedAt: now, VerifiedAt: &now}); err != nil {
		return id, taken(err)
	}
	return id, s.trail(ctx, tx, now, audit.Event{Actor: id, Action: "account.open", ObjectKind: "person", Object: id, Subject: id, Org: set.Org.ID, After: map[string]any{"by": "sign-in-provider", "issuer": set.Issuer}})
}

// tie keeps the link, or notes that it was used.
func (s *Providers) tie(ctx context.Context, tx *pg.Tx, set oidc.Settings, c oidc.Claims, person uuid.UUID, fresh bool, now time.Time) error {
	if !fresh {
		_, err := tx.Pgx().Exec(ctx, `UPDATE sign_in_links SET used_at = $4 WHERE org_id = $1 AND issuer = $2 AND subject = $3`, set.Org.ID, set.Issuer, c.Subject, now)
		return pg.Translate(err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("new link's id: %w", err)
	}
	_, err = tx.Pgx().Exec(ctx, `
		INSERT INTO sign_in_links (id, person_id, org_id, issuer, subject, created_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
		id, person, set.Org.ID, set.Issuer, c.Subject, now)
	if err != nil {
		return pg.Translate(err)
	}
	return s.trail(ctx, tx, now, audit.Event{Actor: person, Action: "sign-in-link.create", ObjectKind: "sign_in_link", Object: id, Subject: person, Org: set.Org.ID, After: map[string]any{"issuer": set.Issuer}})
}

// give gives the role that the claim names, unless it is held: one that ends
// at a time to come is held until then.
func (s *Providers) give(ctx context.Context, tx *pg.Tx, set oidc.Settings, person uuid.UUID, role org.Role, now time.Time) error {
	var held bool
	err := tx.Pgx().QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM memberships WHERE person_id = $1 AND org_id = $2 AND role = $3 AND (until IS NULL OR until > $4))`, person, set.Org.ID, role, now).Scan(&held)
	if err != nil || held {
		return pg.Translate(err)
	}
	return s.join(ctx, tx, person, person, set.Org.ID, role)
}

// Links are a person's accounts at providers, the oldest first.
func (s *Providers) Links(ctx context.Context, person uuid.UUID) ([]oidc.Link, error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT l.id, l.created_at, l.used_at, o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en, coalesce(p.enabled AND p.issuer = l.issuer AND o.closed_at IS NULL, false)
		FROM sign_in_links l JOIN organisations o ON o.id = l.org_id LEFT JOIN sign_in_providers p ON p.org_id = l.org_id
		WHERE l.person_id = $1 ORDER BY l.created_at, l.id LIMIT 100`, person)
	if err != nil {
		return nil, pg.Translate(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l oidc.Link, err error) {
		o := &l.Org.Org
		err = row.Scan(&l.ID, &l.Created, &l.Used, &o.ID, &o.Kind, &o.Level, &o.NameZh, &o.NameEn, &l.Org.Enabled)
		return l, err
	})
	return out, pg.Translate(err)
}

// Unlink ends one of a person's links; NotFound for anybody else's.
func (s *Providers) Unlink(ctx context.Context, person, id uuid.UUID, now time.Time) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var orgID uuid.UUID
		if err := tx.Pgx().QueryRow(ctx, `DELETE FROM sign_in_links WHERE id = $1 AND person_id = $2 RETURNING org_id`, id, person).Scan(&orgID); err != nil {
			return pg.Translate(err)
		}
		return s.trail(ctx, tx, now, audit.Event{Actor: person, Action: "sign-in-link.end", ObjectKind: "sign_in_link", Object: id, Subject: person, Org: orgID})
	})
}
