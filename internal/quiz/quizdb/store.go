// Package quizdb keeps attempts and answers in PostgreSQL.
package quizdb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/quiz"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// OnPassed is told, in the transaction that grades, that a lesson is complete.
type OnPassed func(ctx context.Context, tx *pg.Tx, enrolment, lesson uuid.UUID, at time.Time) error

// Store reads and writes attempts. Each method is one transaction.
type Store struct {
	db       *pg.DB
	onPassed OnPassed
	now      func() time.Time
}

// New makes a store on a database; now nil means time.Now.
func New(db *pg.DB, onPassed OnPassed, now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{db, onPassed, now}
}

// Quiz is a quiz with its questions.
func (s *Store) Quiz(ctx context.Context, id uuid.UUID) (quiz.Place, error) {
	return read(ctx, s.db.Pool(), id)
}

func read(ctx context.Context, q pg.Querier, id uuid.UUID) (quiz.Place, error) {
	var p quiz.Place
	var questions []byte
	err := q.QueryRow(ctx, `
		SELECT z.id, z.pass_mark, z.attempts_allowed, z.time_limit_s, l.id, l.title_zh, l.title_en,
		       (SELECT coalesce(json_agg(json_build_object('ID', x.id, 'Kind', x.kind, 'Points', x.points, 'Choices', x.choices,
		               'Stem', json_build_object('zh', x.stem_zh, 'en', x.stem_en),
		               'Explanation', json_build_object('zh', x.explanation_zh, 'en', x.explanation_en)) ORDER BY x.position), '[]')
		        FROM questions x WHERE x.quiz_id = z.id)
		FROM quizzes z JOIN lessons l ON l.id = z.lesson_id WHERE z.id = $1`, id).
		Scan(&p.Quiz.ID, &p.Quiz.PassMark, &p.Quiz.AttemptsAllowed, &p.Quiz.TimeLimitS, &p.LessonID, &p.Title.Zh, &p.Title.En, &questions)
	if err != nil {
		return p, fmt.Errorf("quiz %s: %w", id, pg.Translate(err))
	}
	if err := json.Unmarshal(questions, &p.Quiz.Questions); err != nil {
		return p, fmt.Errorf("questions of %s: %w", id, err)
	}
	return p, nil
}

const selectAttempt = `SELECT id, quiz_id, enrolment_id, person_id, number, started_at, due_at, submitted_at, points, points_total, passed FROM quiz_attempts`

func scanAttempt(row pgx.Row) (a quiz.Attempt, err error) {
	err = row.Scan(&a.ID, &a.QuizID, &a.EnrolmentID, &a.PersonID, &a.Number, &a.StartedAt, &a.DueAt, &a.SubmittedAt, &a.Points, &a.PointsTotal, &a.Passed)
	return a, pg.Translate(err)
}

// Attempts are all attempts of an enrolment at a quiz, newest first.
func (s *Store) Attempts(ctx context.Context, enrolment, quizID uuid.UUID) ([]quiz.Attempt, error) {
	rows, err := s.db.Pool().Query(ctx, selectAttempt+` WHERE enrolment_id = $1 AND quiz_id = $2 ORDER BY number DESC`, enrolment, quizID)
	if err != nil {
		return nil, fmt.Errorf("attempts: %w", pg.Translate(err))
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (quiz.Attempt, error) { return scanAttempt(row) })
	return list, pg.Translate(err)
}

