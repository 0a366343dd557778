package integritydb

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Columns of a flag; scanFlag reads them.
const selectFlag = `
	SELECT f.id, f.kind, f.first_at, f.last_at, f.sessions, f.figures, f.person_id, p.name, o.id, o.kind, coalesce(o.level, ''), o.name_zh, o.name_en, o.lineage,
	       f.raised_at, f.state, f.decided_at, f.decided_by, coalesce(d.name, ''), f.reason
	FROM integrity_flags f JOIN people p ON p.id = f.person_id JOIN organisations o ON o.id = f.org_id LEFT JOIN people d ON d.id = f.decided_by`

func scanFlag(row pgx.CollectableRow) (f integrity.Flag, err error) {
	var first, last time.Time
	var by *uuid.UUID
	var name string
	err = row.Scan(&f.ID, &f.Kind, &first, &last, &f.Sessions, &f.Figures, &f.Person.ID, &f.Person.Name, &f.Org.ID, &f.Org.Kind, &f.Org.Level, &f.Org.NameZh, &f.Org.NameEn, &f.Lineage,
		&f.RaisedAt, &f.State, &f.DecidedAt, &by, &name, &f.Reason)
	f.FromMS, f.ToMS = first.UnixMilli(), last.UnixMilli()
	if by != nil {
		f.DecidedBy = &integrity.Person{ID: *by, Name: name}
	}
	return f, err
}

func readFlag(ctx context.Context, q pg.Querier, where string, id uuid.UUID) (integrity.Flag, error) {
	rows, err := q.Query(ctx, selectFlag+where, id)
	if err != nil {
		return integrity.Flag{}, pg.Translate(err)
	}
	f, err := pgx.CollectExactlyOneRow(rows, scanFlag)
	return f, pg.Translate(err)
}

// Flag is one flag; NotFound when there is none.
func (s *Store) Flag(ctx context.Context, id uuid.UUID) (integrity.Flag, error) {
	f, err := readFlag(ctx, s.db.Pool(), ` WHERE f.id = $1`, id)
	if err != nil {
		return f, fmt.Errorf("flag %s: %w", id, err)
	}
	return f, nil
}

// List is one page of the flags below some departments, and how many are open in all.
func (s *Store) List(ctx context.Context, f integrity.Filter) (items []integrity.Flag, next *string, open int, err error) {
	at, id, err := readCursor(f.Cursor)
	if err != nil {
		return nil, nil, 0, err
	}
	// The oldest first while they wait, the last decided first afterwards.
	key, order, beyond := "f.raised_at", "ASC", ">"
	if f.State != integrity.Open {
		key, order, beyond = "f.decided_at", "DESC", "<"
	}
	limit := min(max(f.Limit, 1), 100)
	rows, err := s.db.Pool().Query(ctx, selectFlag+` WHERE o.lineage && $1 AND f.state = $2 AND ($3 = '' OR f.kind = $3) AND ($4 = '' OR f.severity = $4)
		AND ($5::timestamptz IS NULL OR (`+key+`, f.id) `+beyond+` ($5, $6)) ORDER BY `+key+` `+order+`, f.id `+order+` LIMIT $7`,
		f.Depts, f.State, f.Kind, f.Severity, at, id, limit+1)
	if err == nil {
		items, err = pgx.CollectRows(rows, scanFlag)
	}
	if err == nil {
		err = s.db.Pool().QueryRow(ctx, `
			SELECT count(*) FROM integrity_flags f JOIN organisations o ON o.id = f.org_id WHERE f.state = 'open' AND o.lineage && $1`, f.Depts).Scan(&open)
	}
	if err != nil {
		return nil, nil, 0, fmt.Errorf("list flags: %w", pg.Translate(err))
	}
	if len(items) > limit {
		items = items[:limit]
		next = writeCursor(items[limit-1])
	}
	return items, next, open, nil
}

// Decide upholds or dismisses a flag. Of two officers who decide at the same
// moment the second is told that it is done.
func (s *Store) Decide(ctx context.Context, d integrity.Decision) error {
	if err := d.Check(); err != nil {
		return err
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		f, err := readFlag(ctx, tx.Pgx(), ` WHERE f.id = $1 FOR UPDATE OF f`, d.Flag)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(d.Depts, func(id uuid.UUID) bool { return slices.Contains(f.Lineage, id) }) {
			return fault.Nothing()
		}
		if err := f.Decide(d); err != nil {
			return err
		}
		now := s.now().UTC()
		_, err = tx.Pgx().Exec(ctx, `UPDATE integrity_flags SET state = $2, decided_at = $3, decided_by = $4, reason = $5 WHERE id = $1`, f.ID, d.State(), now, d.By, d.Reason)
		if err != nil {
			return pg.Translate(err)
		}
		if err := s.tellDecision(ctx, tx, f, d); err != nil {
			return err
		}
		return s.trail(ctx, tx, now, audit.Event{
			Actor: d.By, Action: "integrity-flag.decide", ObjectKind: objectKind, Object: f.ID, Subject: f.Person.ID, Org: f.Org.ID,
			Before: map[string]any{"state": f.State}, After: map[string]any{"state": d.State(), "reason": d.Reason},
		})
	})
	if err != nil {
		return fmt.Errorf("decide on flag %s: %w", d.Flag, err)
	}
	return nil
}

// tellDecision tells the person what was decided about their study, and why.
func (s *Store) tellDecision(ctx context.Context, tx *pg.Tx, f integrity.Flag, d integrity.Decision) error {
	if s.tell == nil {
		return nil
	}
	return s.tell.Send(ctx, tx, notify.Notice{
		Kind: notify.FlagDecided, Person: f.Person.ID, Path: "/evidence", Once: f.ID.String(), Facts: map[string]string{"decision": string(d.State()), "reason": d.Reason},
	})
}

// Looked notes that somebody looked at a person's evidence because of a flag:
// at the flag, or at one of its sessions.
func (s *Store) Looked(ctx context.Context, by uuid.UUID, f integrity.Flag, session *uuid.UUID) error {
	e := audit.Event{Actor: by, Action: "integrity-flag.read", ObjectKind: objectKind, Object: f.ID, Subject: f.Person.ID, Org: f.Org.ID}
	if session != nil {
		e.Action, e.ObjectKind, e.Object = "study-session.read", "study_session", *session
		e.After = map[string]any{"flag": f.ID}
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error { return s.trail(ctx, tx, s.now().UTC(), e) })
	if err != nil {
		return fmt.Errorf("note a look at flag %s: %w", f.ID, err)
	}
	return nil
}

func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// A cursor is the last flag's time and id.
func writeCursor(f integrity.Flag) *string {
	at := f.RaisedAt
	if f.DecidedAt != nil {
		at = *f.DecidedAt
	}
	text := base64.RawURLEncoding.EncodeToString(append(binary.BigEndian.AppendUint64(nil, uint64(at.UnixMicro())), f.ID[:]...))
	return &text
}

func readCursor(text string) (at *time.Time, id uuid.UUID, err error) {
	if text == "" {
		return nil, id, nil
	}
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(data) != 24 {
		return nil, id, errCursor
	}
	t := time.UnixMicro(int64(binary.BigEndian.Uint64(data))).UTC()
	if t.Year() < 2000 || t.Year() > 9999 {
		return nil, id, errCursor // beyond what PostgreSQL can compare
	}
	return &t, uuid.UUID(data[8:]), nil
}

var errCursor = fault.New(fault.Invalid, "the cursor is not one of this list", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before"})
