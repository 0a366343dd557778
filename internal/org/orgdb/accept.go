package orgdb

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// staffOf are where a person is on the staff of an employer now.
const staffOf = `
	FROM memberships m JOIN organisations o ON o.id = m.org_id
	WHERE m.person_id = $1 AND m.role = 'professional' AND m.until IS NULL AND o.kind = 'employer' AND o.id <> $2 ORDER BY m.since, m.id`

// Shown is an invitation as whoever holds its proof sees it; viewer is who is
// signed in (uuid.Nil: nobody).
func (s *Store) Shown(ctx context.Context, id, viewer uuid.UUID) (v org.Shown, err error) {
	if v.Invitation, err = s.Invitation(ctx, id); err != nil {
		return v, err
	}
	if err := s.db.Pool().QueryRow(ctx, `SELECT EXISTS (SELECT FROM accounts WHERE email_folded = $1)`, v.Folded).Scan(&v.Known); err != nil {
		return v, pg.Translate(err)
	}
	if viewer == uuid.Nil || !v.JoinsStaff() {
		return v, nil
	}
	rows, err := s.db.Pool().Query(ctx, `SELECT o.id, o.kind, '', o.name_zh, o.name_en`+staffOf, viewer, v.Org.ID)
	if err != nil {
		return v, pg.Translate(err)
	}
	v.Employers, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (o org.Ref, err error) {
		return o, row.Scan(&o.ID, &o.Kind, &o.Level, &o.NameZh, &o.NameEn)
	})
	return v, pg.Translate(err)
}

// Accept gives the invited role to a person, once. With move the person leaves
// the staff of every other employer in the same moment: they have changed
// employers, and their record goes with them.
func (s *Store) Accept(ctx context.Context, id, person uuid.UUID, move bool) (i org.Invitation, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if i, err = lockInvitation(ctx, tx, id); err != nil {
			return err
		}
		var own string
		err := tx.Pgx().QueryRow(ctx, `SELECT coalesce((SELECT email FROM accounts WHERE person_id = $1), '')`, person).Scan(&own)
		if err != nil {
			return pg.Translate(err)
		}
		folded, _ := s.o.Address(own)
		now := s.now().UTC()
		if err := i.Accept(folded, now); err != nil {
			return err
		}
		if _, err := tx.Pgx().Exec(ctx, `UPDATE invitations SET accepted_at = $2, accepted_by = $3 WHERE id = $1`, id, now, person); err != nil {
			return pg.Translate(err)
		}
		if err := s.noteInvitation(ctx, tx, person, i, "accept"); err != nil {
			return err
		}
		return s.join(ctx, tx, i, person, move)
	})
	return i, err
}

func (s *Store) join(ctx context.Context, tx *pg.Tx, i org.Invitation, person uuid.UUID, move bool) error {
	if !move || !i.JoinsStaff() {
		_, err := s.AddMembershipIn(ctx, tx, person, person, i.Org.ID, i.Role)
		return err
	}
	rows, err := tx.Pgx().Query(ctx, `SELECT m.id`+staffOf, person, i.Org.ID)
	if err != nil {
		return pg.Translate(err)
	}
	held, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return pg.Translate(err)
	}
	for _, m := range held {
		if _, err := s.transfer(ctx, tx, person, m, i.Org.ID); err != nil {
			return fmt.Errorf("leave by %s: %w", m, err)
		}
	}
	if len(held) == 0 {
		_, err = s.AddMembershipIn(ctx, tx, person, person, i.Org.ID, i.Role)
	}
	return err
}
