package rosterdb

import (
	"context"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/roster"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// TakeIn writes the chosen rows of an import into the organisation's list, in
// one transaction: all of them or none, and once, however often it is begun.
// The organisation cannot be merged or closed meanwhile; if it was before, the
// import ends as failed.
func (s *Store) TakeIn(ctx context.Context, id uuid.UUID) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		i, err := readImport(ctx, tx.Pgx(), id, "FOR UPDATE OF i")
		if err != nil || i.State != roster.Applying {
			return err
		}
		if ok, err := open(ctx, tx, i.OrgID); err != nil {
			return err
		} else if !ok {
			return roster.OrgClosed
		}
		if err := s.ensure(ctx, tx, i.OrgID); err != nil {
			return err
		}
		t := taking{store: s, tx: tx, i: i}
		if err := t.all(ctx); err != nil {
			return err
		}
		_, err = tx.Pgx().Exec(ctx, `UPDATE staff_imports SET state = 'done', ended_at = $2, rows_added = $3, rows_changed = $4, rows_left = rows_chosen - $3 - $4 WHERE id = $1`, id, s.now(), t.added, t.changed)
		if err != nil {
			return pg.Translate(err)
		}
		if err := s.note(ctx, tx, audit.Event{Actor: t.by.ID, Action: "staff-import.finish", ObjectKind: "staff_import", Object: id, Org: i.OrgID, After: map[string]any{"added": t.added, "changed": t.changed}}); err != nil {
			return err
		}
		return s.o.Notifier.Send(ctx, tx, t.finished())
	})
}

// taking is one import being taken in.
type taking struct {
	store          *Store
	tx             *pg.Tx
	i              roster.Import
	org            org.Ref
	by             org.Person
	added, changed int
}

func (t *taking) all(ctx context.Context) (err error) {
	if t.org, _, err = organisation(ctx, t.tx.Pgx(), t.i.OrgID, t.store.now()); err != nil {
		return err
	}
	if err := t.tx.Pgx().QueryRow(ctx, `SELECT p.id, p.name FROM staff_imports i JOIN people p ON p.id = i.applied_by WHERE i.id = $1`, t.i.ID).Scan(&t.by.ID, &t.by.Name); err != nil {
		return pg.Translate(err)
	}
	// The tables grow while nobody counts their rows for the planner, which would
	// go through all of them for each row of a batch.
	if _, err := t.tx.Pgx().Exec(ctx, `SET LOCAL enable_seqscan = off`); err != nil {
		return pg.Translate(err)
	}
	for done, from := 0, 0; ; {
		var to, n int
		err := t.tx.Pgx().QueryRow(ctx, `
			SELECT coalesce(max(row), 0), count(*) FROM (SELECT row FROM staff_import_rows WHERE import_id = $1 AND chosen AND row > $2 ORDER BY row LIMIT $3) x`, t.i.ID, from, t.store.o.Batch).Scan(&to, &n)
		if err != nil {
			return pg.Translate(err)
		}
		if n == 0 {
			return nil
		}
		if err := t.some(ctx, from, to); err != nil {
			return err
		}
		from, done = to, done+n
		// On a connection of its own: the transaction's writes are not seen until its end.
		if err := t.store.Progress(ctx, t.i.ID, int64(done), int64(t.i.Chosen)); err != nil {
			return err
		}
	}
}

// some takes in the rows after one and up to another.
func (t *taking) some(ctx context.Context, from, to int) error {
	// Members whose address is known by their account alone get their place by it.
	_, err := t.tx.Pgx().Exec(ctx, `
		UPDATE staff s SET email = r.email, email_folded = r.email_folded FROM staff_import_rows r, accounts a
		WHERE r.import_id = $1 AND r.chosen AND r.row > $2 AND r.row <= $3 AND s.org_id = $4 AND s.email_folded IS NULL AND a.person_id = s.person_id AND a.email_folded = r.email_folded
		  AND NOT EXISTS (SELECT FROM staff o WHERE o.org_id = $4 AND o.email_folded = r.email_folded)`, t.i.ID, from, to, t.i.OrgID)
	if err != nil {
		return pg.Translate(err)
	}
	rows, err := t.tx.Pgx().Query(ctx, takeRows, t.i.ID, from, to, t.i.OrgID, t.store.now())
	if err != nil {
		return pg.Translate(err)
	}
	var invitations []notify.Notice
	var id uuid.UUID
	var fresh, invite bool
	var mail, locale string
	var role org.Role
	_, err = pgx.ForEachRow(rows, []any{&id, &fresh, &invite, &mail, &locale, &role}, func() error {
		if fresh {
			t.added++
		} else {
			t.changed++
		}
		if invite {
			invitations = append(invitations, t.invitation(id, mail, locale, role))
		}
		return nil
	})
	if err != nil {
		return pg.Translate(err)
	}
	if err := t.groups(ctx, from, to); err != nil {
		return err
	}
	return t.store.o.Notifier.Send(ctx, t.tx, invitations...)
}

