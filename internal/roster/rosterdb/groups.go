package rosterdb

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/roster"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

const selectGroup = `SELECT g.id, g.org_id, g.name, (SELECT count(*) FROM staff_group_members m WHERE m.group_id = g.id) FROM staff_groups g`

func scanGroup(row pgx.CollectableRow) (g roster.Group, err error) {
	return g, row.Scan(&g.ID, &g.OrgID, &g.Name, &g.Members)
}

// maxGroups bounds an organisation's groups; the list is not paged.
const maxGroups = 1000

// Groups are an organisation's, by name.
func (s *Store) Groups(ctx context.Context, orgID uuid.UUID) ([]roster.Group, error) {
	rows, err := s.db.Pool().Query(ctx, selectGroup+` WHERE g.org_id = $1 ORDER BY g.name, g.id LIMIT $2`, orgID, maxGroups)
	if err != nil {
		return nil, pg.Translate(err)
	}
	items, err := pgx.CollectRows(rows, scanGroup)
	return items, pg.Translate(err)
}

// Group is one; NotFound when there is none.
func (s *Store) Group(ctx context.Context, id uuid.UUID) (roster.Group, error) {
	rows, err := s.db.Pool().Query(ctx, selectGroup+` WHERE g.id = $1`, id)
	if err != nil {
		return roster.Group{}, pg.Translate(err)
	}
	g, err := pgx.CollectExactlyOneRow(rows, scanGroup)
	return g, pg.Translate(err)
}

var errNameTaken = fault.Coded(fault.Conflict, "group-exists", "There is a group of this name already.", fault.Field{Path: "body.name", Message: "is taken"})

// CreateGroup makes an empty group.
func (s *Store) CreateGroup(ctx context.Context, orgID, by uuid.UUID, name string) (roster.Group, error) {
	name, err := roster.GroupName(name)
	if err != nil {
		return roster.Group{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return roster.Group{}, fmt.Errorf("new group's id: %w", err)
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		_, err := tx.Pgx().Exec(ctx, `INSERT INTO staff_groups (id, org_id, name, created_at) VALUES ($1, $2, $3, $4)`, id, orgID, name, s.now())
		if fault.KindOf(pg.Translate(err)) == fault.Conflict {
			return errNameTaken
		}
		if err != nil {
			return pg.Translate(err)
		}
		return s.note(ctx, tx, audit.Event{Actor: by, Action: "group.create", ObjectKind: "staff_group", Object: id, Org: orgID, After: map[string]any{"name": name}})
	})
	return roster.Group{ID: id, OrgID: orgID, Name: name}, err
}

// RenameGroup gives a group another name.
func (s *Store) RenameGroup(ctx context.Context, g roster.Group, by uuid.UUID, name string) error {
	name, err := roster.GroupName(name)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		_, err := tx.Pgx().Exec(ctx, `UPDATE staff_groups SET name = $2 WHERE id = $1`, g.ID, name)
		if fault.KindOf(pg.Translate(err)) == fault.Conflict {
			return errNameTaken
		}
		if err != nil {
			return pg.Translate(err)
		}
		return s.note(ctx, tx, audit.Event{Actor: by, Action: "group.rename", ObjectKind: "staff_group", Object: g.ID, Org: g.OrgID, Before: map[string]any{"name": g.Name}, After: map[string]any{"name": name}})
	})
}

// DeleteGroup takes a group away; what was assigned to it no longer concerns its people.
func (s *Store) DeleteGroup(ctx context.Context, g roster.Group, by uuid.UUID) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if _, err := tx.Pgx().Exec(ctx, `DELETE FROM staff_groups WHERE id = $1`, g.ID); err != nil {
			return pg.Translate(err)
		}
		return s.note(ctx, tx, audit.Event{Actor: by, Action: "group.delete", ObjectKind: "staff_group", Object: g.ID, Org: g.OrgID, Before: map[string]any{"name": g.Name, "members": g.Members}})
	})
}

// AddToGroup puts people into a group: by their places on the list, and by
// employee numbers and mail addresses as they were pasted. unknown are those of
// the pasted that are nobody on this organisation's list.
func (s *Store) AddToGroup(ctx context.Context, g roster.Group, by uuid.UUID, staff []uuid.UUID, pasted []string) (added int, unknown []string, err error) {
	keys := make([]string, len(pasted))
	for i, word := range pasted {
		keys[i] = word
		if folded, ok := identity.MailAddress(word); ok && strings.Contains(word, "@") {
			keys[i] = folded
		}
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if err := s.ensure(ctx, tx, g.OrgID); err != nil {
			return err
		}
		rows, err := tx.Pgx().Query(ctx, `
			SELECT k.n, s.id FROM unnest($2::text[]) WITH ORDINALITY AS k(key, n)
			LEFT JOIN LATERAL (
				SELECT s.id FROM staff s LEFT JOIN accounts a ON a.person_id = s.person_id
				WHERE s.org_id = $1 AND (s.employee_no = k.key AND k.key <> '' OR s.email_folded = k.key OR s.email_folded IS NULL AND a.email_folded = k.key) LIMIT 1) s ON true`, g.OrgID, keys)
		if err != nil {
			return pg.Translate(err)
		}
		var n int
		var id *uuid.UUID
		unknown = nil
		_, err = pgx.ForEachRow(rows, []any{&n, &id}, func() error {
			if id == nil {
				unknown = append(unknown, pasted[n-1])
			} else {
				staff = append(staff, *id)
			}
			return nil
		})
		if err != nil {
			return pg.Translate(err)
		}
		tag, err := tx.Pgx().Exec(ctx, `
			INSERT INTO staff_group_members (group_id, staff_id, added_at) SELECT $1, s.id, $4 FROM staff s WHERE s.org_id = $2 AND s.id = ANY($3) ON CONFLICT DO NOTHING`, g.ID, g.OrgID, staff, s.now())
		if err != nil {
			return pg.Translate(err)
		}
		if added = int(tag.RowsAffected()); added == 0 {
			return nil
		}
		return s.note(ctx, tx, audit.Event{Actor: by, Action: "group.add", ObjectKind: "staff_group", Object: g.ID, Org: g.OrgID, After: map[string]any{"added": added}})
	})
	return added, unknown, err
}

// RemoveFromGroup takes somebody out of a group.
func (s *Store) RemoveFromGroup(ctx context.Context, g roster.Group, by, staff uuid.UUID) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		tag, err := tx.Pgx().Exec(ctx, `DELETE FROM staff_group_members WHERE group_id = $1 AND staff_id = $2`, g.ID, staff)
		if err != nil || tag.RowsAffected() == 0 {
			return pg.Translate(err)
		}
		return s.note(ctx, tx, audit.Event{Actor: by, Action: "group.remove", ObjectKind: "staff_group", Object: g.ID, Org: g.OrgID, Before: map[string]any{"staff": staff}})
	})
}
