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

// Inbox is one page of what a person was told, the last first, from before an
// id on (uuid.Max: from the beginning), and the zone its moments are told in.
func (s *Store) Inbox(ctx context.Context, person uuid.UUID, unread bool, limit int, before uuid.UUID) (items []notify.Told, more bool, zone *time.Location, err error) {
	var name string
	if err := s.db.Pool().QueryRow(ctx, `SELECT `+personZone+` FROM (SELECT $1::uuid AS id) p`, person).Scan(&name); err != nil {
		return nil, false, nil, fmt.Errorf("list notices: %w", pg.Translate(err))
	}
	if zone, err = time.LoadLocation(name); err != nil {
		zone = time.UTC
	}
	rows, err := s.db.Pool().Query(ctx, `
		SELECT id, kind, facts, path, at, read_at IS NOT NULL FROM notices
		WHERE person_id = $1 AND shown AND id < $2 AND (NOT $3 OR read_at IS NULL) ORDER BY id DESC LIMIT $4`, person, before, unread, limit+1)
	if err != nil {
		return nil, false, nil, fmt.Errorf("list notices: %w", pg.Translate(err))
	}
	items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t notify.Told, err error) {
		t.Person = person
		return t, row.Scan(&t.ID, &t.Kind, &t.Facts, &t.Path, &t.At, &t.Read)
	})
	if err != nil {
		return nil, false, nil, fmt.Errorf("list notices: %w", pg.Translate(err))
	}
	if more = len(items) > limit; more {
		items = items[:limit]
	}
	return items, more, zone, nil
}

// manyUnread bounds how far unread notices are counted: a bell says 99+.
const manyUnread = 100

// Unread counts what a person has not read, up to a hundred.
func (s *Store) Unread(ctx context.Context, person uuid.UUID) (n int, err error) {
	err = s.db.Pool().QueryRow(ctx, `SELECT count(*) FROM (SELECT FROM notices WHERE person_id = $1 AND shown AND read_at IS NULL LIMIT $2) u`, person, manyUnread).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count notices: %w", pg.Translate(err))
	}
	return n, nil
}

// Read marks a person's own notices as read: those of the ids, or, without
// any, all up to and with the one of last. Another's are passed over.
func (s *Store) Read(ctx context.Context, person uuid.UUID, ids []uuid.UUID, last uuid.UUID) error {
	_, err := s.db.Pool().Exec(ctx, `
		UPDATE notices SET read_at = $4 WHERE person_id = $1 AND shown AND read_at IS NULL AND (id = ANY ($2) OR cardinality($2::uuid[]) = 0 AND id <= $3)`,
		person, ids, last, s.now().UTC())
	if err != nil {
		return fmt.Errorf("mark notices as read: %w", pg.Translate(err))
	}
	return nil
}
