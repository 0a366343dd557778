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

// membership has the fields of org.Membership, so that one converts to the other.
type membership struct {
	ID       uuid.UUID  `gorm:"column:id;primaryKey"`
	PersonID uuid.UUID  `gorm:"column:person_id"`
	OrgID    uuid.UUID  `gorm:"column:org_id"`
	Role     org.Role   `gorm:"column:role"`
	Since    time.Time  `gorm:"column:since"`
	Until    *time.Time `gorm:"column:until"`
}

func (membership) TableName() string { return "memberships" }

// AddMembership gives a person a role in an organisation from now on. Adding
// what already holds answers the membership that holds.
func (s *Store) AddMembership(ctx context.Context, person, orgID uuid.UUID, role org.Role) (org.Membership, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return org.Membership{}, fmt.Errorf("new membership's id: %w", err)
	}
	var m membership
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if err := mayHold(ctx, tx.Pgx(), person, orgID, role); err != nil {
			return err
		}
		// The update changes nothing; it makes the row that was there come back.
		return tx.Gorm().Raw(`
			INSERT INTO memberships (id, person_id, org_id, role, since) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (person_id, org_id, role) WHERE until IS NULL DO UPDATE SET since = memberships.since
			RETURNING *`, id, person, orgID, role, s.now().UTC()).Take(&m).Error
	})
	if err != nil {
		return org.Membership{}, fmt.Errorf("add %s of %s: %w", role, orgID, pg.Translate(err))
	}
	return org.Membership(m), nil
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
	return s.db.InTx(ctx, func(_ context.Context, tx *pg.Tx) error {
		var m membership
		if err := tx.Gorm().Raw(`SELECT * FROM memberships WHERE id = ? FOR UPDATE`, id).Take(&m).Error; err != nil {
			return fmt.Errorf("end membership %s: %w", id, pg.Translate(err))
		}
		if m.Until != nil {
			return fault.New(fault.Conflict, "this membership has ended already")
		}
		// PostgreSQL keeps microseconds; a role ended in the moment it began still ends after it.
		end := s.now().UTC()
		if !end.After(m.Since) {
			end = m.Since.Add(time.Microsecond)
		}
		return pg.Translate(tx.Gorm().Model(&m).Update("until", end).Error)
	})
}

// Memberships are a person's, current and past, oldest first.
func (s *Store) Memberships(ctx context.Context, person uuid.UUID) ([]org.Membership, error) {
	var rows []membership
	if err := s.db.Gorm(ctx).Where("person_id = ?", person).Order("since, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("memberships of %s: %w", person, pg.Translate(err))
	}
	list := make([]org.Membership, len(rows))
	for i, row := range rows {
		list[i] = org.Membership(row)
	}
	return list, nil
}
