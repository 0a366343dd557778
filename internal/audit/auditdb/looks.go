package auditdb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// lookEvery is how long one look at a record stands for the next ones: what is
// opened, read and opened again is one look.
const lookEvery = time.Hour

// Viewed notes that somebody looked at a person's record in an organisation
// (uuid.Nil: in none), once an hour a reader. A look at one's own is none. Two
// requests at the same moment may both be noted: that costs a row, a lock
// would cost every reader.
func (s *Store) Viewed(ctx context.Context, reader, subject, place uuid.UUID) error {
	if reader == subject || reader == uuid.Nil {
		return nil
	}
	now := s.now().UTC()
	var noted bool
	err := s.db.Pool().QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM audit_events WHERE subject_id = $1 AND at > $2 AND actor_id = $3 AND action = $4)`,
		subject, now.Add(-lookEvery), reader, audit.RecordView).Scan(&noted)
	if err != nil {
		return fmt.Errorf("look at %s: %w", subject, pg.Translate(err))
	}
	if noted {
		return nil
	}
	return s.Note(ctx, audit.Event{Actor: reader, Action: audit.RecordView, ObjectKind: "person", Object: subject, Subject: subject, Org: place})
}

// Note writes a deed that changes nothing else in the database.
func (s *Store) Note(ctx context.Context, e audit.Event) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error { return Append(ctx, tx, s.now(), e) })
}

// Looks is one page of who looked at a person's record, the last first.
func (s *Store) Looks(ctx context.Context, subject uuid.UUID, limit int, cursor string) (audit.List, error) {
	q := &query{}
	q.and(`e.subject_id = %s AND e.action = ANY(%s) AND e.actor_id IS DISTINCT FROM e.subject_id`, subject, audit.Looks)
	if err := q.after(cursor); err != nil {
		return audit.List{}, err
	}
	return s.page(ctx, q, limit)
}
