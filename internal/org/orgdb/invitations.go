package orgdb

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
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

const selectInvitation = `
	SELECT i.id, o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en, o.lineage, i.role, i.email, i.email_folded, i.locale, i.invited_by, p.name,
	       i.created_at, i.sent_at, i.sends, i.expires_at, i.accepted_at, i.accepted_by, i.revoked_at, o.closed_at IS NOT NULL
	FROM invitations i JOIN organisations o ON o.id = i.org_id JOIN people p ON p.id = i.invited_by`

func scanInvitation(row pgx.Row) (i org.Invitation, err error) {
	o, by := &i.Org, &i.InvitedBy
	err = row.Scan(&i.ID, &o.ID, &o.Kind, &o.Level, &o.NameZh, &o.NameEn, &i.Lineage, &i.Role, &i.Email, &i.Folded, &i.Locale, &by.ID, &by.Name,
		&i.Created, &i.Sent, &i.Sends, &i.Expires, &i.AcceptedAt, &i.AcceptedBy, &i.RevokedAt, &i.OrgClosed)
	return i, pg.Translate(err)
}

// Invitation is one.
func (s *Store) Invitation(ctx context.Context, id uuid.UUID) (org.Invitation, error) {
	return scanInvitation(s.db.Pool().QueryRow(ctx, selectInvitation+` WHERE i.id = $1`, id))
}

// Invite asks somebody by mail to take a role. An address that is asked for
// the same role already is a Conflict coded "already-invited".
func (s *Store) Invite(ctx context.Context, n org.NewInvitation) (i org.Invitation, err error) {
	if n.Locale == "" {
		n.Locale = "zh-CN"
	}
	folded, ok := s.o.Address(n.Email)
	if !ok {
		return i, fault.New(fault.Invalid, "the invitation is not valid", fault.Field{Path: "email", Message: "is not an e-mail address"})
	}
	id, err := uuid.NewV7()
	if err != nil {
		return i, fmt.Errorf("new invitation's id: %w", err)
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		o, err := scanOne(tx.Pgx().QueryRow(ctx, selectOrg+` WHERE id = $1 FOR SHARE`, n.Org))
		if err != nil {
			return err
		}
		if err := n.Check(o); err != nil {
			return err
		}
		if err := s.mayInvite(ctx, tx, n, folded); err != nil {
			return err
		}
		now := s.now().UTC()
		_, err = tx.Pgx().Exec(ctx, `
			INSERT INTO invitations (id, org_id, role, email, email_folded, locale, invited_by, created_at, sent_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`,
			id, n.Org, n.Role, n.Email, folded, n.Locale, n.By, now, now.Add(org.InvitationLife))
		if err != nil {
			return taken(err)
		}
		i, err = s.send(ctx, tx, id)
		if err != nil {
			return err
		}
		return s.noteInvitation(ctx, tx, n.By, i, "invite")
	})
	return i, err
}

func taken(err error) error {
	var pe *pgconn.PgError
	if errors.As(err, &pe) && pe.ConstraintName == "invitations_open" {
		return fault.Coded(fault.Conflict, "already-invited", "This address has been invited to this role already; send that invitation again.")
	}
	return pg.Translate(err)
}

// mayInvite bounds how much mail an organisation sends, and leaves those alone
// who hold the role.
func (s *Store) mayInvite(ctx context.Context, tx *pg.Tx, n org.NewInvitation, folded string) error {
	var today int
	var holds bool
	err := tx.Pgx().QueryRow(ctx, `
		SELECT (SELECT count(*) FROM invitations WHERE org_id = $1 AND created_at > $2),
		       EXISTS (SELECT FROM memberships m JOIN accounts a ON a.person_id = m.person_id WHERE m.org_id = $1 AND m.role = $3 AND m.until IS NULL AND a.email_folded = $4)`,
		n.Org, s.now().Add(-24*time.Hour), n.Role, folded).Scan(&today, &holds)
	switch {
	case err != nil:
		return pg.Translate(err)
	case holds:
		return fault.Coded(fault.Conflict, "already-member", "Whoever has this address holds this role already.")
	case today >= org.MaxInvitedDaily:
		return fault.Later(fault.TooMany, time.Hour, "This organisation has invited very many people today. Go on tomorrow, or import a list.")
	}
	return nil
}