// Start begins an attempt or answers the open one. An open one whose time is
// over is graded by what was saved, and the next one begins.
func (s *Store) Start(ctx context.Context, person, enrolment, quizID uuid.UUID) (a quiz.Attempt, err error) {
	id, err := uuid.NewV7()
	if err != nil {
		return a, fmt.Errorf("new attempt's id: %w", err)
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		// Of two taps on the button the second finds the attempt of the first.
		if _, err := tx.Pgx().Exec(ctx, `SELECT FROM enrolments WHERE id = $1 FOR UPDATE`, enrolment); err != nil {
			return pg.Translate(err)
		}
		p, err := read(ctx, tx.Pgx(), quizID)
		if err != nil {
			return err
		}
		a, err = scanAttempt(tx.Pgx().QueryRow(ctx, selectAttempt+` WHERE enrolment_id = $1 AND quiz_id = $2 AND submitted_at IS NULL`, enrolment, quizID))
		switch {
		case err == nil && !a.Overdue(s.now()):
			return nil
		case err == nil:
			if _, err := s.grade(ctx, tx, a, p, *a.DueAt); err != nil {
				return err
			}
		case fault.KindOf(err) != fault.NotFound:
			return err
		}
		a, err = s.begin(ctx, tx.Pgx(), id, person, enrolment, p.Quiz)
		return err
	})
	if err != nil {
		return a, fmt.Errorf("start attempt at %s: %w", quizID, err)
	}
	return a, nil
}

