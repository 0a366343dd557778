package peopledb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/people"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Whoever may try numbers without end learns who is known here.
const (
	maxEntries  = 5
	entryWindow = 30 * 24 * time.Hour
	maxNote     = 500
)

var (
	errTooMany = fault.Coded(fault.Conflict, "identity-changed-often", "Your document was entered five times within 30 days. Please write to your department when it is still not right.")
	errWaiting = fault.Coded(fault.Conflict, "merge-waiting", "A request of yours is being reviewed. Withdraw it first when you mistyped the number.")
	errClosed  = fault.New(fault.Conflict, "this record no longer stands by itself")
)

// numbersLock orders entries by number, so that of two at once one is found.
const numbersLock = 0x48474944 // "HGID"

// Enter keeps a person's document. A number that another record has is not
// kept: a request to merge the two is made instead, and whose the other is is
// not told. consent is the version of the text the person agreed to.
func (s *Store) Enter(ctx context.Context, person uuid.UUID, d people.Document, note string, consent int) (out people.Outcome, err error) {
	now := s.now()
	if d, err = d.Checked(now.Add(14 * time.Hour)); err != nil { // it may be the next day already where it was entered
		return out, err
	}
	if note = strings.TrimSpace(note); utf8.RuneCountInString(note) > maxNote {
		return out, fault.New(fault.Invalid, "the note is too long", fault.Field{Path: "body.note", Message: fmt.Sprintf("must be at most %d characters", maxNote)})
	}
	hash, err := s.hash(ctx, d)
	if err != nil {
		return out, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		out = people.Outcome{}
		if _, err := tx.Pgx().Exec(ctx, `SELECT pg_advisory_xact_lock($1, hashtext($2))`, numbersLock, fmt.Sprintf("%x", hash)); err != nil {
			return pg.Translate(err)
		}
		if err := s.mayEnter(ctx, tx, person, now); err != nil {
			return err
		}
		if err := s.o.Consent(ctx, tx, person, consent); err != nil {
			return err
		}
		var holder uuid.UUID
		err := tx.Pgx().QueryRow(ctx, `SELECT coalesce(p.merged_into, p.id) FROM identity_documents d JOIN people p ON p.id = d.person_id WHERE d.number_hash = $1`, hash).Scan(&holder)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return pg.Translate(err)
		}
		if err == nil && holder != person {
			out.Merge, err = s.request(ctx, tx, person, holder, d, note)
			return err
		}
		return s.keep(ctx, tx, person, d, hash)
	})
	if err != nil {
		return people.Outcome{}, fmt.Errorf("enter document: %w", err)
	}
	return out, nil
}

// mayEnter locks the person's record and says whether a document may be entered.
func (s *Store) mayEnter(ctx context.Context, tx *pg.Tx, person uuid.UUID, now time.Time) error {
	var closed, waiting bool
	err := tx.Pgx().QueryRow(ctx, `SELECT merged_into IS NOT NULL OR erased_at IS NOT NULL, EXISTS (SELECT FROM merge_requests WHERE joining_id = p.id AND state = 'open') FROM people p WHERE id = $1 FOR UPDATE`, person).Scan(&closed, &waiting)
	if err != nil {
		return pg.Translate(err)
	}
	if closed {
		return errClosed
	}
	if waiting {
		return errWaiting
	}
	var times int
	err = tx.Pgx().QueryRow(ctx, `SELECT count(*) FROM audit_events WHERE actor_id = $1 AND at > $2 AND action IN ('identity-document.enter', 'merge-request.make')`, person, now.Add(-entryWindow)).Scan(&times)
	if err == nil && times >= maxEntries {
		return errTooMany
	}
	return pg.Translate(err)
}

