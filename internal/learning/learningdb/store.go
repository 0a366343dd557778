// Package learningdb keeps enrolments and completions in PostgreSQL.
package learningdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/learning"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Enqueue puts a job into the queue if and only if the transaction commits.
type Enqueue func(ctx context.Context, tx *pg.Tx, args river.JobArgs) error

// Store reads and writes enrolments. Each method is one transaction.
type Store struct {
	db      *pg.DB
	enqueue Enqueue
	now     func() time.Time
}

// New makes a store on a database; now nil means time.Now.
func New(db *pg.DB, enqueue Enqueue, now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{db, enqueue, now}
}

// Enrol enters a person in the published version of a course; again answers
// the enrolment there is. made says whether it is new.
func (s *Store) Enrol(ctx context.Context, person, course uuid.UUID) (id uuid.UUID, made bool, err error) {
	fresh, err := uuid.NewV7()
	if err != nil {
		return id, false, fmt.Errorf("new enrolment's id: %w", err)
	}
	// Whoever is enrolled in any version stays there, finished or not: nobody
	// loses what they watched, and a course's hours are earned once.
	err = s.db.Pool().QueryRow(ctx, `
		SELECT id FROM enrolments WHERE person_id = $1 AND course_id = $2
		ORDER BY version_id = (SELECT published_version_id FROM courses WHERE id = $2) DESC, enrolled_at DESC LIMIT 1`, person, course).Scan(&id)
	if err == nil {
		return id, false, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return id, false, fmt.Errorf("enrol: %w", pg.Translate(err))
	}
	// The update changes nothing; it makes the row that a concurrent request wrote come back.
	err = s.db.Pool().QueryRow(ctx, `
		INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at)
		SELECT $1, $2, c.id, c.published_version_id, $4 FROM courses c WHERE c.id = $3 AND c.published_version_id IS NOT NULL
		ON CONFLICT (person_id, version_id) DO UPDATE SET enrolled_at = enrolments.enrolled_at RETURNING id`, fresh, person, course, s.now().UTC()).Scan(&id)
	if err != nil {
		return id, false, fmt.Errorf("enrol in %s: %w", course, pg.Translate(err))
	}
	return id, id == fresh, nil
}

// coveredS is how much of a lesson p is done, in a session s of it. A document
// may be read for longer than it takes; what is above does not make up for
// other lessons.
const coveredS = `CASE WHEN s.unit_ms > 0 THEN least(p.covered_s, s.need_s * (s.duration_ms / s.unit_ms)) ELSE p.covered_s END`

// Columns of an enrolment with its figures; scanEnrolment reads them.
const selectEnrolment = `
	SELECT e.id, e.person_id, e.course_id, e.version_id, e.enrolled_at, e.studied_at, e.completed_at, k.serial,
	       (SELECT count(*) FROM lessons l WHERE l.version_id = e.version_id AND l.required),
	       (SELECT count(*) FROM lesson_completions d JOIN lessons l ON l.id = d.lesson_id WHERE d.enrolment_id = e.id AND l.required),
	       (SELECT coalesce(sum(` + coveredS + `), 0)::int FROM study_lessons p LEFT JOIN study_sessions s ON s.id = p.as_of_session WHERE p.enrolment_id = e.id),
	       (SELECT coalesce(sum(p.verified_s), 0) FROM study_lessons p WHERE p.enrolment_id = e.id),
	       (SELECT l.id FROM lessons l JOIN chapters h ON h.id = l.chapter_id
	        WHERE l.version_id = e.version_id AND NOT EXISTS (SELECT FROM lesson_completions d WHERE d.enrolment_id = e.id AND d.lesson_id = l.id)
	        ORDER BY l.required DESC, h.position, l.position LIMIT 1)
	FROM enrolments e
	LEFT JOIN ledger_entries g ON g.source_key = 'enrolment:' || e.id
	LEFT JOIN certificates k ON k.ledger_index = g.index`