// takeRows leaves out whose number somebody else has got since the check. Of
// who is on the list already only what the organisation itself says changes;
// whoever had left is invited again.
const takeRows = `
	INSERT INTO staff AS s (id, org_id, name, email, email_folded, employee_no, position, department, role, hired_on, created_at, invited_at)
	SELECT gen_random_uuid(), $4, r.name, r.email, r.email_folded, r.employee_no, r.position, r.department, r.role, r.hired_on, $5, $5
	FROM staff_import_rows r WHERE r.import_id = $1 AND r.chosen AND r.row > $2 AND r.row <= $3
	  AND NOT EXISTS (SELECT FROM staff o WHERE o.org_id = $4 AND o.employee_no <> '' AND o.employee_no = r.employee_no AND o.email_folded IS DISTINCT FROM r.email_folded)
	ON CONFLICT (org_id, email_folded) WHERE email_folded IS NOT NULL DO UPDATE SET
		employee_no = coalesce(nullif(excluded.employee_no, ''), s.employee_no), position = coalesce(nullif(excluded.position, ''), s.position),
		department = coalesce(nullif(excluded.department, ''), s.department), hired_on = coalesce(excluded.hired_on, s.hired_on),
		person_id = CASE WHEN EXISTS (SELECT FROM memberships m WHERE m.person_id = s.person_id AND m.org_id = s.org_id AND m.until IS NULL) THEN s.person_id END,
		joined_at = CASE WHEN EXISTS (SELECT FROM memberships m WHERE m.person_id = s.person_id AND m.org_id = s.org_id AND m.until IS NULL) THEN s.joined_at END,
		invited_at = CASE WHEN EXISTS (SELECT FROM memberships m WHERE m.person_id = s.person_id AND m.org_id = s.org_id AND m.until IS NULL) THEN s.invited_at ELSE $5 END
	RETURNING s.id, s.xmax = 0, s.person_id IS NULL AND s.invited_at = $5, coalesce(s.email, ''), s.locale, s.role`

func (t *taking) invitation(id uuid.UUID, mail, locale string, role org.Role) notify.Notice {
	return invitation(t.org, t.by.Name, id, mail, locale, role, t.i.ID.String(), t.store.now())
}

// finished tells whoever let the rows be taken in that it was done.
func (t *taking) finished() notify.Notice {
	done := t.added + t.changed
	return notify.Notice{
		Kind: notify.ImportFinished, Person: t.by.ID, Path: "/workspace/staff/" + t.i.ID.String(), Once: t.i.ID.String(),
		Facts: map[string]string{"file": t.i.Filename, "done": strconv.Itoa(done), "failed": strconv.Itoa(t.i.Total - done)},
	}
}

// groups puts whom a row names a group for into it, and makes what groups are missing.
func (t *taking) groups(ctx context.Context, from, to int) error {
	_, err := t.tx.Pgx().Exec(ctx, `
		INSERT INTO staff_groups (id, org_id, name, created_at)
		SELECT DISTINCT ON (lower(group_name)) gen_random_uuid(), $4::uuid, group_name, $5::timestamptz FROM staff_import_rows
		WHERE import_id = $1 AND chosen AND row > $2 AND row <= $3 AND group_name <> '' ON CONFLICT DO NOTHING`, t.i.ID, from, to, t.i.OrgID, t.store.now())
	if err != nil {
		return pg.Translate(err)
	}
	_, err = t.tx.Pgx().Exec(ctx, `
		INSERT INTO staff_group_members (group_id, staff_id, added_at)
		SELECT g.id, s.id, $5 FROM staff_import_rows r
		JOIN staff_groups g ON g.org_id = $4 AND lower(g.name) = lower(r.group_name) JOIN staff s ON s.org_id = $4 AND s.email_folded = r.email_folded
		WHERE r.import_id = $1 AND r.chosen AND r.row > $2 AND r.row <= $3 AND r.group_name <> '' ON CONFLICT DO NOTHING`, t.i.ID, from, to, t.i.OrgID, t.store.now())
	return pg.Translate(err)
}
