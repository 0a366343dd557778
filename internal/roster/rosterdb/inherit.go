package rosterdb

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/storage/pg"
)

// absorb makes places on lists be others: their groups and what was assigned
// to them are the other's. pairs is SQL that says gone and stays.
func absorb(ctx context.Context, tx *pg.Tx, pairs string, args ...any) error {
	// In one statement, which sees the tables as they were before it, and the pairs once.
	_, err := tx.Pgx().Exec(ctx, `
		WITH pairs AS MATERIALIZED (`+pairs+`),
		grouped AS (INSERT INTO staff_group_members (group_id, staff_id, added_at)
			SELECT DISTINCT ON (1, 2) x.group_id, p.stays, x.added_at FROM pairs p JOIN staff_group_members x ON x.staff_id = p.gone ON CONFLICT DO NOTHING),
		aimed AS (INSERT INTO course_assignment_targets (assignment_id, staff_id)
			SELECT DISTINCT x.assignment_id, p.stays FROM pairs p JOIN course_assignment_targets x ON x.staff_id = p.gone ON CONFLICT DO NOTHING)
		DELETE FROM staff s USING pairs p WHERE s.id = p.gone`, args...)
	return pg.Translate(err)
}

// Inherit hands an organisation's list, groups and assignments to its
// successor. Whoever stands on both lists keeps the place on the successor's.
// Imports stay: their files were checked against the list that is no more.
func (s *Store) Inherit(ctx context.Context, tx *pg.Tx, from, to uuid.UUID) error {
	for _, pairs := range []string{answered, onBoth} {
		if err := absorb(ctx, tx, pairs, from, to); err != nil {
			return fmt.Errorf("put lists together: %w", err)
		}
	}
	for _, sql := range inheriting {
		if _, err := tx.Pgx().Exec(ctx, sql, from, to); err != nil {
			return pg.Translate(err)
		}
	}
	return nil
}

const (
	// answered are places of $2 that wait for somebody who has come with $1: at
	// theirs there, if they have one.
	answered = `
		SELECT t.id AS gone, coalesce(own.id, f.id) AS stays FROM staff f
		JOIN staff t ON t.org_id = $2 AND t.email_folded = f.email_folded AND t.person_id IS NULL
		LEFT JOIN staff own ON own.org_id = $2 AND own.person_id = f.person_id
		WHERE f.org_id = $1 AND EXISTS (SELECT FROM memberships m WHERE m.person_id = f.person_id AND m.org_id = $2 AND m.until IS NULL)`
	// onBoth are places of $1 of whoever has one of $2: the same person, or an
	// address that is only invited here.
	onBoth = `
		SELECT f.id AS gone, t.id AS stays FROM staff f JOIN staff t ON t.org_id = $2 AND t.person_id = f.person_id WHERE f.org_id = $1
		UNION ALL
		SELECT f.id, t.id FROM staff f JOIN staff t ON t.org_id = $2 AND t.email_folded = f.email_folded WHERE f.org_id = $1 AND f.person_id IS NULL`
)

// What the successor's list has already, a number or an address, is not
// another's too; a group of a name that is taken gets the old organisation's
// beside it, since it is not the same group.
var inheriting = []string{
	`UPDATE staff f SET org_id = $2,
		email = CASE WHEN EXISTS (SELECT FROM staff t WHERE t.org_id = $2 AND t.email_folded = f.email_folded) THEN NULL ELSE email END,
		email_folded = CASE WHEN EXISTS (SELECT FROM staff t WHERE t.org_id = $2 AND t.email_folded = f.email_folded) THEN NULL ELSE email_folded END,
		employee_no = CASE WHEN EXISTS (SELECT FROM staff t WHERE t.org_id = $2 AND t.employee_no = f.employee_no) THEN '' ELSE employee_no END
	 WHERE org_id = $1`,
	`UPDATE staff_groups g SET org_id = $2, name = CASE
		WHEN NOT EXISTS (SELECT FROM staff_groups x WHERE x.org_id = $2 AND lower(x.name) = lower(g.name)) THEN g.name
		WHEN char_length(g.name) <= 60 AND NOT EXISTS (SELECT FROM staff_groups x WHERE x.org_id IN ($1, $2) AND lower(x.name) = lower(g.name || '（' || left(o.name_zh, 36) || '）')) THEN g.name || '（' || left(o.name_zh, 36) || '）'
		ELSE left(g.name, 60) || '（' || right(g.id::text, 12) || '）' END
	 FROM organisations o WHERE o.id = $1 AND g.org_id = $1`,
	`UPDATE course_assignments SET org_id = $2 WHERE org_id = $1`,
}

// Unite hands the places of a record to another of the same person, where they
// belong now: what they left stays with the record that they left it as.
func (s *Store) Unite(ctx context.Context, tx *pg.Tx, joining, keeper uuid.UUID) error {
	err := absorb(ctx, tx, `SELECT j.id AS gone, k.id AS stays FROM staff j JOIN staff k ON k.org_id = j.org_id AND k.person_id = $2 WHERE j.person_id = $1`, joining, keeper)
	if err != nil {
		return fmt.Errorf("put places together: %w", err)
	}
	for _, sql := range []string{
		`UPDATE staff s SET person_id = $2 WHERE person_id = $1 AND EXISTS (SELECT FROM memberships m WHERE m.person_id = $2 AND m.org_id = s.org_id AND m.until IS NULL)`,
		`INSERT INTO course_assignment_tellings (assignment_id, person_id, what, at) SELECT assignment_id, $2, what, at FROM course_assignment_tellings WHERE person_id = $1 ON CONFLICT DO NOTHING`,
	} {
		if _, err := tx.Pgx().Exec(ctx, sql, joining, keeper); err != nil {
			return pg.Translate(err)
		}
	}
	return nil
}
