package peopledb

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/people"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

const selectMerge = `
	SELECT r.id, r.state, r.kind, o.id, coalesce(o.kind, ''), coalesce(o.level, ''), coalesce(o.name_zh, ''), coalesce(o.name_en, ''), r.note, r.created_at, r.decided_at, coalesce(d.name, ''), r.reason
	FROM merge_requests r LEFT JOIN organisations o ON o.id = r.org_id LEFT JOIN people d ON d.id = r.decided_by`

func scanMerge(row pgx.Row) (m people.Merge, err error) {
	var id *uuid.UUID
	var o org.Ref
	err = row.Scan(&m.ID, &m.State, &m.Kind, &id, &o.Kind, &o.Level, &o.NameZh, &o.NameEn, &m.Note, &m.At, &m.DecidedAt, &m.DecidedBy, &m.Reason)
	if id != nil {
		o.ID = *id
		m.Org = &o
	}
	return m, err
}

// within says in SQL which requests the scope $1, $2, $3 holds: those of its
// organisations, and at a root those that belong nowhere below.
const within = ` ($1 OR o.id = ANY ($2) OR o.lineage && $3
	OR r.org_id IS NULL AND EXISTS (SELECT FROM organisations x WHERE x.id = ANY ($3) AND x.parent_id IS NULL)) `

func args(s identity.Scope, more ...any) []any {
	return append([]any{s.Everywhere, append([]uuid.UUID{}, s.Here...), append([]uuid.UUID{}, s.Below...)}, more...)
}

// Merges is one page of requests in a scope: the oldest first while they are
// open, the last decided first afterwards. The cursor is the last id of the page before.
func (s *Store) Merges(ctx context.Context, scope identity.Scope, state people.MergeState, limit int, cursor *uuid.UUID) (items []people.Merge, more bool, err error) {
	limit = min(max(limit, 1), 100)
	order := `r.created_at, r.id`
	after := `(r.created_at, r.id) > (SELECT created_at, id FROM merge_requests WHERE id = $5)`
	if state != people.MergeOpen {
		order = `r.decided_at DESC, r.id DESC`
		after = `(r.decided_at, r.id) < (SELECT decided_at, id FROM merge_requests WHERE id = $5)`
	}
	rows, err := s.db.Pool().Query(ctx, selectMerge+` WHERE`+within+`AND r.state = $4 AND ($5::uuid IS NULL OR `+after+`) ORDER BY `+order+` LIMIT $6`, args(scope, state, cursor, limit+1)...)
	if err != nil {
		return nil, false, fmt.Errorf("list merge requests: %w", pg.Translate(err))
	}
	items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (people.Merge, error) { return scanMerge(row) })
	if err != nil {
		return nil, false, fmt.Errorf("list merge requests: %w", pg.Translate(err))
	}
	if len(items) > limit {
		return items[:limit], true, nil
	}
	return items, false, nil
}

// Review is a request with both records; one outside the scope is NotFound.
func (s *Store) Review(ctx context.Context, scope identity.Scope, id uuid.UUID) (people.Review, error) {
	return s.review(ctx, s.db.Pool(), scope, id)
}

func (s *Store) review(ctx context.Context, q pg.Querier, scope identity.Scope, id uuid.UUID) (r people.Review, err error) {
	if r.Merge, err = scanMerge(q.QueryRow(ctx, selectMerge+` WHERE`+within+`AND r.id = $4`, args(scope, id)...)); err != nil {
		return r, pg.Translate(err)
	}
	var sealed []byte
	if err := q.QueryRow(ctx, `SELECT keeper_id, joining_id, sealed FROM merge_requests WHERE id = $1`, id).Scan(&r.Keeper.PersonID, &r.Joining.PersonID, &sealed); err != nil {
		return r, pg.Translate(err)
	}
	for _, side := range []*people.Side{&r.Keeper, &r.Joining} {
		if err := s.fill(ctx, q, side); err != nil {
			return r, err
		}
	}
	err = q.QueryRow(ctx, `
		SELECT count(DISTINCT a.course_id) FROM ledger_entries a JOIN ledger_entries b ON b.course_id = a.course_id
		WHERE a.kind = 'registered' AND b.kind = 'registered' AND a.person_id = ANY (same_people($1)) AND b.person_id = ANY (same_people($2))`,
		r.Keeper.PersonID, r.Joining.PersonID).Scan(&r.Twice)
	if err != nil {
		return r, pg.Translate(err)
	}
	return r, s.documents(ctx, q, &r, sealed)
}

// documents adds both documents, masked, and whether their names are the same.
func (s *Store) documents(ctx context.Context, q pg.Querier, r *people.Review, sealed []byte) error {
	kept, at, err := s.document(ctx, q, r.Keeper.PersonID)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	if err == nil {
		r.Keeper.Document = kept.Masked(at)
	}
	if sealed == nil {
		return nil // decided: what was entered is no longer kept
	}
	entered, err := s.open(ctx, mergeOf(r.ID), r.Kind, sealed)
	if err != nil {
		return err
	}
	r.Joining.Document, r.SameName = entered.Masked(r.At), entered.Name == kept.Name
	return nil
}

// fill reads what an officer needs to know of one record.
func (s *Store) fill(ctx context.Context, q pg.Querier, side *people.Side) error {
	var email string
	err := q.QueryRow(ctx, `
		SELECT p.created_at, coalesce(a.email, ''), (SELECT count(*) FROM enrolments e WHERE e.person_id = p.id AND e.completed_at IS NULL),
		       (SELECT count(*) FROM integrity_flags f WHERE f.person_id = p.id AND f.state = 'open')
		FROM people p LEFT JOIN accounts a ON a.person_id = p.id WHERE p.id = $1`, side.PersonID).Scan(&side.Since, &email, &side.Open, &side.Flags)
	if err != nil {
		return pg.Translate(err)
	}
	side.Address = people.MaskAddress(email)
	rows, err := q.Query(ctx, `SELECT m.role, o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en FROM memberships m JOIN organisations o ON o.id = m.org_id WHERE m.person_id = $1 AND m.until IS NULL ORDER BY m.since`, side.PersonID)
	if err != nil {
		return pg.Translate(err)
	}
	side.Roles, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (h people.HeldRole, err error) {
		err = row.Scan(&h.Role, &h.Org.ID, &h.Org.Kind, &h.Org.Level, &h.Org.NameZh, &h.Org.NameEn)
		return h, err
	})
	if err != nil {
		return pg.Translate(err)
	}
	rows, err = q.Query(ctx, `SELECT year, (sum(hours) * 100)::bigint, count(DISTINCT course_id)::int FROM ledger_entries WHERE person_id = ANY (same_people($1)) GROUP BY year ORDER BY year DESC`, side.PersonID)
	if err != nil {
		return pg.Translate(err)
	}
	side.Years, err = pgx.CollectRows(rows, pgx.RowToStructByPos[people.YearHours])
	return pg.Translate(err)
}
