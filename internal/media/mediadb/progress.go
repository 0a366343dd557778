package mediadb

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Enqueue puts a job into the queue if and only if the transaction commits.
type Enqueue func(ctx context.Context, tx *pg.Tx, args river.JobArgs) error

// Complete ends an upload whose parts are all there and asks for its
// packaging in the same transaction. Completing again changes nothing.
func (s *Store) Complete(ctx context.Context, id uuid.UUID, enqueue Enqueue) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		a, err := scanAsset(tx.Pgx().QueryRow(ctx, selectAsset+` WHERE a.id = $1 FOR UPDATE OF a`, id))
		if err != nil {
			return fmt.Errorf("complete %s: %w", id, err)
		}
		if a.State != media.Uploading {
			return nil
		}
		if missing := a.Missing(); len(missing) > 0 {
			return fault.Coded(fault.Conflict, "parts-missing", fmt.Sprintf("%d of %d parts have not arrived; the first is %d.", len(missing), a.PartCount(), missing[0]))
		}
		if _, err := tx.Pgx().Exec(ctx, `UPDATE media_assets SET state = 'queued', updated_at = $2 WHERE id = $1`, id, s.now().UTC()); err != nil {
			return fmt.Errorf("complete %s: %w", id, pg.Translate(err))
		}
		return enqueue(ctx, tx, jobs.PackageMedia{AssetID: id})
	})
}

// Advance notes how far packaging is.
func (s *Store) Advance(ctx context.Context, id uuid.UUID, state media.State, percent int) error {
	_, err := s.db.Pool().Exec(ctx, `UPDATE media_assets SET state = $2, progress = $3, updated_at = $4 WHERE id = $1 AND state NOT IN ('ready', 'failed')`, id, state, percent, s.now().UTC())
	return pg.Translate(err)
}

// Finish makes a video ready.
func (s *Store) Finish(ctx context.Context, id uuid.UUID, m media.Manifest, src media.Source) error {
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	_, err = s.db.Pool().Exec(ctx, `
		UPDATE media_assets SET state = 'ready', progress = 100, manifest = $2, duration_ms = $3, width = $4, height = $5, updated_at = $6
		WHERE id = $1 AND state <> 'failed'`, id, text, m.DurationMS, src.Width, src.Height, s.now().UTC())
	if err != nil {
		return fmt.Errorf("finish %s: %w", id, pg.Translate(err))
	}
	return nil
}

// FinishDocument makes a document ready.
func (s *Store) FinishDocument(ctx context.Context, id uuid.UUID, pages int) error {
	_, err := s.db.Pool().Exec(ctx, `UPDATE media_assets SET state = 'ready', progress = 100, pages = $2, updated_at = $3 WHERE id = $1 AND state <> 'failed'`, id, pages, s.now().UTC())
	if err != nil {
		return fmt.Errorf("finish %s: %w", id, pg.Translate(err))
	}
	return nil
}

// Fail ends an asset with the reason its author is told.
func (s *Store) Fail(ctx context.Context, id uuid.UUID, why *media.Failure) error {
	_, err := s.db.Pool().Exec(ctx, `
		UPDATE media_assets SET state = 'failed', failure_code = $2, failure = $3, updated_at = $4
		WHERE id = $1 AND state NOT IN ('ready', 'failed')`, id, why.Code, why.Why, s.now().UTC())
	if err != nil {
		return fmt.Errorf("fail %s: %w", id, pg.Translate(err))
	}
	return nil
}
