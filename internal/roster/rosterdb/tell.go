package rosterdb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// telling is one thing people are told of an assignment.
type telling struct {
	what string
	kind notify.Kind
	days int // told within so many days before it is due
}

var tellings = []telling{{"assigned", notify.CourseAssigned, 4000}, {"due-7", notify.AssignmentDue, 7}, {"due-1", notify.AssignmentDue, 1}}

// atOnce bounds the people told in one transaction.
const atOnce = 500

// Tell tells people of what was assigned to them, and again a week and a day
// before it is due unless they have done it: each once. It says how many
// notices that were.
func (s *Store) Tell(ctx context.Context) (told int, err error) {
	for _, t := range tellings {
		for {
			n, err := s.tellSome(ctx, t)
			told += n
			if err != nil {
				return told, fmt.Errorf("tell %s: %w", t.what, err)
			}
			if n < atOnce {
				break
			}
		}
	}
	return told, nil
}

// tellSome finds whom to tell. Whoever has it assigned within the days before
// it is due was told the day with that, and is not told the same again at once.
const tellSome = `
	WITH told AS (
		INSERT INTO course_assignment_tellings (assignment_id, person_id, what, at)
		SELECT v.assignment_id, v.person_id, $1, $2 FROM course_assignment_people v JOIN course_assignments a ON a.id = v.assignment_id JOIN organisations o ON o.id = a.org_id
		WHERE v.person_id IS NOT NULL AND (a.due_on - ($2::timestamptz AT TIME ZONE o.time_zone)::date) BETWEEN 0 AND $3
		  AND ($1 = 'assigned' OR (a.created_at AT TIME ZONE o.time_zone)::date < a.due_on - $3::int)
		  AND NOT EXISTS (SELECT FROM course_assignment_tellings t WHERE t.assignment_id = v.assignment_id AND t.person_id = v.person_id AND t.what = $1)
		  AND NOT EXISTS (SELECT FROM enrolments e WHERE e.person_id = v.person_id AND e.course_id = a.course_id AND e.completed_at IS NOT NULL)
		  AND EXISTS (SELECT FROM memberships m WHERE m.person_id = v.person_id AND m.org_id = a.org_id AND m.until IS NULL)
		GROUP BY 1, 2 LIMIT $4 ON CONFLICT DO NOTHING RETURNING assignment_id, person_id)
	SELECT told.person_id, a.id, a.course_id, coalesce(t.title_zh, ''), coalesce(t.title_en, ''), o.name_zh, o.name_en, a.due_on, a.note
	FROM told JOIN course_assignments a ON a.id = told.assignment_id JOIN organisations o ON o.id = a.org_id` + courseTitle

func (s *Store) tellSome(ctx context.Context, t telling) (n int, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		rows, err := tx.Pgx().Query(ctx, tellSome, t.what, s.now(), t.days, atOnce)
		if err != nil {
			return pg.Translate(err)
		}
		notices, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (notify.Notice, error) {
			var person, id, course uuid.UUID
			var zh, en, orgZh, orgEn, note string
			var due time.Time
			err := row.Scan(&person, &id, &course, &zh, &en, &orgZh, &orgEn, &due, &note)
			return notify.Notice{
				Kind: t.kind, Person: person, Path: "/courses/" + course.String(), Once: id.String() + ":" + t.what,
				Facts: map[string]string{"course": zh, "course_en": en, "organisation": orgZh, "organisation_en": orgEn, "due": due.Format(time.DateOnly), "reason": note},
			}, err
		})
		if err != nil {
			return pg.Translate(err)
		}
		n = len(notices)
		return s.o.Notifier.Send(ctx, tx, notices...)
	})
	return n, err
}
