// Package searchdb searches names in PostgreSQL.
package searchdb

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/search"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Store searches. What one may not see takes no part: not in what is found,
// and not in how many.
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

// Find finds by part of a name or title.
func (s *Store) Find(ctx context.Context, q search.Query) (found search.Found, err error) {
	if q.Text == "" {
		return found, nil
	}
	q.Limit = min(max(q.Limit, 1), 20)
	if found.Organisations, err = s.organisations(ctx, q); err == nil {
		found.People, err = s.people(ctx, q)
	}
	if err == nil {
		found.Drafts, err = s.drafts(ctx, q)
	}
	if err != nil {
		return search.Found{}, fmt.Errorf("search: %w", pg.Translate(err))
	}
	return found, nil
}

const refColumns = `o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en`

func refScan(o *org.Ref) []any { return []any{&o.ID, &o.Kind, &o.Level, &o.NameZh, &o.NameEn} }

// organisations are public; those that were closed are not found. A name that begins with what is asked for comes first, then the shorter.
func (s *Store) organisations(ctx context.Context, q search.Query) ([]org.Ref, error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT `+refColumns+` FROM organisations o
		WHERE o.closed_at IS NULL AND name_pairs(o.name_zh || ' ' || o.name_en) @> name_pairs($1) AND strpos(lower(o.name_zh || ' ' || o.name_en), lower($1)) > 0
		ORDER BY strpos(lower(o.name_zh), lower($1)) = 1 OR strpos(lower(o.name_en), lower($1)) = 1 DESC, char_length(o.name_zh), o.id LIMIT $2`, q.Text, q.Limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (o org.Ref, err error) { return o, row.Scan(refScan(&o)...) })
}

// people are those who work within the scope now.
func (s *Store) people(ctx context.Context, q search.Query) ([]search.Person, error) {
	if !q.People.Everywhere && len(q.People.Here) == 0 && len(q.People.Below) == 0 {
		return nil, nil
	}
	rows, err := s.db.Pool().Query(ctx, `
		SELECT p.id, p.name, `+refColumns+` FROM people p
		CROSS JOIN LATERAL (
			SELECT o.* FROM memberships m JOIN organisations o ON o.id = m.org_id
			WHERE m.person_id = p.id AND m.role = 'professional' AND m.since <= $6 AND (m.until IS NULL OR m.until > $6) AND ($3 OR o.id = ANY ($4) OR o.lineage && $5)
			ORDER BY m.since DESC, m.id LIMIT 1) o
		WHERE name_pairs(p.name) @> name_pairs($1) AND strpos(lower(p.name), lower($1)) > 0
		ORDER BY strpos(lower(p.name), lower($1)), char_length(p.name), p.name COLLATE "zh-x-icu", p.id LIMIT $2`,
		q.Text, q.Limit, q.People.Everywhere, q.People.Here, q.People.Below, s.now().UTC())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p search.Person, err error) {
		return p, row.Scan(append([]any{&p.ID, &p.Name}, refScan(&p.Org)...)...)
	})
}

// drafts are newest versions that the catalogue does not show, of the organisations one writes for.
func (s *Store) drafts(ctx context.Context, q search.Query) ([]search.Draft, error) {
	if len(q.Drafts.Here) == 0 {
		return nil, nil
	}
	rows, err := s.db.Pool().Query(ctx, `
		SELECT c.id, v.title_zh, v.title_en, v.state, `+refColumns+` FROM courses c JOIN course_versions v ON v.course_id = c.id JOIN organisations o ON o.id = c.org_id
		WHERE c.org_id = ANY ($3) AND v.state IN ('draft', 'submitted', 'returned') AND strpos(lower(v.title_zh || ' ' || v.title_en), lower($1)) > 0
		ORDER BY v.updated_at DESC, v.id LIMIT $2`, q.Text, q.Limit, q.Drafts.Here)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (d search.Draft, err error) {
		return d, row.Scan(append([]any{&d.ID, &d.Title.Zh, &d.Title.En, &d.State}, refScan(&d.Org)...)...)
	})
}
