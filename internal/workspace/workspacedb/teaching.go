package workspacedb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/workspace"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// months is how far the chart of completions goes back, this month included.
const months = 12

// Teaching is how the courses of one organisation stand.
func (s *Store) Teaching(ctx context.Context, orgID uuid.UUID) (t workspace.Teaching, err error) {
	zone, err := s.zone(ctx, orgID)
	if err != nil {
		return t, fmt.Errorf("teaching of %s: %w", orgID, err)
	}
	now := s.now().In(zone)
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, zone)
	err = s.db.Pool().QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE v.state = 'draft'), count(*) FILTER (WHERE v.state = 'returned'), count(*) FILTER (WHERE v.state = 'submitted'),
		       count(*) FILTER (WHERE c.published_version_id IS NOT NULL)
		FROM courses c JOIN course_versions v ON v.course_id = c.id WHERE c.org_id = $1 AND `+newest, orgID).Scan(&t.Drafts, &t.Returned, &t.Waiting, &t.Published)
	if err == nil {
		err = s.db.Pool().QueryRow(ctx, `
			SELECT count(DISTINCT e.person_id), count(*) FILTER (WHERE e.completed_at >= $2) FROM courses c JOIN enrolments e ON e.course_id = c.id
			WHERE c.org_id = $1 AND (e.studied_at >= $2 OR e.completed_at >= $2)`, orgID, month).Scan(&t.Learners, &t.Completions)
	}
	if err == nil {
		t.Months, err = s.completions(ctx, orgID, month)
	}
	if err == nil {
		t.ToDo, err = collectWork(s.db.Pool().Query(ctx, `
			SELECT `+workColumns+`, v.updated_at FROM courses c JOIN course_versions v ON v.course_id = c.id JOIN organisations o ON o.id = c.org_id
			WHERE c.org_id = $1 AND v.state IN ('draft', 'returned') AND `+newest+` ORDER BY v.state = 'returned' DESC, v.updated_at DESC, v.id LIMIT 5`, orgID))
	}
	if err == nil {
		t.Courses, err = s.learned(ctx, orgID)
	}
	if err != nil {
		return t, fmt.Errorf("teaching of %s: %w", orgID, pg.Translate(err))
	}
	return t, nil
}

// completions are those of each of the last months, none left out.
func (s *Store) completions(ctx context.Context, orgID uuid.UUID, last time.Time) ([]workspace.Month, error) {
	starts := make([]time.Time, months)
	for i := range starts {
		starts[i] = last.AddDate(0, i-months+1, 0).UTC()
	}
	rows, err := s.db.Pool().Query(ctx, `
		SELECT m.i, count(*) FROM courses c JOIN enrolments e ON e.course_id = c.id
		CROSS JOIN LATERAL (SELECT width_bucket(e.completed_at, $2::timestamptz[]) AS i) m
		WHERE c.org_id = $1 AND e.completed_at >= $3 GROUP BY 1`, orgID, starts, starts[0])
	if err != nil {
		return nil, pg.Translate(err)
	}
	out := make([]workspace.Month, months)
	for i, start := range starts {
		out[i].Start = start
	}
	var bucket, n int
	_, err = pgx.ForEachRow(rows, []any{&bucket, &n}, func() error { out[bucket-1].Completions = n; return nil })
	return out, pg.Translate(err)
}

func (s *Store) learned(ctx context.Context, orgID uuid.UUID) ([]workspace.Learned, error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT c.id, v.title_zh, v.title_en, count(DISTINCT e.person_id), count(DISTINCT e.person_id) FILTER (WHERE e.completed_at IS NOT NULL)
		FROM courses c JOIN course_versions v ON v.id = c.published_version_id LEFT JOIN enrolments e ON e.course_id = c.id
		WHERE c.org_id = $1 GROUP BY c.id, v.id ORDER BY 4 DESC, v.published_at DESC, c.id LIMIT 8`, orgID)
	if err != nil {
		return nil, pg.Translate(err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l workspace.Learned, err error) {
		return l, row.Scan(&l.Course, &l.Title.Zh, &l.Title.En, &l.Learners, &l.Completed)
	})
}
