package rosterdb

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/roster"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// courseTitle names (t) the course of an assignment (a): as it is published,
// else as it was written last.
const courseTitle = `
	LEFT JOIN LATERAL (SELECT title_zh, title_en FROM course_versions c WHERE c.course_id = a.course_id ORDER BY (state = 'published') DESC, number DESC LIMIT 1) t ON true`

const selectAssignment = `
	SELECT a.id, o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en, a.course_id, coalesce(t.title_zh, ''), coalesce(t.title_en, ''), a.due_on, a.note, p.name, a.created_at, a.withdrawn_at IS NOT NULL,
	       ARRAY(SELECT g.name FROM course_assignment_targets t JOIN staff_groups g ON g.id = t.group_id WHERE t.assignment_id = a.id ORDER BY g.name),
	       (SELECT count(*) FROM course_assignment_targets t WHERE t.assignment_id = a.id AND t.staff_id IS NOT NULL),
	       ($1::timestamptz AT TIME ZONE o.time_zone)::date
	FROM course_assignments a JOIN organisations o ON o.id = a.org_id JOIN people p ON p.id = a.created_by` + courseTitle

// dated is an assignment and the day it is where its organisation is.
type dated struct {
	roster.Assignment
	today time.Time
}

func scanAssignment(row pgx.CollectableRow) (d dated, err error) {
	a := &d.Assignment
	return d, row.Scan(&a.ID, &a.Org.ID, &a.Org.Kind, &a.Org.Level, &a.Org.NameZh, &a.Org.NameEn, &a.Course, &a.Title.Zh, &a.Title.En, &a.DueOn, &a.Note, &a.By, &a.CreatedAt, &a.Withdrawn, &a.Groups, &a.Single, &d.today)
}

func (s *Store) assignments(ctx context.Context, where string, args ...any) ([]roster.Assignment, error) {
	rows, err := s.db.Pool().Query(ctx, selectAssignment+where, append([]any{s.now()}, args...)...)
	if err != nil {
		return nil, pg.Translate(err)
	}
	found, err := pgx.CollectRows(rows, scanAssignment)
	if err != nil {
		return nil, pg.Translate(err)
	}
	return s.counted(ctx, found)
}

// counted says how it goes with each.
func (s *Store) counted(ctx context.Context, found []dated) ([]roster.Assignment, error) {
	ids, at := make([]uuid.UUID, len(found)), map[uuid.UUID]*dated{}
	for i := range found {
		found[i].Counts = map[roster.Stage]int{}
		ids[i], at[found[i].ID] = found[i].ID, &found[i]
	}
	rows, err := s.db.Pool().Query(ctx, `
		SELECT v.assignment_id, v.person_id IS NULL, e.begun, e.done, count(*) FROM course_assignment_people v JOIN course_assignments a ON a.id = v.assignment_id
		LEFT JOIN LATERAL (`+howFar+`) e ON true WHERE v.assignment_id = ANY($1) GROUP BY 1, 2, 3, 4`, ids)
	if err != nil {
		return nil, pg.Translate(err)
	}
	var id uuid.UUID
	var waiting, begun, done bool
	var n int
	_, err = pgx.ForEachRow(rows, []any{&id, &waiting, &begun, &done, &n}, func() error {
		if d := at[id]; waiting {
			d.Waiting += n
		} else {
			d.Counts[roster.StageOf(begun, done, d.DueOn, d.today)] += n
		}
		return nil
	})
	out := make([]roster.Assignment, len(found))
	for i := range found {
		out[i] = found[i].Assignment
	}
	return out, pg.Translate(err)
}

// howFar somebody (v) is with the course of an assignment (a), in whichever
// version. Of whoever left the organisation, what they did until then: what
// they do elsewhere is no longer its business. Whoever left an organisation
// that was merged into this one left that.
const howFar = `
	SELECT count(*) > 0 AS begun, count(*) FILTER (WHERE e.completed_at <= w.until) > 0 AS done,
	       min(e.enrolled_at) AS begun_at, min(e.completed_at) FILTER (WHERE e.completed_at <= w.until) AS done_at
	FROM (SELECT max(coalesce(m.until, 'infinity')) AS until FROM memberships m JOIN organisations b ON b.id = m.org_id WHERE m.person_id = v.person_id AND (b.id = a.org_id OR b.successor_id = a.org_id)) w
	JOIN enrolments e ON e.person_id = v.person_id AND e.course_id = a.course_id AND e.enrolled_at <= w.until`

