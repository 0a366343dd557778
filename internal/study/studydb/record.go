package studydb

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Columns of a session as it is shown; scanRecord reads them. The beats of one
// that is compacted need not be counted, nor be there.
const selectRecord = `
	SELECT s.id, s.no, s.person_id, s.enrolment_id, s.lesson_id, coalesce(s.asset_id, '00000000-0000-0000-0000-000000000000'), s.fence, s.opened_ms, s.duration_ms, s.unit_ms,
	       s.device, coalesce(s.device_key, ''), coalesce(s.closed_ms, 0), s.window_ms, s.chain, l.title_zh, l.title_en, v.title_zh, v.title_en,
	       coalesce(e.beats, b.beats), coalesce(e.credit_ms, b.credit_ms)
	FROM study_sessions s JOIN lessons l ON l.id = s.lesson_id JOIN course_versions v ON v.id = l.version_id
	LEFT JOIN study_evidence e ON e.no = s.no
	CROSS JOIN LATERAL (
		SELECT count(*) AS beats, coalesce(sum(credit_ms), 0) AS credit_ms FROM study_beat_rows b
		WHERE NOT s.compacted AND b.key > s.no << 22 AND b.key < s.no + 1 << 22) b`

func scanRecord(row pgx.Row) (r study.Record, first study.Chain, err error) {
	var chain []byte
	err = row.Scan(&r.ID, &r.No, &r.PersonID, &r.EnrolmentID, &r.LessonID, &r.AssetID, &r.Fence, &r.OpenedMS, &r.DurationMS, &r.UnitMS,
		&r.Device, &r.DeviceKey, &r.ClosedMS, &r.WindowMS, &chain, &r.Lesson.Zh, &r.Lesson.En, &r.Course.Zh, &r.Course.En, &r.Beats, &r.CreditMS)
	if err != nil {
		return r, first, pg.Translate(err)
	}
	return r, study.Chain(chain), nil
}

// Records is one page of a person's sessions, the last one first; the cursor
// is the fence of the last one of the page before.
func (s *Store) Records(ctx context.Context, person uuid.UUID, limit int, before *int64) (items []study.Record, more bool, err error) {
	limit = min(max(limit, 1), 100)
	rows, err := s.db.Pool().Query(ctx, selectRecord+`
		WHERE s.person_id = $1 AND ($2::bigint IS NULL OR s.fence < $2) ORDER BY s.fence DESC LIMIT $3`, person, before, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("list sessions: %w", pg.Translate(err))
	}
	items, err = pgx.CollectRows(rows, collectRecord)
	if err != nil {
		return nil, false, fmt.Errorf("list sessions: %w", pg.Translate(err))
	}
	if len(items) > limit {
		return items[:limit], true, nil
	}
	return items, false, nil
}

// RecordsOf are the sessions of these ids that there are, the last one first.
func (s *Store) RecordsOf(ctx context.Context, sessions []uuid.UUID) ([]study.Record, error) {
	rows, err := s.db.Pool().Query(ctx, selectRecord+` WHERE s.id = ANY ($1) ORDER BY s.opened_ms DESC LIMIT 100`, sessions)
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", pg.Translate(err))
	}
	items, err := pgx.CollectRows(rows, collectRecord)
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", pg.Translate(err))
	}
	return items, nil
}

func collectRecord(row pgx.CollectableRow) (study.Record, error) {
	r, _, err := scanRecord(row)
	return r, err
}

// MaxRows bounds the beats of one session that are shown: a day at the usual pace.
const MaxRows = 6000

// Evidence is a session with its beats, as far as they are still there;
// NotFound when there is no such session.
func (s *Store) Evidence(ctx context.Context, session uuid.UUID) (e study.Evidence, err error) {
	e.Record, e.First, err = scanRecord(s.db.Pool().QueryRow(ctx, selectRecord+` WHERE s.id = $1`, session))
	if err == nil {
		e.Rows, err = beatsOf(ctx, s.db.Pool(), e.Meta, MaxRows)
	}
	if err == nil {
		e.Summary, err = summaryOf(ctx, s.db.Pool(), e.Meta)
	}
	if err != nil {
		return e, fmt.Errorf("evidence of session %s: %w", session, err)
	}
	e.Whole = len(e.Rows) == e.Beats
	return e, nil
}
