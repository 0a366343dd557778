// Package studydb keeps sessions and their evidence in PostgreSQL: what was
// answered is here, and everything in Redis can be rebuilt from it.
package studydb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Completed is told, inside the transaction of the evidence, that a lesson is complete.
type Completed func(ctx context.Context, tx *pg.Tx, enrolment, lesson uuid.UUID, at time.Time) error

// Store reads and writes sessions. Each method is one transaction.
type Store struct {
	db        *pg.DB
	completed Completed
}

// New makes a store on a database.
func New(db *pg.DB, completed Completed) *Store { return &Store{db, completed} }

// Session is a session as it was opened.
type Session struct {
	study.Meta
	NeedS       int64 // see study.State
	WindowMS    int64
	UncheckedMS int64 // of the person when it opened
	Device      string
	DeviceKey   []byte // names the browser, by a keyed hash; written once, not read back
	SignIn      []byte
	Chain       study.Chain // its first link
	ClosedMS    int64       // 0: open
}

const selectSession = `
	SELECT s.id, s.no, s.person_id, s.enrolment_id, s.lesson_id, coalesce(s.asset_id, '00000000-0000-0000-0000-000000000000'), s.fence,
	       s.opened_ms, s.duration_ms, s.unit_ms, s.need_s, s.window_ms, s.unchecked_ms, s.device, s.sign_in, s.chain, coalesce(s.closed_ms, 0)
	FROM study_sessions s`

func scanSession(row pgx.Row) (s Session, err error) {
	var chain []byte
	err = row.Scan(&s.ID, &s.No, &s.PersonID, &s.EnrolmentID, &s.LessonID, &s.AssetID, &s.Fence,
		&s.OpenedMS, &s.DurationMS, &s.UnitMS, &s.NeedS, &s.WindowMS, &s.UncheckedMS, &s.Device, &s.SignIn, &chain, &s.ClosedMS)
	if err != nil {
		return s, pg.Translate(err)
	}
	s.Chain = study.Chain(chain)
	return s, nil
}

// Session is one session; NotFound when there is none.
func (s *Store) Session(ctx context.Context, id uuid.UUID) (Session, error) {
	out, err := scanSession(s.db.Pool().QueryRow(ctx, selectSession+` WHERE s.id = $1`, id))
	if err != nil {
		return out, fmt.Errorf("session %s: %w", id, err)
	}
	return out, nil
}

// Live is a person's open session; false when there is none.
func (s *Store) Live(ctx context.Context, person uuid.UUID) (Session, bool, error) {
	out, err := scanSession(s.db.Pool().QueryRow(ctx, selectSession+`
		JOIN study_people p ON p.session_id = s.id WHERE p.person_id = $1`, person))
	if errors.Is(err, pgx.ErrNoRows) {
		return out, false, nil
	}
	if err != nil {
		return out, false, fmt.Errorf("live session: %w", err)
	}
	return out, true, nil
}

// Lesson is what has to be known of a lesson before a session of it opens.
type Lesson struct {
	ID         uuid.UUID
	AssetID    uuid.UUID // a video or a PDF; uuid.Nil: a text
	Document   bool
	DurationMS int64 // of a video
	// Of a document: how many pages its PDF has, how long it is to be read as a
	// whole, and its text in both languages with that of its course.
	Pages          int
	MinS, MaxS     int
	TextZH, TextEN string
	Language       string
}

// Lesson is a lesson that can be watched or read; NotFound otherwise.
func (s *Store) Lesson(ctx context.Context, id uuid.UUID) (l Lesson, err error) {
	err = s.db.Pool().QueryRow(ctx, `
		SELECT l.id, coalesce(l.asset_id, '00000000-0000-0000-0000-000000000000'), l.kind = 'document', coalesce(m.duration_ms, 0), coalesce(m.pages, 0),
		       l.min_s, l.max_s, l.body_zh, l.body_en, v.language
		FROM lessons l JOIN course_versions v ON v.id = l.version_id LEFT JOIN media_assets m ON m.id = l.asset_id
		WHERE l.id = $1 AND (l.kind = 'video' AND m.state = 'ready' AND m.duration_ms > 0 OR l.kind = 'document' AND (m.id IS NULL OR m.state = 'ready'))`, id).
		Scan(&l.ID, &l.AssetID, &l.Document, &l.DurationMS, &l.Pages, &l.MinS, &l.MaxS, &l.TextZH, &l.TextEN, &l.Language)
	if err != nil {
		return l, fmt.Errorf("lesson %s: %w", id, pg.Translate(err))
	}
	return l, nil
}

