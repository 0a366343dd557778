package rosterdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/roster"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// ensure gives everybody with a role in an organisation a place on its list:
// people come by other roads than imports too.
func (s *Store) ensure(ctx context.Context, tx *pg.Tx, orgID uuid.UUID) error {
	const current = `m.org_id = $1 AND m.since <= $2 AND (m.until IS NULL OR m.until > $2)`
	_, err := tx.Pgx().Exec(ctx, `
		UPDATE staff s SET person_id = a.person_id, joined_at = $2 FROM accounts a JOIN memberships m ON m.person_id = a.person_id AND `+current+`
		WHERE s.org_id = $1 AND s.person_id IS NULL AND s.email_folded = a.email_folded AND NOT EXISTS (SELECT FROM staff o WHERE o.org_id = $1 AND o.person_id = a.person_id)`, orgID, s.now())
	if err != nil {
		return pg.Translate(err)
	}
	_, err = tx.Pgx().Exec(ctx, `
		INSERT INTO staff (id, org_id, person_id, created_at, joined_at)
		SELECT gen_random_uuid(), $1, m.person_id, $2, min(m.since) FROM memberships m
		WHERE `+current+` AND NOT EXISTS (SELECT FROM staff s WHERE s.org_id = $1 AND s.person_id = m.person_id)
		GROUP BY m.person_id ON CONFLICT DO NOTHING`, orgID, s.now())
	return pg.Translate(err)
}

// Columns of a member; scanMember reads them.
const memberColumns = `
	s.id, s.person_id, coalesce(nullif(s.name, ''), p.name, ''), coalesce(s.email, ''), s.employee_no, s.department, s.position, s.role, s.hired_on,
	CASE WHEN s.person_id IS NULL THEN 'invited' WHEN EXISTS (SELECT FROM memberships m WHERE m.person_id = s.person_id AND m.org_id = s.org_id AND m.until IS NULL) THEN 'joined' ELSE 'left' END,
	ARRAY(SELECT g.name FROM staff_group_members x JOIN staff_groups g ON g.id = x.group_id WHERE x.staff_id = s.id ORDER BY g.name)`

const selectMember = `SELECT ` + memberColumns + ` FROM staff s LEFT JOIN people p ON p.id = s.person_id`

func memberInto(m *roster.Member) []any {
	return []any{&m.ID, &m.PersonID, &m.Name, &m.Email, &m.EmployeeNo, &m.Department, &m.Position, &m.Role, &m.HiredOn, &m.State, &m.Groups}
}

func scanMember(row pgx.CollectableRow) (m roster.Member, err error) {
	return m, row.Scan(memberInto(&m)...)
}

const memberWhere = ` WHERE s.org_id = $1
	AND ($2 = '' OR position(lower($2) in lower(coalesce(nullif(s.name, ''), p.name, ''))) > 0 OR position(lower($2) in coalesce(s.email_folded, '')) > 0 OR s.employee_no = $2 OR position(lower($2) in lower(s.department)) > 0)
	AND ($3::uuid IS NULL OR EXISTS (SELECT FROM staff_group_members x WHERE x.group_id = $3 AND x.staff_id = s.id))`

// Members is one page of an organisation's list, the last to come first.
func (s *Store) Members(ctx context.Context, f roster.MemberFilter) (items []roster.Member, next *string, total int, err error) {
	from, err := after(f.Cursor)
	if err != nil {
		return nil, nil, 0, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if from == nil {
			if err := s.ensure(ctx, tx, f.Org); err != nil {
				return err
			}
		}
		rows, err := tx.Pgx().Query(ctx, selectMember+memberWhere+` AND ($4::uuid IS NULL OR (s.created_at, s.id) < ((SELECT created_at FROM staff WHERE id = $4), $4)) ORDER BY s.created_at DESC, s.id DESC LIMIT $5`,
			f.Org, f.Query, f.Group, from, f.Limit+1)
		if err != nil {
			return pg.Translate(err)
		}
		if items, err = pgx.CollectRows(rows, scanMember); err != nil {
			return pg.Translate(err)
		}
		return pg.Translate(tx.Pgx().QueryRow(ctx, `SELECT count(*) FROM staff s LEFT JOIN people p ON p.id = s.person_id`+memberWhere, f.Org, f.Query, f.Group).Scan(&total))
	})
	items, next = page(items, f.Limit, func(m roster.Member) uuid.UUID { return m.ID })
	return items, next, total, err
}

// Export gives every member of a list in turn, and notes who took it.
func (s *Store) Export(ctx context.Context, orgID, by uuid.UUID, format string, each func(roster.Member) error) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if err := s.ensure(ctx, tx, orgID); err != nil {
			return err
		}
		if err := s.note(ctx, tx, audit.Event{Actor: by, Action: "staff.export", ObjectKind: "organisation", Object: orgID, Org: orgID, After: map[string]any{"format": format}}); err != nil {
			return err
		}
		rows, err := tx.Pgx().Query(ctx, selectMember+` WHERE s.org_id = $1 ORDER BY s.department, s.employee_no, s.id`, orgID)
		if err != nil {
			return pg.Translate(err)
		}
		var m roster.Member
		_, err = pgx.ForEachRow(rows, memberInto(&m), func() error { return each(m) })
		return pg.Translate(err)
	})
}

