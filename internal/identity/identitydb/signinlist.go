package identitydb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// signInsAtMost bounds a person's list; nobody has that many devices.
const signInsAtMost = 200

// SignIns are those that hold, the last used first.
func (s *Store) SignIns(ctx context.Context, person uuid.UUID, now time.Time) ([]identity.ListedSignIn, error) {
	rows, err := s.db.Pool().Query(ctx, `
		SELECT id, device, address, method, created_at, seen_at, study_name FROM sign_ins
		WHERE person_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY seen_at DESC, id LIMIT $3`, person, now, signInsAtMost)
	if err != nil {
		return nil, fmt.Errorf("sign-ins: %w", pg.Translate(err))
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[identity.ListedSignIn])
	return out, pg.Translate(err)
}

// EndSignIn ends one of the person's; NotFound for any other.
func (s *Store) EndSignIn(ctx context.Context, person, id uuid.UUID, now time.Time, n identity.Note) error {
	return s.change(ctx, now, n, func(ctx context.Context, tx *pg.Tx) error {
		tag, err := tx.Pgx().Exec(ctx, `UPDATE sign_ins SET revoked_at = $3 WHERE person_id = $1 AND id = $2 AND revoked_at IS NULL AND expires_at > $3`, person, id, now)
		if err == nil && tag.RowsAffected() == 0 {
			return fault.New(fault.NotFound, "there is no such sign-in")
		}
		return err
	})
}

// EndOthers ends all but one and answers their study names.
func (s *Store) EndOthers(ctx context.Context, person, keep uuid.UUID, now time.Time, n identity.Note) (ended [][]byte, err error) {
	err = s.change(ctx, now, n, func(ctx context.Context, tx *pg.Tx) (err error) {
		ended, err = endSignIns(ctx, tx, person, keep, now)
		return err
	})
	return ended, err
}

// endSignIns ends all of a person's but one, and what is half way to one.
func endSignIns(ctx context.Context, tx *pg.Tx, person, keep uuid.UUID, now time.Time) ([][]byte, error) {
	if _, err := tx.Pgx().Exec(ctx, `DELETE FROM pending_sign_ins WHERE person_id = $1`, person); err != nil {
		return nil, fmt.Errorf("end sign-ins: %w", err)
	}
	rows, err := tx.Pgx().Query(ctx, `
		UPDATE sign_ins SET revoked_at = $3 WHERE person_id = $1 AND id <> $2 AND revoked_at IS NULL RETURNING study_name`, person, keep, now)
	if err != nil {
		return nil, fmt.Errorf("end sign-ins: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return nil, fmt.Errorf("end sign-ins: %w", err)
	}
	known := names[:0]
	for _, name := range names {
		if name != nil {
			known = append(known, name)
		}
	}
	return known, nil
}

// Prove notes that the holder of a sign-in just proved to be the owner.
func (s *Store) Prove(ctx context.Context, signIn uuid.UUID, now time.Time) error {
	_, err := s.db.Pool().Exec(ctx, `UPDATE sign_ins SET proved_at = $2 WHERE id = $1 AND revoked_at IS NULL`, signIn, now)
	return pg.Translate(err)
}

// PutPending keeps the first half of a sign-in.
func (s *Store) PutPending(ctx context.Context, hash identity.TokenHash, person uuid.UUID, now, expires time.Time) error {
	_, err := s.db.Pool().Exec(ctx, `INSERT INTO pending_sign_ins (token_hash, person_id, created_at, expires_at) VALUES ($1, $2, $3, $4)`, hash[:], person, now, expires)
	return pg.Translate(err)
}

// TryPending counts a try and answers whose it is; uuid.Nil: it does not hold (any more).
func (s *Store) TryPending(ctx context.Context, hash identity.TokenHash, now time.Time, most int) (person uuid.UUID, err error) {
	err = s.db.Pool().QueryRow(ctx, `
		UPDATE pending_sign_ins SET tries = tries + 1 WHERE token_hash = $1 AND expires_at > $2 AND tries < $3 RETURNING person_id`, hash[:], now, most).Scan(&person)
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, nil
	}
	return person, pg.Translate(err)
}

// TakePending uses it up; false: somebody else did.
func (s *Store) TakePending(ctx context.Context, hash identity.TokenHash) (bool, error) {
	tag, err := s.db.Pool().Exec(ctx, `DELETE FROM pending_sign_ins WHERE token_hash = $1`, hash[:])
	return tag.RowsAffected() == 1, pg.Translate(err)
}