// Questions are a lesson's own, in the order of their moments.
func (s *Store) Questions(ctx context.Context, lesson uuid.UUID) ([]study.Question, error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT at_ms, page, prompt, ARRAY(SELECT jsonb_array_elements_text(choices)), right_mask, multiple
		FROM lesson_questions WHERE lesson_id = $1 ORDER BY page, at_ms, position`, lesson)
	if err != nil {
		return nil, fmt.Errorf("questions of lesson %s: %w", lesson, pg.Translate(err))
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[study.Question])
	if err != nil {
		return nil, fmt.Errorf("questions of lesson %s: %w", lesson, pg.Translate(err))
	}
	return out, nil
}

// Window is a person's accommodation: how long a window for a check they have, in percent of the usual.
func (s *Store) Window(ctx context.Context, person uuid.UUID) (percent int, err error) {
	err = s.db.Pool().QueryRow(ctx, `SELECT coalesce((SELECT window_percent FROM study_people WHERE person_id = $1), 100)`, person).Scan(&percent)
	if err != nil {
		return 0, fmt.Errorf("window for checks: %w", pg.Translate(err))
	}
	return percent, nil
}

// SetWindow changes it, for sessions opened afterwards.
func (s *Store) SetWindow(ctx context.Context, person uuid.UUID, percent int) error {
	_, err := s.db.Pool().Exec(ctx, `
		INSERT INTO study_people (person_id, window_percent) VALUES ($1, $2)
		ON CONFLICT (person_id) DO UPDATE SET window_percent = excluded.window_percent`, person, percent)
	if err != nil {
		return fmt.Errorf("set window for checks: %w", pg.Translate(err))
	}
	return nil
}

// Delivery is all that was sent to a session so far.
type Delivery struct {
	Session     uuid.UUID
	DeliveredMS int64
	Segments    study.Bits
}

// Deliveries notes what was sent, beside what is noted already: sets only grow,
// so that writes which overtake each other do no harm. No two may be of one session.
func (s *Store) Deliveries(ctx context.Context, all []Delivery) error {
	ids, ms, bits := make([]uuid.UUID, len(all)), make([]int64, len(all)), make([][]byte, len(all))
	for i, d := range all {
		ids[i], ms[i], bits[i] = d.Session, d.DeliveredMS, d.Segments
	}
	_, err := s.db.Pool().Exec(ctx, `
		UPDATE study_sessions s SET delivered_ms = greatest(s.delivered_ms, d.ms), delivered = study_union(s.delivered, d.bits)
		FROM (SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bytea[]) AS x (id, ms, bits) ORDER BY id) d
		WHERE s.id = d.id AND s.delivered <> study_union(s.delivered, d.bits)`, ids, ms, bits)
	if err != nil {
		return fmt.Errorf("note deliveries: %w", pg.Translate(err))
	}
	return nil
}

// MakePartitions makes the evidence's partitions of the next days, so that a
// new day never waits for one.
func (s *Store) MakePartitions(ctx context.Context, from time.Time, days int) error {
	if _, err := s.db.Pool().Exec(ctx, `SELECT study_make_partitions($1::date, $2)`, dayOf(from.UnixMilli()), days); err != nil {
		return fmt.Errorf("make partitions: %w", pg.Translate(err))
	}
	return nil
}

// dayOf is the partition of a session opened then.
func dayOf(ms int64) time.Time { return time.UnixMilli(ms).UTC().Truncate(24 * time.Hour) }
