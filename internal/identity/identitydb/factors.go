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

// Factors are what a person has beside the password.
func (s *Store) Factors(ctx context.Context, person uuid.UUID) (f identity.Factors, err error) {
	err = s.db.Pool().QueryRow(ctx, `
		SELECT (SELECT confirmed_at FROM totp_factors WHERE person_id = $1), (SELECT count(*) FROM recovery_codes WHERE person_id = $1 AND used_at IS NULL)`, person).
		Scan(&f.TOTPSince, &f.CodesLeft)
	if err != nil {
		return f, fmt.Errorf("second factors: %w", pg.Translate(err))
	}
	kept, err := s.KeptPasskeys(ctx, person)
	for _, k := range kept {
		f.Passkeys = append(f.Passkeys, k.Passkey)
	}
	return f, err
}

// lock makes changes of one person's factors wait for each other.
func lock(ctx context.Context, tx *pg.Tx, person uuid.UUID) error {
	_, err := tx.Pgx().Exec(ctx, `SELECT FROM accounts WHERE person_id = $1 FOR UPDATE`, person)
	return err
}

// PutTOTP keeps a secret that is not confirmed; a confirmed one is a Conflict.
func (s *Store) PutTOTP(ctx context.Context, person uuid.UUID, sealed []byte, now time.Time) error {
	tag, err := s.db.Pool().Exec(ctx, `
		INSERT INTO totp_factors (person_id, sealed, created_at) VALUES ($1, $2, $3)
		ON CONFLICT (person_id) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at, last_step = 0, refused = '{}'
		WHERE totp_factors.confirmed_at IS NULL`, person, sealed, now)
	if err == nil && tag.RowsAffected() == 0 {
		return identity.ErrHasTOTP
	}
	return pg.Translate(err)
}

// TOTP is NotFound when there is none.
func (s *Store) TOTP(ctx context.Context, person uuid.UUID) (k identity.KeptTOTP, err error) {
	err = s.db.Pool().QueryRow(ctx, `SELECT sealed, confirmed_at IS NOT NULL, last_step, refused FROM totp_factors WHERE person_id = $1`, person).
		Scan(&k.Sealed, &k.Confirmed, &k.LastStep, &k.Refused)
	return k, pg.Translate(err)
}

// SpendTOTP takes a step; false: it or a later one was taken.
func (s *Store) SpendTOTP(ctx context.Context, person uuid.UUID, step int64) (bool, error) {
	tag, err := s.db.Pool().Exec(ctx, `UPDATE totp_factors SET last_step = $2 WHERE person_id = $1 AND confirmed_at IS NOT NULL AND last_step < $2`, person, step)
	return tag.RowsAffected() == 1, pg.Translate(err)
}

// RefuseTOTP keeps the steps of which codes were shown before their time.
func (s *Store) RefuseTOTP(ctx context.Context, person uuid.UUID, refused []int64) error {
	_, err := s.db.Pool().Exec(ctx, `UPDATE totp_factors SET refused = $2 WHERE person_id = $1`, person, refused)
	return pg.Translate(err)
}

