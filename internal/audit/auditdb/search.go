package auditdb

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Store reads the trail.
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

const selectEntry = `
	SELECT e.id, e.at, e.actor_id, coalesce(a.name, ''), e.action, e.object_kind, e.object_id, e.subject_id, coalesce(s.name, ''),
	       o.id, coalesce(o.kind, ''), coalesce(o.level, ''), coalesce(o.name_zh, ''), coalesce(o.name_en, ''),
	       e.address, e.user_agent, e.request_id, e.before, e.after
	FROM audit_events e LEFT JOIN people a ON a.id = e.actor_id LEFT JOIN people s ON s.id = e.subject_id LEFT JOIN organisations o ON o.id = e.org_id`

func scanEntry(row pgx.CollectableRow) (e audit.Entry, err error) {
	var actor, subject, place *uuid.UUID
	var actorName, subjectName string
	var in audit.Org
	err = row.Scan(&e.ID, &e.At, &actor, &actorName, &e.Action, &e.ObjectKind, &e.Object, &subject, &subjectName,
		&place, &in.Kind, &in.Level, &in.NameZh, &in.NameEn, &e.Origin.Address, &e.Origin.UserAgent, &e.Origin.RequestID, &e.Before, &e.After)
	e.At = e.At.UTC()
	if actor != nil {
		e.Actor = &audit.Person{ID: *actor, Name: actorName}
	}
	if subject != nil {
		e.Subject = &audit.Person{ID: *subject, Name: subjectName}
	}
	if place != nil {
		in.ID = *place
		e.Org = &in
	}
	return e, err
}

// query gathers conditions and their arguments.
type query struct {
	where []string
	args  []any
}

// and adds a condition whose %s stand for the arguments, in order.
func (q *query) and(condition string, args ...any) {
	places := make([]any, len(args))
	for i, a := range args {
		q.args = append(q.args, a)
		places[i] = fmt.Sprintf("$%d", len(q.args))
	}
	q.where = append(q.where, fmt.Sprintf(condition, places...))
}

func conditions(f audit.Filter, now time.Time) (*query, error) {
	q := &query{}
	q.and(`e.at >= %s AND e.at < %s`, f.From, f.To)
	if s := f.Scope; !s.Everywhere {
		// Not IN (all members): a province has more of them than a page has deeds.
		q.and(`(e.org_id IN (SELECT id FROM organisations WHERE id = ANY(%[1]s) OR lineage && %[2]s)
			OR EXISTS (SELECT FROM memberships m JOIN organisations mo ON mo.id = m.org_id
			           WHERE m.person_id = e.subject_id AND m.since <= %[3]s AND (m.until IS NULL OR m.until > %[3]s) AND (mo.id = ANY(%[1]s) OR mo.lineage && %[2]s)))`,
			s.Here, s.Below, now)
	}
	for _, c := range []struct {
		column string
		id     uuid.UUID
	}{{"actor_id", f.Actor}, {"subject_id", f.Subject}, {"object_id", f.Object}} {
		if c.id != uuid.Nil {
			q.and(`e.`+c.column+` = %s`, c.id)
		}
	}
	if f.ObjectKind != "" {
		q.and(`e.object_kind = %s`, f.ObjectKind)
	}
	if object, verb, _ := strings.Cut(f.Action, "."); verb != "" {
		q.and(`e.action = %s`, f.Action)
	} else if object != "" {
		q.and(`starts_with(e.action, %s)`, object+".")
	}
	if f.Org != uuid.Nil {
		q.and(`e.org_id IN (SELECT id FROM organisations WHERE lineage && ARRAY[%s::uuid])`, f.Org)
	}
	return q, q.after(f.Cursor)
}

// after goes on below a cursor: the time in microseconds and the id of the last entry.
func (q *query) after(cursor string) error {
	if cursor == "" {
		return nil
	}
	data, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(data) != 24 {
		return errCursor
	}
	at := time.UnixMicro(int64(binary.BigEndian.Uint64(data))).UTC()
	if at.Year() < 2000 || at.Year() > 9999 {
		return errCursor // beyond what PostgreSQL can compare
	}
	q.and(`(e.at, e.id) < (%s, %s)`, at, uuid.UUID(data[8:]))
	return nil
}

var errCursor = fault.New(fault.Invalid, "the cursor is not one of this list", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before"})

func cursorOf(e audit.Entry) *string {
	text := base64.RawURLEncoding.EncodeToString(append(binary.BigEndian.AppendUint64(nil, uint64(e.At.UnixMicro())), e.ID[:]...))
	return &text
}

// Search is one page of the trail, the last deed first.
func (s *Store) Search(ctx context.Context, f audit.Filter) (audit.List, error) {
	now := s.now().UTC()
	if err := f.Window(now); err != nil {
		return audit.List{}, err
	}
	q, err := conditions(f, now)
	if err != nil {
		return audit.List{}, err
	}
	return s.page(ctx, q, f.Limit)
}

func (s *Store) page(ctx context.Context, q *query, limit int) (out audit.List, err error) {
	limit = min(max(limit, 1), 1000)
	text := selectEntry + ` WHERE ` + strings.Join(q.where, " AND ") + fmt.Sprintf(` ORDER BY e.at DESC, e.id DESC LIMIT %d`, limit+1)
	rows, err := s.db.Pool().Query(ctx, text, q.args...)
	if err == nil {
		out.Items, err = pgx.CollectRows(rows, scanEntry)
	}
	if err != nil {
		return audit.List{}, fmt.Errorf("search the trail: %w", pg.Translate(err))
	}
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		out.NextCursor = cursorOf(out.Items[limit-1])
	}
	return out, nil
}
