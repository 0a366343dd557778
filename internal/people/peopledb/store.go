// Package peopledb keeps identity documents, sealed, and the requests to put
// two records of one person together, in PostgreSQL.
package peopledb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/people"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/vault"
)

// Notifier tells people what happened, in the transaction of what happened.
type Notifier interface {
	Send(ctx context.Context, tx *pg.Tx, n ...notify.Notice) error
}

// Options are what a store works with; all but Now are required.
type Options struct {
	Box    vault.Box
	Hasher vault.Hasher
	// Trail writes the audit trail: auditdb.Append.
	Trail func(ctx context.Context, tx *pg.Tx, at time.Time, e audit.Event) error
	// Consent notes that the person agreed to a version of the text on identity numbers.
	Consent func(ctx context.Context, tx *pg.Tx, person uuid.UUID, version int) error
	// Unite hands to the record that stays what other domains keep of the one that joins it.
	Unite    func(ctx context.Context, tx *pg.Tx, joining, keeper uuid.UUID) error
	Notifier Notifier
	Now      func() time.Time // nil: time.Now
}

// Store reads and writes. Each method is one transaction.
type Store struct {
	db *pg.DB
	o  Options
}

// New makes a store on a database.
func New(db *pg.DB, o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Store{db, o}
}

func (s *Store) now() time.Time { return s.o.Now().UTC().Truncate(time.Microsecond) }

// secret is what is sealed of a document.
type secret struct {
	Name   string `json:"name"`
	Number string `json:"number"`
}

func (s *Store) seal(ctx context.Context, purpose string, d people.Document) ([]byte, error) {
	plain, err := json.Marshal(secret{d.Name, d.Number})
	if err != nil {
		return nil, err
	}
	return s.o.Box.Seal(ctx, purpose, plain)
}

func (s *Store) open(ctx context.Context, purpose string, kind people.DocumentKind, sealed []byte) (d people.Document, err error) {
	plain, err := s.o.Box.Open(ctx, purpose, sealed)
	if err != nil {
		return d, fmt.Errorf("open %s: %w", purpose, err)
	}
	var x secret
	// The decoder's own words would repeat what it read.
	if json.Unmarshal(plain, &x) != nil {
		return d, fmt.Errorf("open %s: not a document", purpose)
	}
	return people.Document{Kind: kind, Name: x.Name, Number: x.Number}, nil
}

func documentOf(person uuid.UUID) string { return "identity:" + person.String() }
func mergeOf(id uuid.UUID) string        { return "merge:" + id.String() }

// hash finds equal numbers of one kind.
func (s *Store) hash(ctx context.Context, d people.Document) ([]byte, error) {
	return s.o.Hasher.Hash(ctx, "identity number", []byte(string(d.Kind)+"\n"+d.Number))
}

// Full is one's own document in the open, and the look at it noted. NotFound without one.
func (s *Store) Full(ctx context.Context, person uuid.UUID) (d people.Document, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if d, _, err = s.document(ctx, tx.Pgx(), person); err != nil {
			return err
		}
		return s.o.Trail(ctx, tx, s.now(), audit.Event{Actor: person, Action: "identity-document.reveal", ObjectKind: documentKind, Object: person, Subject: person})
	})
	return d, err
}

// Own is one's own document in the open, for an export that its owner asked
// for, under the names it has there. NotFound without one.
func (s *Store) Own(ctx context.Context, person uuid.UUID) (map[string]string, error) {
	d, at, err := s.document(ctx, s.db.Pool(), person)
	if err != nil {
		return nil, err
	}
	return map[string]string{"kind": string(d.Kind), "name": d.Name, "number": d.Number, "entered_at": at.UTC().Format(time.RFC3339)}, nil
}

const documentKind = "identity_document"

// document is a person's, in the open, and when it was entered.
func (s *Store) document(ctx context.Context, q pg.Querier, person uuid.UUID) (d people.Document, at time.Time, err error) {
	var sealed []byte
	var kind people.DocumentKind
	err = q.QueryRow(ctx, `SELECT kind, sealed, updated_at FROM identity_documents WHERE person_id = $1`, person).Scan(&kind, &sealed, &at)
	if err != nil {
		return d, at, pg.Translate(err)
	}
	d, err = s.open(ctx, documentOf(person), kind, sealed)
	return d, at, err
}

// Mine is one's own document, masked, and the last request to merge; nil: none.
func (s *Store) Mine(ctx context.Context, person uuid.UUID) (held *people.Held, merge *people.Merge, err error) {
	if held, err = s.held(ctx, s.db.Pool(), person); err != nil {
		return nil, nil, err
	}
	m, err := scanMerge(s.db.Pool().QueryRow(ctx, selectMerge+` WHERE r.joining_id = $1 ORDER BY r.created_at DESC LIMIT 1`, person))
	if errors.Is(err, pgx.ErrNoRows) {
		return held, nil, nil
	}
	return held, &m, pg.Translate(err)
}

func (s *Store) held(ctx context.Context, q pg.Querier, person uuid.UUID) (*people.Held, error) {
	d, at, err := s.document(ctx, q, person)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return new(d.Masked(at)), nil
}

// Forget takes a person's document away, and those of the records that joined
// theirs, when they no longer agree to it being kept.
func (s *Store) Forget(ctx context.Context, tx *pg.Tx, person uuid.UUID) error {
	tag, err := tx.Pgx().Exec(ctx, `DELETE FROM identity_documents WHERE person_id = ANY (same_people($1))`, person)
	if err != nil {
		return pg.Translate(err)
	}
	if err := s.withdraw(ctx, tx, person); err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return s.o.Trail(ctx, tx, s.now(), audit.Event{Actor: person, Action: "identity-document.forget", ObjectKind: documentKind, Object: person, Subject: person})
}