// ConfirmTOTP makes the secret a factor, and the codes valid unless there are some.
func (s *Store) ConfirmTOTP(ctx context.Context, person uuid.UUID, step int64, codes *identity.RecoverySet, keep uuid.UUID, now time.Time, n identity.Note) (ended [][]byte, err error) {
	err = s.change(ctx, now, n, func(ctx context.Context, tx *pg.Tx) (err error) {
		if err := lock(ctx, tx, person); err != nil {
			return err
		}
		tag, err := tx.Pgx().Exec(ctx, `UPDATE totp_factors SET confirmed_at = $2, last_step = $3 WHERE person_id = $1 AND confirmed_at IS NULL AND last_step < $3`, person, now, step)
		if err != nil {
			return fmt.Errorf("confirm one-time codes: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return fault.New(fault.Conflict, "one-time codes were set up elsewhere at this moment")
		}
		ended, err = enrolled(ctx, tx, person, codes, keep, now)
		return err
	})
	return ended, err
}

// AddPasskey keeps a passkey, and makes the codes valid unless there are some.
func (s *Store) AddPasskey(ctx context.Context, k identity.KeptPasskey, codes *identity.RecoverySet, keep uuid.UUID, n identity.Note) (ended [][]byte, err error) {
	err = s.change(ctx, k.CreatedAt, n, func(ctx context.Context, tx *pg.Tx) (err error) {
		if err := lock(ctx, tx, k.PersonID); err != nil {
			return err
		}
		tag, err := tx.Pgx().Exec(ctx, `
			INSERT INTO passkeys (id, person_id, credential_id, record, name, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (credential_id) DO NOTHING`,
			k.ID, k.PersonID, k.CredentialID, k.Record, k.Name, k.CreatedAt)
		if err != nil {
			return fmt.Errorf("keep a passkey: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return fault.Coded(fault.Conflict, "passkey-exists", "This passkey is registered already.")
		}
		ended, err = enrolled(ctx, tx, k.PersonID, codes, keep, k.CreatedAt)
		return err
	})
	return ended, err
}

// enrolled is what the first factor brings with it; without codes it was not the first.
func enrolled(ctx context.Context, tx *pg.Tx, person uuid.UUID, codes *identity.RecoverySet, keep uuid.UUID, now time.Time) ([][]byte, error) {
	if codes == nil {
		return nil, nil
	}
	if err := putCodes(ctx, tx, person, *codes, now); err != nil {
		return nil, err
	}
	return endSignIns(ctx, tx, person, keep, now)
}

func putCodes(ctx context.Context, tx *pg.Tx, person uuid.UUID, codes identity.RecoverySet, now time.Time) error {
	if _, err := tx.Pgx().Exec(ctx, `DELETE FROM recovery_codes WHERE person_id = $1`, person); err != nil {
		return fmt.Errorf("forget recovery codes: %w", err)
	}
	_, err := tx.Pgx().Exec(ctx, `INSERT INTO recovery_codes (person_id, hash, salt, created_at) SELECT $1, h, $3, $4 FROM unnest($2::bytea[]) h`, person, codes.Hashes, codes.Salt, now)
	if err != nil {
		return fmt.Errorf("keep recovery codes: %w", err)
	}
	return nil
}

// RemoveTOTP is NotFound when there is none; with the last factor the recovery codes go.
func (s *Store) RemoveTOTP(ctx context.Context, person uuid.UUID, now time.Time, n identity.Note) error {
	return s.remove(ctx, person, now, n, `DELETE FROM totp_factors WHERE person_id = $1`)
}

// RemovePasskey is NotFound when it is not the person's; with the last factor the recovery codes go.
func (s *Store) RemovePasskey(ctx context.Context, person, id uuid.UUID, now time.Time, n identity.Note) error {
	return s.remove(ctx, person, now, n, `DELETE FROM passkeys WHERE person_id = $1 AND id = $2`, id)
}

func (s *Store) remove(ctx context.Context, person uuid.UUID, now time.Time, n identity.Note, sql string, args ...any) error {
	return s.change(ctx, now, n, func(ctx context.Context, tx *pg.Tx) error {
		if err := lock(ctx, tx, person); err != nil {
			return err
		}
		tag, err := tx.Pgx().Exec(ctx, sql, append([]any{person}, args...)...)
		if err != nil {
			return fmt.Errorf("remove a factor: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return fault.New(fault.NotFound, "there is no such second factor")
		}
		_, err = tx.Pgx().Exec(ctx, `
			DELETE FROM recovery_codes c WHERE c.person_id = $1 AND NOT (SELECT `+hasFactor+` FROM people p WHERE p.id = $1)`, person)
		return err
	})
}

// ForgetFactors takes away all second factors of who has lost them; an operator does it.
func (s *Store) ForgetFactors(ctx context.Context, person uuid.UUID, now time.Time, n identity.Note) error {
	return s.change(ctx, now, n, func(ctx context.Context, tx *pg.Tx) error {
		if err := lock(ctx, tx, person); err != nil {
			return err
		}
		if err := forgetFactors(ctx, tx, person); err != nil {
			return err
		}
		_, err := endSignIns(ctx, tx, person, uuid.Nil, now)
		return err
	})
}

// KeptPasskeys are a person's, the oldest first.
func (s *Store) KeptPasskeys(ctx context.Context, person uuid.UUID) ([]identity.KeptPasskey, error) {
	rows, err := s.db.Pool().Query(ctx, `SELECT id, name, created_at, used_at, person_id, credential_id, record FROM passkeys WHERE person_id = $1 ORDER BY created_at, id`, person)
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", pg.Translate(err))
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k identity.KeptPasskey, err error) {
		err = row.Scan(&k.ID, &k.Name, &k.CreatedAt, &k.UsedAt, &k.PersonID, &k.CredentialID, &k.Record)
		return k, err
	})
	return out, pg.Translate(err)
}

// UsePasskey keeps the counter that the last use brought.
func (s *Store) UsePasskey(ctx context.Context, person uuid.UUID, credential, record []byte, now time.Time) error {
	tag, err := s.db.Pool().Exec(ctx, `UPDATE passkeys SET record = $3, used_at = $4 WHERE person_id = $1 AND credential_id = $2`, person, credential, record, now)
	if err == nil && tag.RowsAffected() == 0 {
		return fault.New(fault.NotFound, "this passkey was removed at this moment")
	}
	return pg.Translate(err)
}

// ReplaceCodes puts a set in the place of the old.
func (s *Store) ReplaceCodes(ctx context.Context, person uuid.UUID, codes identity.RecoverySet, now time.Time, n identity.Note) error {
	return s.change(ctx, now, n, func(ctx context.Context, tx *pg.Tx) error {
		if err := lock(ctx, tx, person); err != nil {
			return err
		}
		return putCodes(ctx, tx, person, codes, now)
	})
}

// RecoverySalt is nil without codes.
func (s *Store) RecoverySalt(ctx context.Context, person uuid.UUID) (salt []byte, err error) {
	err = s.db.Pool().QueryRow(ctx, `SELECT salt FROM recovery_codes WHERE person_id = $1 LIMIT 1`, person).Scan(&salt)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return salt, pg.Translate(err)
}

// SpendCode takes a code; false: there is none like it, or not any more.
func (s *Store) SpendCode(ctx context.Context, person uuid.UUID, hash []byte, now time.Time, n identity.Note) (taken bool, err error) {
	err = pg.Translate(s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		tag, err := tx.Pgx().Exec(ctx, `UPDATE recovery_codes SET used_at = $3 WHERE person_id = $1 AND hash = $2 AND used_at IS NULL`, person, hash, now)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		taken = true
		return s.note(ctx, tx, now, n)
	}))
	return taken && err == nil, err
}

// PutCeremony keeps a challenge until it is answered or too old.
func (s *Store) PutCeremony(ctx context.Context, hash identity.TokenHash, c identity.Ceremony, expires time.Time) error {
	_, err := s.db.Pool().Exec(ctx, `INSERT INTO passkey_ceremonies (token_hash, purpose, person_id, session, expires_at) VALUES ($1, $2, $3, $4, $5)`, hash[:], c.Purpose, pg.OrNull(c.PersonID), c.Session, expires)
	return pg.Translate(err)
}

// TakeCeremony uses one up; NotFound for one that does not hold.
func (s *Store) TakeCeremony(ctx context.Context, hash identity.TokenHash, purpose string, now time.Time) (identity.Ceremony, error) {
	c := identity.Ceremony{Purpose: purpose}
	var person *uuid.UUID
	err := s.db.Pool().QueryRow(ctx, `DELETE FROM passkey_ceremonies WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3 RETURNING person_id, session`, hash[:], purpose, now).Scan(&person, &c.Session)
	if person != nil {
		c.PersonID = *person
	}
	return c, pg.Translate(err)
}
