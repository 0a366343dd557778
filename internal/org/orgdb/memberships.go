package orgdb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// AddMembership gives a person a role in an organisation from now on. Adding
// what already holds answers the membership that holds.
func (s *Store) AddMembership(ctx context.Context, person, orgID uuid.UUID, role org.Role) (org.Membership, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return org.Membership{}, fmt.Errorf("new membership's id: %w", err)
	}
	var m org.Membership
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if err := mayHold(ctx, tx.Pgx(), person, orgID, role); err != nil {
			return err
		}
		// The update changes nothing; it makes the row that was there come back.
		rows, err := tx.Pgx().Query(ctx, `
			INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (person_id, org_id, role) WHERE until IS NULL DO UPDATE SET since = memberships.since
			RETURNING id, person_id, org_id, role, since, until`, id, person, orgID, role, s.now().UTC())
		if err != nil {
			return err
		}
		m, err = pgx.CollectExactlyOneRow(rows, scanMembership)
		return err
	})
	if err != nil {
		return org.Membership{}, fmt.Errorf("add %s of %s: %w", role, orgID, pg.Translate(err))
	}
	return m, nil
}

func mayHold(ctx context.Context, tx pgx.Tx, person, orgID uuid.UUID, role org.Role) error {
	o, err := scanOne(tx.QueryRow(ctx, selectOrg+` WHERE id = $1`, orgID))
	if fault.KindOf(err) == fault.NotFound {
		return fault.New(fault.Invalid, "the membership is not valid", fault.Field{Path: "org_id", Message: "there is no such organisation"})
	}
	if err != nil {
		return err
	}
	var known bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM people WHERE id = $1)`, person).Scan(&known); err != nil {
		return err
	}
	if !known {
		return fault.New(fault.Invalid, "the membership is not valid", fault.Field{Path: "person_id", Message: "there is no such person"})
	}
	return org.CheckRole(role, o.Kind)
}

// EndMembership ends a role at this moment. One that ended already is a Conflict.
func (s *Store) EndMembership(ctx context.Context, id uuid.UUID) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var since time.Time
		var until *time.Time
		err := tx.Pgx().QueryRow(ctx, `SELECT since, until FROM memberships WHERE id = $1 FOR UPDATE`, id).Scan(&since, &until)
		if err != nil {
			return fmt.Errorf("end membership %s: %w", id, pg.Translate(err))
		}
		if until != nil {
			return fault.New(fault.Conflict, "this membership has ended already")
		}
		// PostgreSQL keeps microseconds; a role ended in the moment it began still ends after it.
		end := s.now().UTC()
		if !end.After(since) {
			end = since.Add(time.Microsecond)
		}
		_, err = tx.Pgx().Exec(ctx, `UPDATE memberships SET until = $2 WHERE id = $1`, id, end)
		return pg.Translate(err)
	})
}

// Memberships are a person's, current and past, oldest first.
func (s *Store) Memberships(ctx context.Context, person uuid.UUID) ([]org.Membership, error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT id, person_id, org_id, role, since, until FROM memberships WHERE person_id = $1 ORDER BY since, id`, person)
	if err != nil {
		return nil, pg.Translate(err)
	}
	list, err := pgx.CollectRows(rows, scanMembership)
	if err != nil {
		return nil, fmt.Errorf("memberships of %s: %w", person, pg.Translate(err))
	}
	return list, nil
}

func scanMembership(row pgx.CollectableRow) (m org.Membership, err error) {
	return m, row.Scan(&m.ID, &m.PersonID, &m.OrgID, &m.Role, &m.Since, &m.Until)
}
