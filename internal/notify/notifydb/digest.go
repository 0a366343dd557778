package notifydb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// digestHour is when a digest is sent, where the person is.
const digestHour = "08:00"

// Digest makes the day's digest of everybody for whom it is eight in the
// morning or later and something waits; it says of how many. Nobody gets two a
// day, however many workers do it at once.
func (s *Store) Digest(ctx context.Context) (made int, err error) {
	now := s.now().UTC()
	rows, err := s.db.Pool().Query(ctx, `
		SELECT id, (local.at)::date FROM (SELECT DISTINCT person_id AS id FROM mails WHERE state = 'digest') p, LATERAL (SELECT $1::timestamptz AT TIME ZONE `+personZone+` AS at) local
		WHERE local.at::time >= $2::text::time AND NOT EXISTS (SELECT FROM mails d WHERE d.person_id = p.id AND d.day = local.at::date) LIMIT 10000`, now, digestHour)
	if err != nil {
		return 0, fmt.Errorf("find who gets a digest: %w", pg.Translate(err))
	}
	type due struct {
		person uuid.UUID
		day    time.Time
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d due, err error) {
		return d, row.Scan(&d.person, &d.day)
	})
	if err != nil {
		return 0, fmt.Errorf("find who gets a digest: %w", pg.Translate(err))
	}
	for _, d := range list {
		fresh, err := s.digestOf(ctx, d.person, d.day, now)
		if err != nil {
			return made, fmt.Errorf("digest of %s: %w", d.person, err)
		}
		if fresh {
			made++
		}
	}
	return made, nil
}

func (s *Store) digestOf(ctx context.Context, person uuid.UUID, day, now time.Time) (fresh bool, err error) {
	id, err := uuid.NewV7()
	if err != nil {
		return false, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		tag, err := tx.Pgx().Exec(ctx, `INSERT INTO mails (id, kind, person_id, state, day, created_at, changed_at) VALUES ($1, $2, $3, 'waiting', $4, $5, $5) ON CONFLICT DO NOTHING`, id, notify.Digest, person, day, now)
		if err != nil || tag.RowsAffected() == 0 {
			return pg.Translate(err)
		}
		fresh = true
		if _, err := tx.Pgx().Exec(ctx, `UPDATE mails SET state = 'digested', digest_id = $2, changed_at = $3 WHERE person_id = $1 AND state = 'digest'`, person, id, now); err != nil {
			return pg.Translate(err)
		}
		return s.enqueue(ctx, tx, jobs.SendMail{MailID: id})
	})
	return fresh && err == nil, err
}

// kept is how long what was told is kept: a year and the season after it.
const kept = 400 * 24 * time.Hour

// Forget takes away what was told long ago.
func (s *Store) Forget(ctx context.Context) error {
	before := s.now().UTC().Add(-kept)
	_, err1 := s.db.Pool().Exec(ctx, `DELETE FROM mails WHERE created_at < $1`, before)
	_, err2 := s.db.Pool().Exec(ctx, `DELETE FROM notices WHERE at < $1`, before)
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("forget old notices: %w", pg.Translate(err))
	}
	return nil
}

func isNone(err error) bool { return errors.Is(err, pgx.ErrNoRows) }
