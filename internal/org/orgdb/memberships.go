package orgdb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/notify"
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
func (s *Store) AddMembership(ctx context.Context, person, orgID uuid.UUID, role org.Role) (m org.Membership, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) (err error) {
		m, err = s.AddMembershipIn(ctx, tx, uuid.Nil, person, orgID, role)
		return err
	})
	return m, err
}

// AddMembershipIn is AddMembership within a transaction; by gives the role
// (uuid.Nil: the program). An organisation that has closed is a Conflict coded
// "organisation-closed", and none closes or merges until the transaction ends.
func (s *Store) AddMembershipIn(ctx context.Context, tx *pg.Tx, by, person, orgID uuid.UUID, role org.Role) (org.Membership, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return org.Membership{}, fmt.Errorf("new membership's id: %w", err)
	}
	o, err := mayHold(ctx, tx.Pgx(), person, orgID, role)
	if err != nil {
		return org.Membership{}, fmt.Errorf("add %s of %s: %w", role, orgID, pg.Translate(err))
	}
	var m membership
	// The update changes nothing; it makes the row that was there come back.
	err = tx.Gorm().Raw(`
		INSERT INTO memberships (id, person_id, org_id, role, since) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (person_id, org_id, role) WHERE until IS NULL DO UPDATE SET since = memberships.since
		RETURNING *`, id, person, orgID, role, s.now().UTC()).Take(&m).Error
	if err != nil {
		return org.Membership{}, fmt.Errorf("add %s of %s: %w", role, orgID, pg.Translate(err))
	}
	if m.ID != id {
		return org.Membership(m), nil
	}
	err = s.note(ctx, tx, audit.Event{
		Actor: by, Action: "membership.give", ObjectKind: "membership", Object: id, Subject: person, Org: orgID, After: map[string]any{"role": role},
	})
	if err != nil {
		return org.Membership{}, err
	}
	return org.Membership(m), s.tellRole(ctx, tx, notify.RoleGiven, by, m, o)
}

// mayHold is the organisation, held as it is, when the role can be held in it.
func mayHold(ctx context.Context, tx pgx.Tx, person, orgID uuid.UUID, role org.Role) (org.Organisation, error) {
	o, err := scanOne(tx.QueryRow(ctx, selectOrg+` WHERE id = $1 FOR SHARE`, orgID))
	if fault.KindOf(err) == fault.NotFound {
		return o, fault.New(fault.Invalid, "the membership is not valid", fault.Field{Path: "org_id", Message: "there is no such organisation"})
	}
	if err != nil {
		return o, err
	}
	if o.ClosedAt != nil {
		return o, errClosed
	}
	var known bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM people WHERE id = $1)`, person).Scan(&known); err != nil {
		return o, err
	}
	if !known {
		return o, fault.New(fault.Invalid, "the membership is not valid", fault.Field{Path: "person_id", Message: "there is no such person"})
	}
	return o, org.CheckRole(role, o.Kind)
}

// tellRole tells a person of a role that another gave or ended; what they did
// themselves they know.
func (s *Store) tellRole(ctx context.Context, tx *pg.Tx, kind notify.Kind, by uuid.UUID, m membership, o org.Organisation) error {
	if by == m.PersonID {
		return nil
	}
	path := "/settings"
	if kind == notify.RoleGiven {
		path = "/workspace"
	}
	return s.tell(ctx, tx, notify.Notice{
		Kind: kind, Person: m.PersonID, Path: path, Once: m.ID.String(),
		Facts: map[string]string{"role": string(m.Role), "organisation": o.NameZh, "organisation_en": o.NameEn},
	})
}

var errClosed = fault.Coded(fault.Conflict, "organisation-closed", "This organisation is closed.")

// EndMembership ends a role at this moment. One that ended already is a Conflict.
func (s *Store) EndMembership(ctx context.Context, id uuid.UUID) error {
	return s.End(ctx, org.Ending{Membership: id})
}

// End ends a role. One that ended already is a Conflict, and so is the last one
// who looks after an organisation leaving it by themself ("last-manager").
func (s *Store) End(ctx context.Context, e org.Ending) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error { return s.EndMembershipIn(ctx, tx, e) })
}

// EndMembershipIn is End within a transaction.
func (s *Store) EndMembershipIn(ctx context.Context, tx *pg.Tx, e org.Ending) error {
	var orgID uuid.UUID
	if err := tx.Pgx().QueryRow(ctx, `SELECT org_id FROM memberships WHERE id = $1`, e.Membership).Scan(&orgID); err != nil {
		return fmt.Errorf("end membership %s: %w", e.Membership, pg.Translate(err))
	}
	// The organisation first, as everywhere: two managers who leave at once are told apart here.
	o, err := scanOne(tx.Pgx().QueryRow(ctx, selectOrg+` WHERE id = $1 FOR NO KEY UPDATE`, orgID))
	if err != nil {
		return fmt.Errorf("organisation %s: %w", orgID, err)
	}
	var m membership
	if err := tx.Gorm().Raw(`SELECT * FROM memberships WHERE id = ? FOR UPDATE`, e.Membership).Take(&m).Error; err != nil {
		return fmt.Errorf("end membership %s: %w", e.Membership, pg.Translate(err))
	}
	end, err := org.Membership(m).End(e, s.now())
	if err != nil {
		return err
	}
	if m.PersonID == e.By && m.Role.Manages(o.Kind) {
		if err := othersManage(ctx, tx.Pgx(), m); err != nil {
			return err
		}
	}
	if _, err := tx.Pgx().Exec(ctx, `UPDATE memberships SET until = $2 WHERE id = $1`, m.ID, end); err != nil {
		return pg.Translate(err)
	}
	err = s.note(ctx, tx, audit.Event{
		Actor: e.By, Action: "membership.end", ObjectKind: "membership", Object: m.ID, Subject: m.PersonID, Org: m.OrgID,
		Before: map[string]any{"role": m.Role, "since": m.Since}, After: map[string]any{"until": end, "reason": e.Reason},
	})
	if err != nil {
		return err
	}
	return s.tellRole(ctx, tx, notify.RoleEnded, e.By, m, o)
}

func othersManage(ctx context.Context, tx pgx.Tx, m membership) error {
	var others bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM memberships WHERE org_id = $1 AND role = $2 AND until IS NULL AND person_id <> $3)`,
		m.OrgID, m.Role, m.PersonID).Scan(&others)
	if err != nil {
		return pg.Translate(err)
	}
	if !others {
		return org.ErrLastManager
	}
	return nil
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