func invitation(o org.Ref, by string, staff uuid.UUID, mail, locale string, role org.Role, once string, now time.Time) notify.Notice {
	return notify.Notice{
		Kind: notify.Invitation, Address: mail, Locale: locale, Path: "/join", Link: &notify.Link{Purpose: roster.InvitationPurpose, ID: staff}, Once: staff.String() + ":" + once,
		Facts: map[string]string{"organisation": o.NameZh, "organisation_en": o.NameEn, "role": string(role), "by": by, "expires": now.Add(roster.InvitationLife).UTC().Format(time.RFC3339)},
	}
}

// Invite sends somebody who has not joined the invitation once more.
func (s *Store) Invite(ctx context.Context, orgID, staff, by uuid.UUID) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if ok, err := open(ctx, tx, orgID); err != nil {
			return err
		} else if !ok {
			return errClosed
		}
		o, _, err := organisation(ctx, tx.Pgx(), orgID, s.now())
		if err != nil {
			return err
		}
		var mail, locale, name string
		var role org.Role
		now := s.now()
		err = tx.Pgx().QueryRow(ctx, `
			UPDATE staff SET invited_at = $4 WHERE id = $1 AND org_id = $2 AND person_id IS NULL AND invited_at < $4::timestamptz - interval '10 minutes'
			RETURNING email, locale, role, (SELECT name FROM people WHERE id = $3)`, staff, orgID, by, now).Scan(&mail, &locale, &role, &name)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return pg.Translate(err)
		}
		if err != nil {
			return fault.Coded(fault.Conflict, "not-now", "They have joined already, or were written to within the last ten minutes.")
		}
		if err := s.note(ctx, tx, audit.Event{Actor: by, Action: "staff.invite", ObjectKind: "staff", Object: staff, Org: orgID}); err != nil {
			return err
		}
		return s.o.Notifier.Send(ctx, tx, invitation(o, name, staff, mail, locale, role, now.Format(time.RFC3339), now))
	})
}

// Invitation is somebody's place as the holder of its proof sees it.
func (s *Store) Invitation(ctx context.Context, staff uuid.UUID) (roster.Invitation, error) {
	return readInvitation(ctx, s.db.Pool(), staff, "")
}

func readInvitation(ctx context.Context, q pg.Querier, staff uuid.UUID, lock string) (i roster.Invitation, err error) {
	err = q.QueryRow(ctx, `
		SELECT s.id, o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en, s.role, s.email, s.email_folded, coalesce(s.invited_at, s.created_at), s.person_id IS NOT NULL, o.closed_at IS NOT NULL
		FROM staff s JOIN organisations o ON o.id = s.org_id WHERE s.id = $1 AND s.email IS NOT NULL `+lock, staff).
		Scan(&i.Staff, &i.Org.ID, &i.Org.Kind, &i.Org.Level, &i.Org.NameZh, &i.Org.NameEn, &i.Role, &i.Email, &i.Folded, &i.Invited, &i.Joined, &i.Closed)
	return i, pg.Translate(err)
}

// Accept gives somebody the place that waits for them, and the role with it.
func (s *Store) Accept(ctx context.Context, staff, person uuid.UUID) (i roster.Invitation, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if i, err = readInvitation(ctx, tx.Pgx(), staff, "FOR SHARE OF o FOR UPDATE OF s"); err != nil {
			return err
		}
		var own string
		if err := tx.Pgx().QueryRow(ctx, `SELECT coalesce((SELECT email FROM accounts WHERE person_id = $1), '')`, person).Scan(&own); err != nil {
			return pg.Translate(err)
		}
		folded, _ := identity.MailAddress(own)
		if err := i.Accept(folded, s.now()); err != nil {
			return err
		}
		return s.join(ctx, tx, i, person)
	})
	if err != nil {
		return i, fmt.Errorf("accept a place: %w", err)
	}
	return i, nil
}

func (s *Store) join(ctx context.Context, tx *pg.Tx, i roster.Invitation, person uuid.UUID) error {
	// Whoever came by another road before has a place already: it becomes this one.
	if err := absorb(ctx, tx, `SELECT id AS gone, $1::uuid AS stays FROM staff WHERE org_id = $2 AND person_id = $3 AND id <> $1`, i.Staff, i.Org.ID, person); err != nil {
		return err
	}
	if _, err := tx.Pgx().Exec(ctx, `UPDATE staff SET person_id = $2, joined_at = $3 WHERE id = $1`, i.Staff, person, s.now()); err != nil {
		return pg.Translate(err)
	}
	if err := s.o.Join(ctx, tx, person, i.Org.ID, i.Role); err != nil {
		return err
	}
	return s.note(ctx, tx, audit.Event{Actor: person, Action: "staff.join", ObjectKind: "staff", Object: i.Staff, Subject: person, Org: i.Org.ID, After: map[string]any{"role": i.Role}})
}