// keep writes the document in the place of the one before.
func (s *Store) keep(ctx context.Context, tx *pg.Tx, person uuid.UUID, d people.Document, hash []byte) error {
	sealed, err := s.seal(ctx, documentOf(person), d)
	if err != nil {
		return err
	}
	var before []byte
	err = tx.Pgx().QueryRow(ctx, `SELECT number_hash FROM identity_documents WHERE person_id = $1`, person).Scan(&before)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return pg.Translate(err)
	}
	// Of a record that joined this one: it is the same person's, and stands once.
	_, err = tx.Pgx().Exec(ctx, `DELETE FROM identity_documents WHERE number_hash = $1 AND person_id IN (SELECT id FROM people WHERE merged_into = $2)`, hash, person)
	if err != nil {
		return pg.Translate(err)
	}
	_, err = tx.Pgx().Exec(ctx, `
		INSERT INTO identity_documents (person_id, kind, number_hash, sealed, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
		ON CONFLICT (person_id) DO UPDATE SET kind = excluded.kind, number_hash = excluded.number_hash, sealed = excluded.sealed, updated_at = excluded.updated_at`,
		person, d.Kind, hash, sealed, s.now())
	if err != nil {
		return pg.Translate(err)
	}
	return s.o.Trail(ctx, tx, s.now(), audit.Event{
		Actor: person, Action: "identity-document.enter", ObjectKind: documentKind, Object: person, Subject: person,
		After: map[string]any{"kind": d.Kind, "first": before == nil, "same_number": bytes.Equal(before, hash)},
	})
}

// request puts the two records before the departments over both.
func (s *Store) request(ctx context.Context, tx *pg.Tx, joining, keeper uuid.UUID, d people.Document, note string) (*uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("new request's id: %w", err)
	}
	sealed, err := s.seal(ctx, mergeOf(id), d)
	if err != nil {
		return nil, err
	}
	org, err := commonOrg(ctx, tx.Pgx(), joining, keeper)
	if err != nil {
		return nil, err
	}
	_, err = tx.Pgx().Exec(ctx, `INSERT INTO merge_requests (id, joining_id, keeper_id, org_id, kind, sealed, note, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, joining, keeper, org, d.Kind, sealed, note, s.now())
	if err != nil {
		return nil, pg.Translate(err)
	}
	// Without the keeper: the trail of a person shows them what concerns them, and would tell whose the number is.
	return &id, s.o.Trail(ctx, tx, s.now(), audit.Event{Actor: joining, Action: "merge-request.make", ObjectKind: mergeKind, Object: id, Subject: joining, After: map[string]any{"kind": d.Kind}})
}

const mergeKind = "merge_request"

// commonOrg is the nearest organisation over both; nil: the roots.
func commonOrg(ctx context.Context, tx pgx.Tx, a, b uuid.UUID) (*uuid.UUID, error) {
	var lineages [2][]uuid.UUID
	for i, person := range []uuid.UUID{a, b} {
		err := tx.QueryRow(ctx, `
			SELECT o.lineage FROM memberships m JOIN organisations o ON o.id = m.org_id
			WHERE m.person_id = $1 AND m.until IS NULL ORDER BY m.role = 'professional' DESC, m.since DESC LIMIT 1`, person).Scan(&lineages[i])
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return nil, pg.Translate(err)
		}
	}
	if org := people.Common(lineages[0], lineages[1]); org != uuid.Nil {
		return &org, nil
	}
	return nil, nil
}

// Withdraw takes one's own open request back; NotFound without one.
func (s *Store) Withdraw(ctx context.Context, person uuid.UUID) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var id uuid.UUID
		if err := tx.Pgx().QueryRow(ctx, `SELECT id FROM merge_requests WHERE joining_id = $1 AND state = 'open' FOR UPDATE`, person).Scan(&id); err != nil {
			return pg.Translate(err)
		}
		if err := s.withdraw(ctx, tx, person); err != nil {
			return err
		}
		return s.o.Trail(ctx, tx, s.now(), audit.Event{Actor: person, Action: "merge-request.withdraw", ObjectKind: mergeKind, Object: id, Subject: person})
	})
}

func (s *Store) withdraw(ctx context.Context, tx *pg.Tx, person uuid.UUID) error {
	_, err := tx.Pgx().Exec(ctx, `UPDATE merge_requests SET state = 'withdrawn', decided_at = $2, sealed = NULL WHERE joining_id = $1 AND state = 'open'`, person, s.now())
	return pg.Translate(err)
}