func (s *Store) begin(ctx context.Context, tx pgx.Tx, id, person, enrolment uuid.UUID, q quiz.Quiz) (quiz.Attempt, error) {
	var made int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM quiz_attempts WHERE enrolment_id = $1 AND quiz_id = $2`, enrolment, q.ID).Scan(&made); err != nil {
		return quiz.Attempt{}, pg.Translate(err)
	}
	if err := q.MayStart(made); err != nil {
		return quiz.Attempt{}, err
	}
	now := s.now().UTC()
	var due *time.Time
	if q.TimeLimitS != nil {
		due = new(now.Add(time.Duration(*q.TimeLimitS) * time.Second))
	}
	return scanAttempt(tx.QueryRow(ctx, `
		INSERT INTO quiz_attempts (id, quiz_id, enrolment_id, person_id, number, started_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING id, quiz_id, enrolment_id, person_id, number, started_at, due_at, submitted_at, points, points_total, passed`,
		id, q.ID, enrolment, person, made+1, now, due))
}

// Attempt is one's own attempt with its answers; another person's is NotFound.
func (s *Store) Attempt(ctx context.Context, person, id uuid.UUID) (quiz.Attempt, error) {
	a, err := scanAttempt(s.db.Pool().QueryRow(ctx, selectAttempt+` WHERE id = $1 AND person_id = $2`, id, person))
	if err != nil {
		return a, fmt.Errorf("attempt %s: %w", id, err)
	}
	a.Answers, err = answers(ctx, s.db.Pool(), id)
	return a, err
}

func answers(ctx context.Context, q pg.Querier, attempt uuid.UUID) (map[uuid.UUID]quiz.Answer, error) {
	rows, err := q.Query(ctx, `SELECT question_id, choices, saved_at, correct FROM quiz_answers WHERE attempt_id = $1`, attempt)
	if err != nil {
		return nil, fmt.Errorf("answers of %s: %w", attempt, pg.Translate(err))
	}
	defer rows.Close()
	out := map[uuid.UUID]quiz.Answer{}
	for rows.Next() {
		var id uuid.UUID
		var a quiz.Answer
		if err := rows.Scan(&id, &a.Choices, &a.SavedAt, &a.Correct); err != nil {
			return nil, pg.Translate(err)
		}
		out[id] = a
	}
	return out, pg.Translate(rows.Err())
}

// own locks one's attempt, so that saving and submitting take turns. The
// enrolment comes first, as in Start and where lessons are completed: locks
// taken in one order cannot wait for each other in a ring.
func own(ctx context.Context, tx pgx.Tx, person, id uuid.UUID) (quiz.Attempt, quiz.Place, error) {
	_, err := tx.Exec(ctx, `
		SELECT FROM enrolments WHERE id = (SELECT enrolment_id FROM quiz_attempts WHERE id = $1 AND person_id = $2) FOR UPDATE`, id, person)
	if err != nil {
		return quiz.Attempt{}, quiz.Place{}, pg.Translate(err)
	}
	a, err := scanAttempt(tx.QueryRow(ctx, selectAttempt+` WHERE id = $1 AND person_id = $2 FOR UPDATE`, id, person))
	if err != nil {
		return a, quiz.Place{}, err
	}
	p, err := read(ctx, tx, a.QuizID)
	return a, p, err
}

// Save keeps the answer to one question; again replaces it.
func (s *Store) Save(ctx context.Context, person, attempt, question uuid.UUID, choices []string) (out quiz.Answer, err error) {
	overdue := false
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		a, p, err := own(ctx, tx.Pgx(), person, attempt)
		if err != nil {
			return err
		}
		if a.SubmittedAt != nil {
			return fault.Coded(fault.Conflict, "attempt-submitted", "This attempt is submitted already.")
		}
		if overdue = a.Overdue(s.now()); overdue {
			_, err := s.grade(ctx, tx, a, p, *a.DueAt)
			return err
		}
		out, err = s.save(ctx, tx.Pgx(), a, p, question, choices)
		return err
	})
	if err == nil && overdue {
		err = fault.Coded(fault.Conflict, "attempt-overdue", "The time is over. What was saved until then has been graded.")
	}
	if err != nil {
		return out, fmt.Errorf("save answer: %w", err)
	}
	return out, nil
}

func (s *Store) save(ctx context.Context, tx pgx.Tx, a quiz.Attempt, p quiz.Place, question uuid.UUID, choices []string) (quiz.Answer, error) {
	for _, q := range p.Quiz.Questions {
		if q.ID != question {
			continue
		}
		chosen, err := q.CheckAnswer(choices)
		if err != nil {
			return quiz.Answer{}, err
		}
		if chosen == nil {
			chosen = []string{}
		}
		out := quiz.Answer{Choices: chosen, SavedAt: s.now().UTC()}
		_, err = tx.Exec(ctx, `
			INSERT INTO quiz_answers (attempt_id, question_id, choices, saved_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (attempt_id, question_id) DO UPDATE SET choices = excluded.choices, saved_at = excluded.saved_at`, a.ID, question, chosen, out.SavedAt)
		return out, pg.Translate(err)
	}
	return quiz.Answer{}, fault.New(fault.NotFound, "there is no such question in this quiz")
}

// Submit grades an attempt by what was saved; again changes nothing.
func (s *Store) Submit(ctx context.Context, person, attempt uuid.UUID) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		a, p, err := own(ctx, tx.Pgx(), person, attempt)
		if err != nil || a.SubmittedAt != nil {
			return err
		}
		at := s.now().UTC()
		if a.Overdue(at) {
			at = *a.DueAt
		}
		_, err = s.grade(ctx, tx, a, p, at)
		return err
	})
	if err != nil {
		return fmt.Errorf("submit attempt %s: %w", attempt, err)
	}
	return nil
}

// grade ends an attempt; a passed one completes its lesson in the same transaction.
func (s *Store) grade(ctx context.Context, tx *pg.Tx, a quiz.Attempt, p quiz.Place, at time.Time) (quiz.Result, error) {
	saved, err := answers(ctx, tx.Pgx(), a.ID)
	if err != nil {
		return quiz.Result{}, err
	}
	r := p.Quiz.Grade(saved)
	var b pgx.Batch
	b.Queue(`UPDATE quiz_attempts SET submitted_at = $2, points = $3, points_total = $4, passed = $5 WHERE id = $1`, a.ID, at.UTC(), r.Points, r.Total, r.Passed)
	for id, right := range r.Correct {
		b.Queue(`UPDATE quiz_answers SET correct = $3 WHERE attempt_id = $1 AND question_id = $2`, a.ID, id, right)
	}
	if err := tx.Pgx().SendBatch(ctx, &b).Close(); err != nil {
		return r, fmt.Errorf("grade attempt %s: %w", a.ID, pg.Translate(err))
	}
	if !r.Passed {
		return r, nil
	}
	return r, s.onPassed(ctx, tx, a.EnrolmentID, p.LessonID, at)
}
