package notifydb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// wanted is when a person wants mail about a kind. What binds comes at once,
// and so does a digest: whoever does not want one has no notice in it.
func wanted(ctx context.Context, tx pgx.Tx, person uuid.UUID, kind notify.Kind) (how notify.How, err error) {
	spec, known := notify.SpecOf(kind)
	if !known || spec.Binding || person == uuid.Nil {
		return notify.Now, nil
	}
	err = tx.QueryRow(ctx, `SELECT mail FROM notice_preferences WHERE person_id = $1 AND kind = $2`, person, kind).Scan(&how)
	if isNone(err) {
		return spec.Mail, nil
	}
	return how, pg.Translate(err)
}

// Preferences is what a person wants to be told of, kind by kind, and the time
// zone of their mornings.
func (s *Store) Preferences(ctx context.Context, person uuid.UUID) (p notify.Preferences, err error) {
	if err := s.db.Pool().QueryRow(ctx, `SELECT `+personZone+` FROM (SELECT $1::uuid AS id) p`, person).Scan(&p.Zone); err != nil {
		return p, fmt.Errorf("zone of notices: %w", pg.Translate(err))
	}
	rows, err := s.db.Pool().Query(ctx, `SELECT kind, in_product, mail FROM notice_preferences WHERE person_id = $1`, person)
	if err != nil {
		return p, fmt.Errorf("preferences of notices: %w", pg.Translate(err))
	}
	chosen, err := pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Choice])
	if err != nil {
		return p, fmt.Errorf("preferences of notices: %w", pg.Translate(err))
	}
	p.Choices = notify.Choices(chosen)
	return p, nil
}

// Prefer changes what a person wants.
func (s *Store) Prefer(ctx context.Context, person uuid.UUID, p notify.Preferences) error {
	if err := p.Check(); err != nil {
		return err
	}
	now := s.now().UTC()
	err := s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var b pgx.Batch
		if p.Zone != "" {
			b.Queue(`INSERT INTO notice_zones (person_id, zone) VALUES ($1, $2) ON CONFLICT (person_id) DO UPDATE SET zone = excluded.zone`, person, p.Zone)
		}
		for _, c := range p.Choices {
			queueChoice(&b, person, c, now)
		}
		return pg.Translate(tx.Pgx().SendBatch(ctx, &b).Close())
	})
	if err != nil {
		return fmt.Errorf("prefer notices: %w", err)
	}
	return nil
}

func queueChoice(b *pgx.Batch, person uuid.UUID, c notify.Choice, now time.Time) {
	b.Queue(`
		INSERT INTO notice_preferences (person_id, kind, in_product, mail, changed_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person_id, kind) DO UPDATE SET in_product = excluded.in_product, mail = excluded.mail, changed_at = excluded.changed_at`, person, c.Kind, c.InProduct, c.Mail, now)
	if c.Mail == notify.Off { // what waits for the digest is not wanted either
		b.Queue(`UPDATE mails SET state = 'off', changed_at = $3 WHERE person_id = $1 AND kind = $2 AND state = 'digest'`, person, c.Kind, now)
	}
}

// Unsubscribe ends mail about a kind; the kind of a digest ends all digests.
// To do it again changes nothing. A kind that binds cannot be ended.
func (s *Store) Unsubscribe(ctx context.Context, person uuid.UUID, kind notify.Kind) error {
	now, err := s.Preferences(ctx, person)
	if err != nil {
		return err
	}
	var change notify.Preferences
	for _, c := range now.Choices {
		spec, _ := notify.SpecOf(c.Kind)
		if !spec.Binding && (c.Kind == kind || kind == notify.Digest && c.Mail == notify.Daily) {
			c.Mail = notify.Off
			change.Choices = append(change.Choices, c)
		}
	}
	return s.Prefer(ctx, person, change)
}