// Assignments are an organisation's, the last first.
func (s *Store) Assignments(ctx context.Context, orgID uuid.UUID, limit int, cursor string) ([]roster.Assignment, *string, error) {
	from, err := after(cursor)
	if err != nil {
		return nil, nil, err
	}
	items, err := s.assignments(ctx, ` WHERE a.org_id = $2 AND a.withdrawn_at IS NULL AND ($3::uuid IS NULL OR a.id < $3) ORDER BY a.id DESC LIMIT $4`, orgID, from, limit+1)
	items, next := page(items, limit, func(a roster.Assignment) uuid.UUID { return a.ID })
	return items, next, err
}

// Assignment is one; NotFound when there is none.
func (s *Store) Assignment(ctx context.Context, id uuid.UUID) (roster.Assignment, error) {
	found, err := s.assignments(ctx, ` WHERE a.id = $2`, id)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "there is no such thing here, or it is not yours to see")
	}
	if err != nil {
		return roster.Assignment{}, err
	}
	return found[0], nil
}

// Assign lets people of an organisation have a course to take.
func (s *Store) Assign(ctx context.Context, n roster.NewAssignment) (roster.Assignment, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return roster.Assignment{}, fmt.Errorf("new assignment's id: %w", err)
	}
	n.Note = strings.TrimSpace(n.Note)
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		_, today, err := organisation(ctx, tx.Pgx(), n.Org, s.now())
		if err != nil {
			return err
		}
		if ok, err := open(ctx, tx, n.Org); err != nil {
			return err
		} else if !ok {
			return errClosed
		}
		if err := n.Check(today); err != nil {
			return err
		}
		tag, err := tx.Pgx().Exec(ctx, `
			INSERT INTO course_assignments (id, org_id, course_id, due_on, note, created_by, created_at)
			SELECT $1, $2, c.id, $4, $5, $6, $7 FROM courses c WHERE c.id = $3 AND EXISTS (SELECT FROM course_versions v WHERE v.course_id = c.id AND v.state = 'published')`,
			id, n.Org, n.Course, n.DueOn, n.Note, n.By, s.now())
		if err != nil {
			return pg.Translate(err)
		}
		if tag.RowsAffected() == 0 {
			return fault.New(fault.Invalid, "the assignment is not valid", fault.Field{Path: "body.course_id", Message: "is no published course"})
		}
		if err := s.aim(ctx, tx, id, n); err != nil {
			return err
		}
		return s.note(ctx, tx, audit.Event{Actor: n.By, Action: "course-assignment.create", ObjectKind: "course_assignment", Object: id, Org: n.Org,
			After: map[string]any{"course": n.Course, "due_on": n.DueOn.Format(time.DateOnly), "groups": n.Groups, "people": len(n.Staff)}})
	})
	if err != nil {
		return roster.Assignment{}, err
	}
	return s.Assignment(ctx, id)
}

func (s *Store) aim(ctx context.Context, tx *pg.Tx, id uuid.UUID, n roster.NewAssignment) error {
	tag, err := tx.Pgx().Exec(ctx, `
		INSERT INTO course_assignment_targets (assignment_id, group_id, staff_id)
		SELECT $1::uuid, g.id, NULL::uuid FROM staff_groups g WHERE g.org_id = $2 AND g.id = ANY($3) UNION SELECT $1, NULL, s.id FROM staff s WHERE s.org_id = $2 AND s.id = ANY($4)`, id, n.Org, n.Groups, n.Staff)
	if err == nil && tag.RowsAffected() != int64(len(n.Groups)+len(n.Staff)) {
		return fault.New(fault.Invalid, "the assignment is not valid", fault.Field{Path: "body.groups", Message: "must name groups and people of this organisation, each once"})
	}
	return pg.Translate(err)
}

