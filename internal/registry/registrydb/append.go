// Package registrydb keeps the register of hours in PostgreSQL.
package registrydb

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/registry"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Store reads and appends. Each method is one transaction.
type Store struct {
	db   *pg.DB
	now  func() time.Time
	tell Notifier
}

// Notifier tells people what happened, in the transaction it happened in.
type Notifier interface {
	Send(ctx context.Context, tx *pg.Tx, n ...notify.Notice) error
}

// Telling is the store that also tells people of their certificates.
func (s *Store) Telling(n Notifier) *Store { return &Store{s.db, s.now, n} }

// New makes a store on a database; now nil means time.Now.
func New(db *pg.DB, now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{db: db, now: now}
}

// ledgerLock orders all appends: the ledger is one line.
const ledgerLock = 0x48474c44 // "HGLD"

// RegisterEnrolment enters the hours of a completed enrolment and issues the
// certificate, in one transaction and exactly once: asking again changes
// nothing. An enrolment that is not complete is a Conflict.
func (s *Store) RegisterEnrolment(ctx context.Context, enrolment uuid.UUID) error {
	key := "enrolment:" + enrolment.String()
	err := s.appendOnce(ctx, key, func(ctx context.Context, tx *pg.Tx) error {
		e, holder, issuer, err := s.entryOf(ctx, tx.Pgx(), enrolment)
		if err != nil {
			return err
		}
		e.SourceKey = key
		if err := appendEntry(ctx, tx.Pgx(), &e); err != nil {
			return err
		}
		serial, err := s.certify(ctx, tx.Pgx(), e, holder, issuer)
		if err != nil || s.tell == nil {
			return err
		}
		return s.tell.Send(ctx, tx, notify.Notice{
			Kind: notify.CertificateIssued, Person: e.PersonID, Path: "/certificates", Once: serial,
			Facts: map[string]string{"course_zh": e.Title.Zh, "course_en": e.Title.En, "hours": strconv.FormatFloat(e.Hours.Float(), 'f', -1, 64), "serial": serial},
		})
	})
	if err != nil {
		return fmt.Errorf("register enrolment %s: %w", enrolment, err)
	}
	return nil
}

// appendOnce appends under the ledger's lock, in one transaction, unless an
// entry of this source is there already.
func (s *Store) appendOnce(ctx context.Context, source string, do func(ctx context.Context, tx *pg.Tx) error) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if _, err := tx.Pgx().Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, ledgerLock); err != nil {
			return pg.Translate(err)
		}
		var done bool
		if err := tx.Pgx().QueryRow(ctx, `SELECT EXISTS (SELECT FROM ledger_entries WHERE source_key = $1)`, source).Scan(&done); err != nil || done {
			return pg.Translate(err)
		}
		return do(ctx, tx)
	})
}

// entryOf makes the entry from what was completed, as it stands at this moment.
func (s *Store) entryOf(ctx context.Context, tx pgx.Tx, enrolment uuid.UUID) (e registry.Entry, holder string, issuer registry.Text, err error) {
	var completed *time.Time
	var hours *float64
	var provider org.Ref
	e = registry.Entry{Kind: "registered", RecordedAt: s.now().UTC().Truncate(time.Microsecond)}
	err = tx.QueryRow(ctx, `
		SELECT e.person_id, p.name, e.completed_at, e.course_id, e.version_id, v.subject, v.hours::float8, v.title_zh, v.title_en, o.id, o.kind, o.name_zh, o.name_en
		FROM enrolments e JOIN people p ON p.id = e.person_id JOIN course_versions v ON v.id = e.version_id
		JOIN courses c ON c.id = e.course_id JOIN organisations o ON o.id = c.org_id WHERE e.id = $1`, enrolment).
		Scan(&e.PersonID, &holder, &completed, &e.CourseID, &e.VersionID, &e.Subject, &hours, &e.Title.Zh, &e.Title.En, &provider.ID, &provider.Kind, &provider.NameZh, &provider.NameEn)
	if err != nil {
		return e, "", issuer, pg.Translate(err)
	}
	if completed == nil || hours == nil {
		return e, "", issuer, fault.New(fault.Conflict, "this enrolment is not complete")
	}
	zone, err := zoneOf(ctx, tx, e.PersonID)
	if err != nil {
		return e, "", issuer, err
	}
	if e.ID, err = uuid.NewV7(); err != nil {
		return e, "", issuer, fmt.Errorf("new entry's id: %w", err)
	}
	e.EarnedAt, e.Year = completed.UTC(), completed.In(zone).Year()
	e.Hours, e.Provider, e.Title = registry.HoursOf(*hours), &provider, e.Title.Or()
	return e, holder, registry.Text{Zh: provider.NameZh, En: provider.NameEn}.Or(), nil
}

