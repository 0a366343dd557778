// Package orgdb keeps organisations and memberships in PostgreSQL.
package orgdb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Trail writes what was done into the audit trail, in the transaction of the deed.
type Trail func(ctx context.Context, tx *pg.Tx, at time.Time, e audit.Event) error

// Notifier tells people, in the transaction of what it tells.
type Notifier interface {
	Send(ctx context.Context, tx *pg.Tx, n ...notify.Notice) error
}

// Options are what a store owes others; its zero value notes and tells nothing.
type Options struct {
	Now      func() time.Time // nil: time.Now
	Trail    Trail
	Notifier Notifier
	// Address is the folded form of a mail address as it was typed, by which two
	// spellings are one; false for what is none. Needed to invite.
	Address func(typed string) (folded string, ok bool)
	// Inherit hands to a successor what other domains keep of a merged organisation.
	Inherit func(ctx context.Context, tx *pg.Tx, from, to uuid.UUID) error
}

// Store reads and writes the tree of organisations. Each method is one
// transaction, but those that are given theirs (…In).
type Store struct {
	db  *pg.DB
	o   Options
	now func() time.Time
}

// New makes a store that notes and tells nothing; now nil means time.Now.
func New(db *pg.DB, now func() time.Time) *Store { return With(db, Options{Now: now}) }

// With makes a store on a database.
func With(db *pg.DB, o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Store{db, o, o.Now}
}

// note writes into the audit trail, if there is one.
func (s *Store) note(ctx context.Context, tx *pg.Tx, e audit.Event) error {
	if s.o.Trail == nil {
		return nil
	}
	return s.o.Trail(ctx, tx, s.now(), e)
}

// tell tells people, if anybody is told anything.
func (s *Store) tell(ctx context.Context, tx *pg.Tx, n ...notify.Notice) error {
	if s.o.Notifier == nil {
		return nil
	}
	return s.o.Notifier.Send(ctx, tx, n...)
}

// CreateOrganisation gives an organisation its place in the tree. Another of
// the same kind and Chinese name below the same parent is a Conflict.
func (s *Store) CreateOrganisation(ctx context.Context, n org.New) (org.Organisation, error) {
	return s.Create(ctx, uuid.Nil, n)
}

// Create is CreateOrganisation by a person (uuid.Nil: the program).
func (s *Store) Create(ctx context.Context, by uuid.UUID, n org.New) (org.Organisation, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return org.Organisation{}, fmt.Errorf("new organisation's id: %w", err)
	}
	var made org.Organisation
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if err := grow(ctx, tx); err != nil {
			return err
		}
		parent, err := parentOf(ctx, tx.Pgx(), n.ParentID)
		if err != nil {
			return err
		}
		if made, err = org.Make(id, n, parent, s.now()); err != nil {
			return err
		}
		if err := insert(ctx, tx.Pgx(), made); err != nil {
			return err
		}
		return s.note(ctx, tx, audit.Event{Actor: by, Action: "organisation.create", ObjectKind: "organisation", Object: id, Org: id, After: traceOf(made)})
	})
	if err != nil {
		return org.Organisation{}, fmt.Errorf("create organisation: %w", pg.Translate(err))
	}
	return made, nil
}

func parentOf(ctx context.Context, tx pgx.Tx, id *uuid.UUID) (*org.Organisation, error) {
	if id == nil {
		return nil, nil
	}
	// FOR SHARE: the parent must not close meanwhile.
	parent, err := scanOne(tx.QueryRow(ctx, selectOrg+` WHERE id = $1 FOR SHARE`, *id))
	if fault.KindOf(err) == fault.NotFound {
		return nil, fault.New(fault.Invalid, "the organisation is not valid", fault.Field{Path: "parent_id", Message: "there is no such organisation"})
	}
	if err != nil {
		return nil, err
	}
	return &parent, nil
}

