// Package workspacedb reads the figures of workspaces from PostgreSQL.
package workspacedb

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/workspace"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Store reads alone.
type Store struct {
	db  *pg.DB
	now func() time.Time
}

// New makes a store on a database; now nil means time.Now.
func New(db *pg.DB, now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{db, now}
}

// zone is the organisation's, by which its months turn; NotFound when there is no such organisation.
func (s *Store) zone(ctx context.Context, orgID uuid.UUID) (*time.Location, error) {
	var name string
	if err := s.db.Pool().QueryRow(ctx, `SELECT time_zone FROM organisations WHERE id = $1`, orgID).Scan(&name); err != nil {
		return nil, pg.Translate(err)
	}
	return time.LoadLocation(name)
}

func refScan(o *org.Ref) []any { return []any{&o.ID, &o.Kind, &o.Level, &o.NameZh, &o.NameEn} }

const refColumns = `o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en`

// newest is a condition: version v is its course's newest.
const newest = `NOT EXISTS (SELECT FROM course_versions n WHERE n.course_id = v.course_id AND n.number > v.number)`

const workColumns = `c.id, v.id, v.title_zh, v.title_en, ` + refColumns + `, v.state, v.subject`

func collectWork(rows pgx.Rows, err error) ([]workspace.Work, error) {
	if err != nil {
		return nil, pg.Translate(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (w workspace.Work, err error) {
		into := append([]any{&w.Course, &w.Version, &w.Title.Zh, &w.Title.En}, refScan(&w.Org)...)
		return w, row.Scan(append(into, &w.State, &w.Subject, &w.At)...)
	})
	return all, pg.Translate(err)
}