// zoneOf is the time zone of the person's employer, by which their year turns.
func zoneOf(ctx context.Context, q pg.Querier, person uuid.UUID) (*time.Location, error) {
	name := "Asia/Shanghai"
	err := q.QueryRow(ctx, `
		SELECT o.time_zone FROM memberships m JOIN organisations o ON o.id = m.org_id
		WHERE m.person_id = $1 AND m.until IS NULL ORDER BY m.role = 'professional' DESC, m.since DESC LIMIT 1`, person).Scan(&name)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, pg.Translate(err)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone %s: %w", name, err)
	}
	return zone, nil
}

// appendEntry gives the entry the next index and writes it with the tree's new
// hashes. The caller holds the ledger's lock.
func appendEntry(ctx context.Context, tx pgx.Tx, e *registry.Entry) error {
	if err := tx.QueryRow(ctx, `SELECT coalesce(max(index) + 1, 0) FROM ledger_entries`).Scan(&e.Index); err != nil {
		return pg.Translate(err)
	}
	record := e.Record()
	hashes, err := tlog.StoredHashes(e.Index, record, hashReader(ctx, tx))
	if err != nil {
		return fmt.Errorf("hash entry %d: %w", e.Index, err)
	}
	var provider *uuid.UUID
	if e.Provider != nil {
		provider = &e.Provider.ID
	}
	var b pgx.Batch
	b.Queue(`
		INSERT INTO ledger_entries (index, id, kind, person_id, year, subject, hours, source_key, course_id, version_id, title_zh, title_en, provider_id, corrects, reason, earned_at, recorded_at, record)
		VALUES ($1, $2, $3, $4, $5, $6, $7::numeric / 100, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		e.Index, e.ID, e.Kind, e.PersonID, e.Year, e.Subject, int64(e.Hours), e.SourceKey, e.CourseID, e.VersionID, e.Title.Zh, e.Title.En, provider, e.Corrects, e.Reason, e.EarnedAt, e.RecordedAt, record)
	first := tlog.StoredHashIndex(0, e.Index)
	for i, h := range hashes {
		b.Queue(`INSERT INTO ledger_hashes (position, hash) VALUES ($1, $2)`, first+int64(i), h[:])
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("append entry %d: %w", e.Index, pg.Translate(err))
	}
	return nil
}

func (s *Store) certify(ctx context.Context, tx pgx.Tx, e registry.Entry, holder string, issuer registry.Text) (serial string, err error) {
	// Of a million certificates a year one in a million serials meets another: draw again then.
	for range 5 {
		serial = registry.NewSerial(e.Year)
		tag, err := tx.Exec(ctx, `
			INSERT INTO certificates (serial, ledger_index, person_id, holder_name, issuer_zh, issuer_en, issued_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (serial) DO NOTHING`, serial, e.Index, e.PersonID, holder, issuer.Zh, issuer.En, e.RecordedAt)
		if err != nil {
			return "", fmt.Errorf("issue certificate: %w", pg.Translate(err))
		}
		if tag.RowsAffected() == 1 {
			return serial, nil
		}
	}
	return "", errors.New("no free serial number was found")
}

// hashReader reads stored hashes for tlog, all of a request in one query.
func hashReader(ctx context.Context, q pg.Querier) tlog.HashReaderFunc {
	return func(positions []int64) ([]tlog.Hash, error) {
		rows, err := q.Query(ctx, `SELECT position, hash FROM ledger_hashes WHERE position = ANY ($1)`, positions)
		if err != nil {
			return nil, pg.Translate(err)
		}
		found := map[int64]tlog.Hash{}
		var at int64
		var hash []byte
		if _, err := pgx.ForEachRow(rows, []any{&at, &hash}, func() error { found[at] = tlog.Hash(hash); return nil }); err != nil {
			return nil, pg.Translate(err)
		}
		out := make([]tlog.Hash, len(positions))
		for i, p := range positions {
			h, ok := found[p]
			if !ok {
				return nil, fmt.Errorf("the ledger's hash %d is missing", p)
			}
			out[i] = h
		}
		return out, nil
	}
}