func scanEnrolment(row pgx.Row) (e learning.Enrolment, err error) {
	err = row.Scan(&e.ID, &e.PersonID, &e.CourseID, &e.VersionID, &e.EnrolledAt, &e.StudiedAt, &e.CompletedAt, &e.Serial,
		&e.LessonsTotal, &e.LessonsDone, &e.CoveredS, &e.VerifiedS, &e.NextLessonID)
	return e, pg.Translate(err)
}

// Enrolment is one's own; another person's is NotFound.
func (s *Store) Enrolment(ctx context.Context, person, id uuid.UUID) (learning.Enrolment, error) {
	e, err := scanEnrolment(s.db.Pool().QueryRow(ctx, selectEnrolment+` WHERE e.id = $1 AND e.person_id = $2`, id, person))
	if err != nil {
		return e, fmt.Errorf("enrolment %s: %w", id, err)
	}
	return e, nil
}

// EnrolmentOfLesson is a person's enrolment in the version that a lesson is of.
// A lesson that is not in any published version is NotFound, one of a course
// the person has not enrolled in is Forbidden, coded not-enrolled.
func (s *Store) EnrolmentOfLesson(ctx context.Context, person, lesson uuid.UUID) (learning.Enrolment, error) {
	e, err := scanEnrolment(s.db.Pool().QueryRow(ctx, selectEnrolment+`
		WHERE e.person_id = $1 AND e.version_id = (SELECT version_id FROM lessons WHERE id = $2)`, person, lesson))
	if fault.KindOf(err) != fault.NotFound {
		return e, err
	}
	var published bool
	err = s.db.Pool().QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM lessons l JOIN course_versions v ON v.id = l.version_id WHERE l.id = $1 AND v.state IN ('published', 'superseded'))`, lesson).Scan(&published)
	if err != nil {
		return e, pg.Translate(err)
	}
	if published {
		return e, learning.NotEnrolled()
	}
	return e, fault.New(fault.NotFound, "there is no such lesson")
}

// List is one page of a person's enrolments, last studied first. The cursor is
// the last one of the page before; one that is not the person's is Invalid.
func (s *Store) List(ctx context.Context, person uuid.UUID, state string, limit int, cursor *uuid.UUID) (items []learning.Enrolment, more bool, err error) {
	limit = min(max(limit, 1), 100)
	if err := s.checkCursor(ctx, person, cursor); err != nil {
		return nil, false, err
	}
	rows, err := s.db.Pool().Query(ctx, selectEnrolment+`
		WHERE e.person_id = $1 AND ($2 = 'all' OR (e.completed_at IS NOT NULL) = ($2 = 'completed'))
		  AND ($3::uuid IS NULL OR (coalesce(e.studied_at, e.enrolled_at), e.id) < (SELECT coalesce(x.studied_at, x.enrolled_at), x.id FROM enrolments x WHERE x.id = $3))
		ORDER BY coalesce(e.studied_at, e.enrolled_at) DESC, e.id DESC LIMIT $4`, person, state, cursor, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("list enrolments: %w", pg.Translate(err))
	}
	items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (learning.Enrolment, error) { return scanEnrolment(row) })
	if err != nil {
		return nil, false, fmt.Errorf("list enrolments: %w", pg.Translate(err))
	}
	if len(items) > limit {
		return items[:limit], true, nil
	}
	return items, false, nil
}

func (s *Store) checkCursor(ctx context.Context, person uuid.UUID, cursor *uuid.UUID) error {
	if cursor == nil {
		return nil
	}
	var own bool
	err := s.db.Pool().QueryRow(ctx, `SELECT EXISTS (SELECT FROM enrolments WHERE id = $1 AND person_id = $2)`, *cursor, person).Scan(&own)
	if err == nil && !own {
		return fault.New(fault.Invalid, "the cursor is not one of ours", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before"})
	}
	return pg.Translate(err)
}

// Progress is how far an enrolment is in each of its lessons.
func (s *Store) Progress(ctx context.Context, enrolment uuid.UUID) (map[uuid.UUID]learning.Progress, error) {
	return progress(ctx, s.db.Pool(), enrolment)
}

func progress(ctx context.Context, q pg.Querier, enrolment uuid.UUID) (map[uuid.UUID]learning.Progress, error) {
	rows, err := q.Query(ctx, `
		SELECT l.id, coalesce(p.covered, ''), coalesce(`+coveredS+`, 0)::int, coalesce(p.verified_s, 0), coalesce(p.resume_ms, 0), d.completed_at,
		       (SELECT max(100.0 * a.points / nullif(a.points_total, 0))::float8 FROM quiz_attempts a JOIN quizzes z ON z.id = a.quiz_id WHERE z.lesson_id = l.id AND a.enrolment_id = e.id)
		FROM enrolments e JOIN lessons l ON l.version_id = e.version_id
		LEFT JOIN study_lessons p ON p.enrolment_id = e.id AND p.lesson_id = l.id
		LEFT JOIN study_sessions s ON s.id = p.as_of_session
		LEFT JOIN lesson_completions d ON d.enrolment_id = e.id AND d.lesson_id = l.id
		WHERE e.id = $1`, enrolment)
	if err != nil {
		return nil, fmt.Errorf("progress of %s: %w", enrolment, pg.Translate(err))
	}
	defer rows.Close()
	out := map[uuid.UUID]learning.Progress{}
	for rows.Next() {
		var p learning.Progress
		var covered []byte
		if err := rows.Scan(&p.LessonID, &covered, &p.CoveredS, &p.VerifiedS, &p.ResumeAtMS, &p.CompletedAt, &p.QuizBest); err != nil {
			return nil, fmt.Errorf("progress of %s: %w", enrolment, pg.Translate(err))
		}
		p.Covered = study.Bits(covered).Intervals()
		out[p.LessonID] = p
	}
	return out, pg.Translate(rows.Err())
}

// CompleteLesson notes that a lesson is complete and, when it was the last
// required one, that the course is: once, with the job that registers the
// hours, all in the caller's transaction. Completing again changes nothing.
func (s *Store) CompleteLesson(ctx context.Context, tx *pg.Tx, enrolment, lesson uuid.UUID, at time.Time) error {
	var version uuid.UUID
	var completed *time.Time
	// The lock lets two last lessons see each other, whichever ends first.
	err := tx.Pgx().QueryRow(ctx, `SELECT version_id, completed_at FROM enrolments WHERE id = $1 FOR UPDATE`, enrolment).Scan(&version, &completed)
	if err != nil {
		return fmt.Errorf("complete lesson %s: %w", lesson, pg.Translate(err))
	}
	_, err = tx.Pgx().Exec(ctx, `
		INSERT INTO lesson_completions (enrolment_id, lesson_id, completed_at) SELECT $1, id, $3 FROM lessons WHERE id = $2 AND version_id = $4
		ON CONFLICT DO NOTHING`, enrolment, lesson, at.UTC(), version)
	if err != nil {
		return fmt.Errorf("complete lesson %s: %w", lesson, pg.Translate(err))
	}
	if completed != nil {
		return nil
	}
	return s.completeCourse(ctx, tx, enrolment, at)
}

func (s *Store) completeCourse(ctx context.Context, tx *pg.Tx, enrolment uuid.UUID, at time.Time) error {
	tag, err := tx.Pgx().Exec(ctx, `
		UPDATE enrolments e SET completed_at = $2
		WHERE e.id = $1 AND e.completed_at IS NULL
		  AND EXISTS (SELECT FROM lessons l WHERE l.version_id = e.version_id AND l.required)
		  AND NOT EXISTS (SELECT FROM lessons l WHERE l.version_id = e.version_id AND l.required
		                  AND NOT EXISTS (SELECT FROM lesson_completions d WHERE d.enrolment_id = e.id AND d.lesson_id = l.id))`, enrolment, at.UTC())
	if err != nil {
		return fmt.Errorf("complete course: %w", pg.Translate(err))
	}
	if tag.RowsAffected() == 0 {
		return nil
	}
	return s.enqueue(ctx, tx, jobs.RegisterHours{EnrolmentID: enrolment})
}
