package workspacedb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/workspace"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Supervision is what waits at and below a department, as far as one may see it.
func (s *Store) Supervision(ctx context.Context, orgID uuid.UUID, sees workspace.Sees) (v workspace.Supervision, err error) {
	v.Below = map[string]int{}
	rows, err := s.db.Pool().Query(ctx, `SELECT kind, count(*) FROM organisations WHERE lineage @> ARRAY[$1::uuid] AND id <> $1 GROUP BY kind`, orgID)
	if err == nil {
		var kind string
		var n int
		_, err = pgx.ForEachRow(rows, []any{&kind, &n}, func() error { v.Below[kind] = n; return nil })
	}
	if err == nil {
		err = s.db.Pool().QueryRow(ctx, `
			SELECT count(*) FROM courses c JOIN organisations o ON o.id = c.org_id WHERE o.lineage @> ARRAY[$1::uuid] AND c.published_version_id IS NOT NULL`, orgID).Scan(&v.Courses)
	}
	if err == nil && sees.Reviews {
		v.Waiting, err = s.waiting(ctx, orgID)
	}
	if err == nil && sees.Flags {
		v.Flags = &workspace.Flags{}
		err = s.db.Pool().QueryRow(ctx, `
			SELECT count(*) FILTER (WHERE f.severity = 'serious'), count(*) FILTER (WHERE f.severity = 'notice')
			FROM integrity_flags f JOIN organisations o ON o.id = f.org_id WHERE f.state = 'open' AND o.lineage @> ARRAY[$1::uuid]`, orgID).Scan(&v.Flags.Serious, &v.Flags.Notice)
	}
	if err == nil && sees.Trail {
		v.Deeds, err = s.deeds(ctx, orgID)
	}
	if err != nil {
		return v, fmt.Errorf("supervision of %s: %w", orgID, pg.Translate(err))
	}
	return v, nil
}

func (s *Store) waiting(ctx context.Context, orgID uuid.UUID) (*workspace.Waiting, error) {
	now := s.now().UTC()
	bounds := make([]time.Time, len(workspace.Ages)) // oldest first, as width_bucket wants them
	for i, age := range workspace.Ages {
		bounds[len(bounds)-1-i] = now.Add(-age)
	}
	const from = ` FROM course_versions v JOIN courses c ON c.id = v.course_id JOIN organisations o ON o.id = c.org_id WHERE v.state = 'submitted' AND o.lineage @> ARRAY[$1::uuid]`
	rows, err := s.db.Pool().Query(ctx, `SELECT width_bucket(v.submitted_at, $2::timestamptz[]), count(*)`+from+` GROUP BY 1`, orgID, bounds)
	if err != nil {
		return nil, pg.Translate(err)
	}
	var w workspace.Waiting
	var bucket, n int
	if _, err := pgx.ForEachRow(rows, []any{&bucket, &n}, func() error { w.ByAge[len(bounds)-bucket] = n; return nil }); err != nil {
		return nil, pg.Translate(err)
	}
	w.Oldest, err = collectWork(s.db.Pool().Query(ctx, `SELECT `+workColumns+`, v.submitted_at`+from+` ORDER BY v.submitted_at, v.id LIMIT 5`, orgID))
	return &w, err
}

// deedsFor is how far back the trail is read: as far as its own page looks by
// itself. It bounds what is read where little or nothing happens.
const deedsFor = 30 * 24 * time.Hour

// deeds are the last of the trail.
func (s *Store) deeds(ctx context.Context, orgID uuid.UUID) ([]workspace.Deed, error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT a.id, a.at, coalesce(p.name, ''), a.action, coalesce(q.name, ''), `+refColumns+`
		FROM audit_events a JOIN organisations o ON o.id = a.org_id LEFT JOIN people p ON p.id = a.actor_id LEFT JOIN people q ON q.id = a.subject_id
		WHERE o.lineage @> ARRAY[$1::uuid] AND a.at >= $2 ORDER BY a.at DESC, a.id DESC LIMIT 8`, orgID, s.now().UTC().Add(-deedsFor))
	if err != nil {
		return nil, pg.Translate(err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (d workspace.Deed, err error) {
		d.Org = &org.Ref{}
		return d, row.Scan(append([]any{&d.ID, &d.At, &d.Actor, &d.Action, &d.Subject}, refScan(d.Org)...)...)
	})
}