// send tells the address, in the transaction, what it is invited to.
func (s *Store) send(ctx context.Context, tx *pg.Tx, id uuid.UUID) (org.Invitation, error) {
	i, err := scanInvitation(tx.Pgx().QueryRow(ctx, selectInvitation+` WHERE i.id = $1`, id))
	if err != nil {
		return i, err
	}
	return i, s.tell(ctx, tx, notify.Notice{
		Kind: notify.Invitation, Address: i.Email, Locale: i.Locale, Path: "/invitation", Link: &notify.Link{Purpose: org.InvitationPurpose, ID: id}, Once: fmt.Sprintf("%s:%d", id, i.Sends),
		Facts: map[string]string{
			"organisation": i.Org.NameZh, "organisation_en": i.Org.NameEn, "role": string(i.Role), "by": i.InvitedBy.Name, "expires": i.Expires.UTC().Format(time.RFC3339),
		},
	})
}

func (s *Store) noteInvitation(ctx context.Context, tx *pg.Tx, by uuid.UUID, i org.Invitation, verb string) error {
	return s.note(ctx, tx, audit.Event{
		Actor: by, Action: "invitation." + verb, ObjectKind: "invitation", Object: i.ID, Org: i.Org.ID, After: map[string]any{"role": i.Role, "email": i.Email, "expires_at": i.Expires},
	})
}

func lockInvitation(ctx context.Context, tx *pg.Tx, id uuid.UUID) (org.Invitation, error) {
	return scanInvitation(tx.Pgx().QueryRow(ctx, selectInvitation+` WHERE i.id = $1 FOR UPDATE OF i`, id))
}

// Resend sends an invitation once more; it holds anew from now on.
func (s *Store) Resend(ctx context.Context, by, id uuid.UUID) (i org.Invitation, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		old, err := lockInvitation(ctx, tx, id)
		if err != nil {
			return err
		}
		now := s.now().UTC()
		if err := old.Again(now); err != nil {
			return err
		}
		if _, err := tx.Pgx().Exec(ctx, `UPDATE invitations SET sent_at = $2, sends = sends + 1, expires_at = $3 WHERE id = $1`, id, now, now.Add(org.InvitationLife)); err != nil {
			return pg.Translate(err)
		}
		if i, err = s.send(ctx, tx, id); err != nil {
			return err
		}
		return s.noteInvitation(ctx, tx, by, i, "resend")
	})
	return i, err
}

// Revoke takes an invitation back.
func (s *Store) Revoke(ctx context.Context, by, id uuid.UUID) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		i, err := lockInvitation(ctx, tx, id)
		if err != nil {
			return err
		}
		now := s.now().UTC()
		if err := i.Revoke(now); err != nil {
			return err
		}
		if _, err := tx.Pgx().Exec(ctx, `UPDATE invitations SET revoked_at = $2 WHERE id = $1`, id, now); err != nil {
			return pg.Translate(err)
		}
		return s.noteInvitation(ctx, tx, by, i, "revoke")
	})
}

// Invitations is one page of an organisation's, the last first: those that are
// waiting (expired ones too), or all.
func (s *Store) Invitations(ctx context.Context, orgID uuid.UUID, all bool, limit int, cursor string) (list org.InvitationList, err error) {
	after, err := readCursor(cursor)
	if err != nil {
		return list, err
	}
	limit = min(max(limit, 1), 100)
	const waiting = `i.accepted_at IS NULL AND i.revoked_at IS NULL`
	rows, err := s.db.Pool().Query(ctx, selectInvitation+`
		WHERE i.org_id = $1 AND ($2 OR `+waiting+`) AND ($3::uuid IS NULL OR i.id < $3) ORDER BY i.id DESC LIMIT $4`, orgID, all, after, limit+1)
	if err != nil {
		return list, pg.Translate(err)
	}
	if list.Items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (org.Invitation, error) { return scanInvitation(row) }); err != nil {
		return list, pg.Translate(err)
	}
	if len(list.Items) > limit {
		list.Items = list.Items[:limit]
		list.NextCursor = new(list.Items[limit-1].ID.String())
	}
	err = s.db.Pool().QueryRow(ctx, `SELECT count(*) FROM invitations i WHERE i.org_id = $1 AND `+waiting, orgID).Scan(&list.Open)
	return list, pg.Translate(err)
}