func insert(ctx context.Context, tx pgx.Tx, o org.Organisation) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO organisations (id, kind, level, name_zh, name_en, parent_id, lineage, time_zone, created_at, ownership)
		VALUES ($1, $2, nullif($3, ''), $4, $5, $6, $7, $8, $9, nullif($10, ''))`,
		o.ID, o.Kind, string(o.Level), o.NameZh, o.NameEn, o.ParentID, o.Lineage, o.TimeZone, o.Created, string(o.Ownership))
	if err != nil {
		return fmt.Errorf("insert organisation: %w", err)
	}
	return nil
}

const selectOrg = `SELECT id, kind, coalesce(level, ''), name_zh, name_en, parent_id, lineage, time_zone, created_at, coalesce(ownership, ''), closed_at, successor_id FROM organisations`

func scanOne(row pgx.Row) (org.Organisation, error) {
	var o org.Organisation
	err := row.Scan(&o.ID, &o.Kind, &o.Level, &o.NameZh, &o.NameEn, &o.ParentID, &o.Lineage, &o.TimeZone, &o.Created, &o.Ownership, &o.ClosedAt, &o.Successor)
	if err != nil {
		return org.Organisation{}, pg.Translate(err)
	}
	return o, nil
}

// Organisation is one node of the tree.
func (s *Store) Organisation(ctx context.Context, id uuid.UUID) (org.Organisation, error) {
	o, err := scanOne(s.db.Pool().QueryRow(ctx, selectOrg+` WHERE id = $1`, id))
	if err != nil {
		return o, fmt.Errorf("organisation %s: %w", id, err)
	}
	return o, nil
}

// List is one page of the organisations that are open, by Chinese name. The cursor is the id of
// the last one of the page before.
func (s *Store) List(ctx context.Context, f org.Filter) (org.List, error) {
	after, err := s.after(ctx, f.Cursor)
	if err != nil {
		return org.List{}, err
	}
	limit := min(max(f.Limit, 1), 100)
	rows, err := s.db.Pool().Query(ctx, `
		SELECT id, kind, coalesce(level, ''), name_zh, name_en FROM organisations
		WHERE closed_at IS NULL AND ($1 = '' OR kind = $1)
		  AND ($2 = '' OR name_zh ILIKE '%' || $2 || '%' OR name_en ILIKE '%' || $2 || '%')
		  AND ($3::uuid IS NULL OR (name_zh, id) > (SELECT name_zh, id FROM organisations WHERE id = $3))
		ORDER BY name_zh, id LIMIT $4`, string(f.Kind), pg.Like(f.Query), after, limit+1)
	if err != nil {
		return org.List{}, pg.Translate(err)
	}
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o org.Ref, err error) {
		return o, row.Scan(&o.ID, &o.Kind, &o.Level, &o.NameZh, &o.NameEn)
	})
	if err != nil {
		return org.List{}, fmt.Errorf("list organisations: %w", pg.Translate(err))
	}
	return page(items, limit), nil
}

// after reads a cursor that names an organisation; nil: the first page.
func (s *Store) after(ctx context.Context, cursor string) (*uuid.UUID, error) {
	id, err := readCursor(cursor)
	if id == nil || err != nil {
		return nil, err
	}
	var known bool
	if err := s.db.Pool().QueryRow(ctx, `SELECT EXISTS (SELECT FROM organisations WHERE id = $1)`, id).Scan(&known); err != nil {
		return nil, pg.Translate(err)
	}
	if !known {
		return nil, errCursor
	}
	return id, nil
}

var errCursor = fault.New(fault.Invalid, "the cursor is not one of ours", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before"})

// readCursor reads a cursor that is an id; nil: the first page.
func readCursor(cursor string) (*uuid.UUID, error) {
	if cursor == "" {
		return nil, nil
	}
	id, err := uuid.Parse(cursor)
	if err != nil {
		return nil, errCursor
	}
	return &id, nil
}

func page(items []org.Ref, limit int) org.List {
	if len(items) <= limit {
		return org.List{Items: items}
	}
	cursor := items[limit-1].ID.String()
	return org.List{Items: items[:limit], NextCursor: &cursor}
}
