package learningdb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/learning"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// SaveNote writes a note of a lesson the person is enrolled in, new or in place of
// what it said before: the last to arrive holds.
// An id of somebody else's note, or of a note in another lesson, is NotFound.
func (s *Store) SaveNote(ctx context.Context, person uuid.UUID, n learning.Note) (saved learning.PlacedNote, err error) {
	if n, err = n.Checked(); err != nil {
		return saved, err
	}
	e, err := s.EnrolmentOfLesson(ctx, person, n.LessonID)
	if err != nil {
		return saved, fmt.Errorf("save note: %w", err)
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		// The lock counts one note after the other.
		if _, err := tx.Pgx().Exec(ctx, `SELECT FROM enrolments WHERE id = $1 FOR NO KEY UPDATE`, e.ID); err != nil {
			return pg.Translate(err)
		}
		made, err := upsertNote(ctx, tx.Pgx(), person, n, s.now().UTC())
		if err != nil || !made {
			return err
		}
		var count int
		if err := tx.Pgx().QueryRow(ctx, `SELECT count(*) FROM notes WHERE person_id = $1 AND lesson_id = $2`, person, n.LessonID).Scan(&count); err != nil {
			return pg.Translate(err)
		}
		if count > learning.MaxNotesInALesson {
			return learning.TooManyNotes()
		}
		return nil
	})
	if err != nil {
		return saved, fmt.Errorf("save note %s: %w", n.ID, err)
	}
	return scanNote(s.db.Pool().QueryRow(ctx, selectNote+` WHERE n.id = $1 AND n.person_id = $2`, n.ID, person))
}

func upsertNote(ctx context.Context, tx pgx.Tx, person uuid.UUID, n learning.Note, now time.Time) (made bool, err error) {
	// xmax is 0 in a row that was inserted, and not in one that took the place of another.
	err = tx.QueryRow(ctx, `
		INSERT INTO notes (id, person_id, lesson_id, at_ms, text, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
		ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms, text = excluded.text, updated_at = excluded.updated_at
		WHERE notes.person_id = excluded.person_id AND notes.lesson_id = excluded.lesson_id
		RETURNING xmax = 0`, n.ID, person, n.LessonID, n.AtMS, n.Text, now).Scan(&made)
	return made, pg.Translate(err)
}

// DeleteNote removes one's own note; one that is not there, or not one's own, is NotFound.
func (s *Store) DeleteNote(ctx context.Context, person, id uuid.UUID) error {
	tag, err := s.db.Pool().Exec(ctx, `DELETE FROM notes WHERE id = $1 AND person_id = $2`, id, person)
	if err == nil && tag.RowsAffected() == 0 {
		return fault.New(fault.NotFound, "there is no such note")
	}
	return pg.Translate(err)
}

const selectNote = `
	SELECT n.id, n.lesson_id, n.at_ms, n.text, n.created_at, n.updated_at, e.id, e.course_id, v.title_zh, v.title_en, l.title_zh, l.title_en
	FROM notes n JOIN lessons l ON l.id = n.lesson_id JOIN chapters h ON h.id = l.chapter_id JOIN course_versions v ON v.id = l.version_id
	JOIN enrolments e ON e.person_id = n.person_id AND e.version_id = l.version_id`

func scanNote(row pgx.Row) (n learning.PlacedNote, err error) {
	err = row.Scan(&n.ID, &n.LessonID, &n.AtMS, &n.Text, &n.CreatedAt, &n.UpdatedAt, &n.EnrolmentID, &n.CourseID,
		&n.Course.Zh, &n.Course.En, &n.Lesson.Zh, &n.Lesson.En)
	return n, pg.Translate(err)
}

// Notes is one page of a person's notes: the last enrolled course first, within a
// course by the outline and the moment. lesson nil means of all lessons.
func (s *Store) Notes(ctx context.Context, person uuid.UUID, lesson *uuid.UUID, limit int, after *learning.NoteCursor) (items []learning.PlacedNote, more bool, err error) {
	limit = min(max(limit, 1), 100)
	if after == nil {
		after = &learning.NoteCursor{}
	}
	rows, err := s.db.Pool().Query(ctx, selectNote+`
		LEFT JOIN (SELECT ae.id, ah.position AS chapter, al.position
		           FROM lessons al JOIN chapters ah ON ah.id = al.chapter_id JOIN enrolments ae ON ae.version_id = al.version_id
		           WHERE al.id = $3 AND ae.person_id = $1) a ON true
		WHERE n.person_id = $1 AND ($2::uuid IS NULL OR n.lesson_id = $2)
		  AND (a.id IS NULL OR e.id < a.id OR e.id = a.id AND (h.position, l.position, n.at_ms, n.id) > (a.chapter, a.position, $4, $5))
		ORDER BY e.id DESC, h.position, l.position, n.at_ms, n.id LIMIT $6`, person, lesson, after.LessonID, after.AtMS, after.ID, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("list notes: %w", pg.Translate(err))
	}
	items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (learning.PlacedNote, error) { return scanNote(row) })
	if err != nil {
		return nil, false, fmt.Errorf("list notes: %w", pg.Translate(err))
	}
	if len(items) > limit {
		return items[:limit], true, nil
	}
	return items, false, nil
}
