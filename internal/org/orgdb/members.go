package orgdb

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Members is one page of an organisation's people, the last to come first. The
// address is told of whoever holds the role now: where somebody is written to
// after they left is no longer the organisation's business.
func (s *Store) Members(ctx context.Context, f org.MemberFilter) (org.MemberList, error) {
	after, err := readCursor(f.Cursor)
	if err != nil {
		return org.MemberList{}, err
	}
	limit := min(max(f.Limit, 1), 100)
	rows, err := s.db.Pool().Query(ctx, `
		SELECT m.id, m.person_id, m.org_id, m.role, m.since, m.until, p.name, CASE WHEN m.until IS NULL THEN coalesce(a.email, '') ELSE '' END
		FROM memberships m JOIN people p ON p.id = m.person_id LEFT JOIN accounts a ON a.person_id = m.person_id
		WHERE m.org_id = $1 AND ($2 = '' OR m.role = $2) AND (m.until IS NOT NULL) = $3
		  AND ($4 = '' OR p.name ILIKE '%' || $4 || '%' OR $7 AND m.until IS NULL AND a.email ILIKE '%' || $4 || '%')
		  AND ($5::uuid IS NULL OR (m.since, m.id) < (SELECT since, id FROM memberships WHERE id = $5 AND org_id = $1))
		ORDER BY m.since DESC, m.id DESC LIMIT $6`, f.Org, string(f.Role), f.Past, pg.Like(f.Query), after, limit+1, f.Mail)
	if err != nil {
		return org.MemberList{}, pg.Translate(err)
	}
	var list org.MemberList
	list.Items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m org.Member, err error) {
		return m, row.Scan(&m.ID, &m.PersonID, &m.OrgID, &m.Role, &m.Since, &m.Until, &m.Name, &m.Email)
	})
	if err != nil {
		return list, fmt.Errorf("members of %s: %w", f.Org, pg.Translate(err))
	}
	if len(list.Items) > limit {
		list.Items = list.Items[:limit]
		list.NextCursor = new(list.Items[limit-1].ID.String())
	}
	list.Counts, err = s.counts(ctx, f.Org)
	return list, err
}

func (s *Store) counts(ctx context.Context, id uuid.UUID) (map[org.Role]int, error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT role, count(*) FROM memberships WHERE org_id = $1 AND until IS NULL GROUP BY role`, id)
	if err != nil {
		return nil, pg.Translate(err)
	}
	out := map[org.Role]int{}
	var role org.Role
	var n int
	_, err = pgx.ForEachRow(rows, []any{&role, &n}, func() error { out[role] = n; return nil })
	return out, pg.Translate(err)
}

// Membership is one, with the lineage of its organisation.
func (s *Store) Membership(ctx context.Context, id uuid.UUID) (m org.Membership, lineage []uuid.UUID, err error) {
	err = s.db.Pool().QueryRow(ctx, `
		SELECT m.id, m.person_id, m.org_id, m.role, m.since, m.until, o.lineage
		FROM memberships m JOIN organisations o ON o.id = m.org_id WHERE m.id = $1`, id).
		Scan(&m.ID, &m.PersonID, &m.OrgID, &m.Role, &m.Since, &m.Until, &lineage)
	return m, lineage, pg.Translate(err)
}

// Give gives a role to somebody who belongs to the organisation now: who else
// there is, nobody is told. Others are invited, and so is whoever left: they
// are nobody's staff until they say so themselves.
func (s *Store) Give(ctx context.Context, by, person, orgID uuid.UUID, role org.Role) (m org.Membership, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var belongs bool
		if err := tx.Pgx().QueryRow(ctx, `SELECT EXISTS (SELECT FROM memberships WHERE org_id = $1 AND person_id = $2 AND until IS NULL)`, orgID, person).Scan(&belongs); err != nil {
			return pg.Translate(err)
		}
		if !belongs {
			return fault.New(fault.NotFound, "there is nobody like this among the organisation's people; invite them")
		}
		m, err = s.AddMembershipIn(ctx, tx, by, person, orgID, role)
		return err
	})
	return m, err
}

// Transfer is a person's change of employer in one deed: the role in the one
// ends and begins in the other at the same moment.
func (s *Store) Transfer(ctx context.Context, by, membership, to uuid.UUID) (m org.Membership, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		m, err = s.transfer(ctx, tx, by, membership, to)
		return err
	})
	return m, err
}

func (s *Store) transfer(ctx context.Context, tx *pg.Tx, by, membership, to uuid.UUID) (m org.Membership, err error) {
	var from uuid.UUID
	var role org.Role
	err = tx.Pgx().QueryRow(ctx, `SELECT person_id, org_id, role FROM memberships WHERE id = $1`, membership).Scan(&m.PersonID, &from, &role)
	switch {
	case err != nil:
		return m, pg.Translate(err)
	case from == to:
		return m, fault.New(fault.Invalid, "this cannot be done", fault.Field{Path: "org_id", Message: "must be another organisation"})
	}
	if err := s.EndMembershipIn(ctx, tx, org.Ending{Membership: membership, By: by}); err != nil {
		return m, err
	}
	if m, err = s.AddMembershipIn(ctx, tx, by, m.PersonID, to, role); err != nil {
		return m, err
	}
	return m, s.note(ctx, tx, audit.Event{
		Actor: by, Action: "membership.transfer", ObjectKind: "membership", Object: m.ID, Subject: m.PersonID, Org: to,
		Before: map[string]any{"org_id": from, "role": role}, After: map[string]any{"org_id": to, "role": role},
	})
}
