package notifydb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Bounce is an address that mail does not reach.
type Bounce struct {
	Address string    `json:"address"`
	Mail    uuid.UUID `json:"mail_id,omitzero"` // uuid.Nil: not known
	Source  string    `json:"source"`           // "smtp": the server said so at once; "report": later, by mail
	Status  string    `json:"status"`
	Detail  string    `json:"detail"`
	Last    time.Time `json:"last_at"`
	Times   int       `json:"times"`
}

// Bounced holds back what would be sent to the address from now on.
func (s *Store) Bounced(ctx context.Context, b Bounce) error {
	_, err := s.db.Pool().Exec(ctx, `
		INSERT INTO mail_bounces (address, mail_id, source, status, detail, first_at, last_at) VALUES ($1, $2, $3, left($4, 20), $5, $6, $6)
		ON CONFLICT (address) DO UPDATE SET mail_id = excluded.mail_id, source = excluded.source, status = excluded.status, detail = excluded.detail, last_at = excluded.last_at, times = mail_bounces.times + 1`,
		fold(b.Address), pg.OrNull(b.Mail), b.Source, b.Status, cut(b.Detail), s.now().UTC())
	if err != nil {
		return fmt.Errorf("note a bounce: %w", pg.Translate(err))
	}
	return nil
}

// Bounces are the addresses nothing is sent to, the last first, at most 1000.
func (s *Store) Bounces(ctx context.Context) ([]Bounce, error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT address, coalesce(mail_id, '00000000-0000-0000-0000-000000000000'), source, status, detail, last_at, times FROM mail_bounces ORDER BY last_at DESC LIMIT 1000`)
	if err != nil {
		return nil, pg.Translate(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Bounce])
	return out, pg.Translate(err)
}

// Reachable lets mail be sent to an address again; false when it was not held back.
func (s *Store) Reachable(ctx context.Context, address string) (bool, error) {
	tag, err := s.db.Pool().Exec(ctx, `DELETE FROM mail_bounces WHERE address = $1`, fold(address))
	if err != nil {
		return false, fmt.Errorf("forget a bounce: %w", pg.Translate(err))
	}
	return tag.RowsAffected() > 0, nil
}