// Withdraw takes an assignment back; what people did stays done.
func (s *Store) Withdraw(ctx context.Context, a roster.Assignment, by uuid.UUID) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		tag, err := tx.Pgx().Exec(ctx, `UPDATE course_assignments SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL`, a.ID, s.now())
		if err != nil || tag.RowsAffected() == 0 {
			return pg.Translate(err)
		}
		return s.note(ctx, tx, audit.Event{Actor: by, Action: "course-assignment.withdraw", ObjectKind: "course_assignment", Object: a.ID, Org: a.Org.ID})
	})
}

// Takers are the people of an assignment with how far each is, in the list's
// order; after is the last one of the page before.
func (s *Store) Takers(ctx context.Context, id uuid.UUID, limit int, cursor string) (items []roster.Taker, next *string, err error) {
	from, err := after(cursor)
	if err != nil {
		return nil, nil, err
	}
	rows, err := s.db.Pool().Query(ctx, `
		SELECT `+memberColumns+`, e.begun, e.done, e.begun_at, e.done_at, a.due_on, ($2::timestamptz AT TIME ZONE o.time_zone)::date
		FROM course_assignment_people v JOIN course_assignments a ON a.id = v.assignment_id JOIN organisations o ON o.id = a.org_id
		JOIN staff s ON s.id = v.staff_id LEFT JOIN people p ON p.id = s.person_id LEFT JOIN LATERAL (`+howFar+`) e ON true
		WHERE v.assignment_id = $1 AND ($3::uuid IS NULL OR s.id > $3) ORDER BY s.id LIMIT $4`, id, s.now(), from, limit+1)
	if err != nil {
		return nil, nil, pg.Translate(err)
	}
	items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t roster.Taker, err error) {
		var begun, done bool
		var due, today time.Time
		err = row.Scan(append(memberInto(&t.Member), &begun, &done, &t.BegunAt, &t.DoneAt, &due, &today)...)
		t.Stage = roster.StageOf(begun, done, due, today)
		return t, err
	})
	items, next = page(items, limit, func(t roster.Taker) uuid.UUID { return t.ID })
	return items, next, pg.Translate(err)
}

// Mine are the assignments of a person, the first due first.
func (s *Store) Mine(ctx context.Context, person uuid.UUID) ([]roster.Mine, error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT * FROM (
			SELECT DISTINCT ON (a.id) a.id, o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en, a.course_id, coalesce(t.title_zh, ''), coalesce(t.title_en, ''), a.due_on, a.note, p.name, e.begun, e.done,
			       (SELECT x.id FROM enrolments x WHERE x.person_id = $1 AND x.course_id = a.course_id ORDER BY x.enrolled_at DESC LIMIT 1), ($2::timestamptz AT TIME ZONE o.time_zone)::date
			FROM course_assignment_people v JOIN course_assignments a ON a.id = v.assignment_id JOIN organisations o ON o.id = a.org_id JOIN people p ON p.id = a.created_by`+courseTitle+`
			LEFT JOIN LATERAL (`+howFar+`) e ON true
			WHERE v.person_id = $1 AND EXISTS (SELECT FROM memberships m WHERE m.person_id = $1 AND m.org_id = a.org_id AND m.until IS NULL)) x
		ORDER BY due_on, 1 LIMIT 200`, person, s.now())
	if err != nil {
		return nil, pg.Translate(err)
	}
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m roster.Mine, err error) {
		var begun, done bool
		var today time.Time
		err = row.Scan(&m.ID, &m.Org.ID, &m.Org.Kind, &m.Org.Level, &m.Org.NameZh, &m.Org.NameEn, &m.Course, &m.Title.Zh, &m.Title.En, &m.DueOn, &m.Note, &m.By, &begun, &done, &m.Enrolment, &today)
		m.Stage, m.Days = roster.StageOf(begun, done, m.DueOn, today), int(m.DueOn.Sub(today).Hours()/24)
		return m, err
	})
	return items, pg.Translate(err)
}
