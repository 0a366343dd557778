// Package notifydb keeps notices, the mail about them, and what people want to
// be told of, in PostgreSQL.
package notifydb

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Enqueue puts jobs into the queue if and only if the transaction commits.
type Enqueue func(ctx context.Context, tx *pg.Tx, args ...river.JobArgs) error

// Store reads and writes. Except for Send each method is one transaction.
type Store struct {
	db      *pg.DB
	enqueue Enqueue
	now     func() time.Time
}

// New makes a store on a database; now nil means time.Now.
func New(db *pg.DB, enqueue Enqueue, now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{db, enqueue, now}
}

// Send tells what happened, if and only if the caller's transaction commits: a
// row a notice and one for its mail, and the job that sends it. A notice that
// was told before by its Once is dropped without a word.
func (s *Store) Send(ctx context.Context, tx *pg.Tx, n ...notify.Notice) error {
	for _, one := range n {
		if err := one.Check(); err != nil {
			return err
		}
	}
	fresh, err := s.write(ctx, tx.Pgx(), n)
	if err != nil {
		return fmt.Errorf("write notices: %w", err)
	}
	if len(fresh) == 0 {
		return nil
	}
	args := make([]river.JobArgs, len(fresh))
	for i, id := range fresh {
		args[i] = jobs.SendMail{MailID: id}
	}
	return s.enqueue(ctx, tx, args...)
}

// write writes the notices that were not told before, and a mail for each.
// Who wants what mail is asked when it is written, what is shown is fixed here.
func (s *Store) write(ctx context.Context, tx pgx.Tx, n []notify.Notice) (fresh []uuid.UUID, err error) {
	var b pgx.Batch
	now := s.now().UTC()
	for _, one := range n {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, fmt.Errorf("new notice's id: %w", err)
		}
		queueNotice(&b, id, now, one)
	}
	results := tx.SendBatch(ctx, &b)
	for range n {
		id, err := pgx.CollectRows(must(results.Query()), pgx.RowTo[uuid.UUID])
		if err != nil {
			_ = results.Close()
			return nil, pg.Translate(err)
		}
		fresh = append(fresh, id...)
	}
	return fresh, pg.Translate(results.Close())
}

// must passes rows on: CollectRows tells the error that came with them.
func must(rows pgx.Rows, _ error) pgx.Rows { return rows }

func queueNotice(b *pgx.Batch, id uuid.UUID, now time.Time, n notify.Notice) {
	spec, _ := notify.SpecOf(n.Kind)
	person, addressee := pg.OrNull(n.Person), n.Person.String()
	if person == nil {
		addressee = fold(n.Address)
	}
	purpose, link := "", (*uuid.UUID)(nil)
	if n.Link != nil {
		purpose, link = n.Link.Purpose, &n.Link.ID
	}
	if n.Facts == nil {
		n.Facts = map[string]string{}
	}
	locale := "zh-CN"
	if n.Locale == "en" {
		locale = n.Locale
	}
	b.Queue(`
		WITH fresh AS (
			INSERT INTO notices (id, kind, person_id, address, locale, facts, path, link_purpose, link_id, addressee, once, at, shown)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11, ''), $12,
				$3::uuid IS NOT NULL AND NOT $13 AND ($14 OR NOT EXISTS (SELECT FROM notice_preferences p WHERE p.person_id = $3 AND p.kind = $2 AND NOT p.in_product)))
			ON CONFLICT DO NOTHING RETURNING id)
		INSERT INTO mails (id, kind, person_id, state, created_at, changed_at) SELECT id, $2, $3, 'waiting', $12, $12 FROM fresh RETURNING id`,
		id, n.Kind, person, strings.TrimSpace(n.Address), locale, n.Facts, n.Path, purpose, link, addressee, n.Once, now, spec.MailOnly, spec.Binding)
}

// fold is an address as bounces and Once know it.
func fold(address string) string { return strings.ToLower(strings.TrimSpace(address)) }
