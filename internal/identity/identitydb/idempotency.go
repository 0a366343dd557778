package identitydb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// abandonedAfter is when a key without an answer may be taken again: the
// server that took it must have died, because no request lives that long.
const abandonedAfter = time.Minute

// Begin takes a key for a request: nil means go on, an answer means it was
// given before. Another request under the same key is Invalid, the same one
// still under way is Conflict.
func (s *Store) Begin(ctx context.Context, k identity.IdempotencyKey, bodyHash [32]byte, now time.Time) (*identity.FirstAnswer, error) {
	var mine bool
	// A dead server's key is taken over only by the same request.
	err := s.db.Pool().QueryRow(ctx, `
		INSERT INTO idempotency_keys AS k (person_id, key, operation, body_hash, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person_id, key) DO UPDATE SET created_at = excluded.created_at
		WHERE k.status IS NULL AND k.created_at < $5::timestamptz - $6::interval
		  AND k.operation = excluded.operation AND k.body_hash = excluded.body_hash
		RETURNING true`, k.Person, k.Key, k.Operation, bodyHash[:], now, abandonedAfter).Scan(&mine)
	if err == nil {
		return nil, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return nil, pg.Translate(err)
	}
	return s.firstAnswer(ctx, k, bodyHash)
}

func (s *Store) firstAnswer(ctx context.Context, k identity.IdempotencyKey, bodyHash [32]byte) (*identity.FirstAnswer, error) {
	var operation string
	var hash, body []byte
	var status *int
	var headers map[string]string
	err := s.db.Pool().QueryRow(ctx, `
		SELECT operation, body_hash, status, headers, body FROM idempotency_keys WHERE person_id = $1 AND key = $2`, k.Person, k.Key).
		Scan(&operation, &hash, &status, &headers, &body)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errUnderWay // given back between the two statements
	}
	if err != nil {
		return nil, pg.Translate(err)
	}
	if operation != k.Operation || !bytes.Equal(hash, bodyHash[:]) {
		return nil, fault.Coded(fault.Invalid, "idempotency-key-reused", "This key was used for another request.",
			fault.Field{Path: "header.Idempotency-Key", Message: "was used for another request"})
	}
	if status == nil {
		return nil, errUnderWay
	}
	return &identity.FirstAnswer{Status: *status, Headers: headers, Body: body}, nil
}

var errUnderWay = fault.Coded(fault.Conflict, "request-under-way", "The same request is still being worked on. Please try again in a moment.")

// Finish keeps the answer.
func (s *Store) Finish(ctx context.Context, k identity.IdempotencyKey, a identity.FirstAnswer) error {
	_, err := s.db.Pool().Exec(ctx, `
		UPDATE idempotency_keys SET status = $3, headers = $4, body = $5 WHERE person_id = $1 AND key = $2`,
		k.Person, k.Key, a.Status, a.Headers, a.Body)
	if err != nil {
		return fmt.Errorf("finish: %w", pg.Translate(err))
	}
	return nil
}

// Abandon gives the key back when nothing was done.
func (s *Store) Abandon(ctx context.Context, k identity.IdempotencyKey) error {
	_, err := s.db.Pool().Exec(ctx, `DELETE FROM idempotency_keys WHERE person_id = $1 AND key = $2 AND status IS NULL`, k.Person, k.Key)
	return pg.Translate(err)
}
