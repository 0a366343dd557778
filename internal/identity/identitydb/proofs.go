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

// CreateProof takes the place of the person's earlier ones for the same purpose.
func (s *Store) CreateProof(ctx context.Context, p identity.Proof, n identity.Note) error {
	return s.change(ctx, p.CreatedAt, n, func(ctx context.Context, tx *pg.Tx) error {
		_, err := tx.Pgx().Exec(ctx, `DELETE FROM account_proofs WHERE person_id = $1 AND purpose = $2 AND used_at IS NULL`, p.PersonID, p.Purpose)
		if err != nil {
			return fmt.Errorf("forget earlier links: %w", err)
		}
		_, err = tx.Pgx().Exec(ctx, `
			INSERT INTO account_proofs (id, person_id, purpose, email, email_folded, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			p.ID, p.PersonID, p.Purpose, p.Email, p.EmailFolded, p.CreatedAt, p.ExpiresAt)
		if err != nil {
			return fmt.Errorf("keep a link: %w", err)
		}
		return nil
	})
}

const proofColumns = `id, person_id, purpose, email, email_folded, created_at, expires_at`

func scanProof(row pgx.Row) (p identity.Proof, err error) {
	err = row.Scan(&p.ID, &p.PersonID, &p.Purpose, &p.Email, &p.EmailFolded, &p.CreatedAt, &p.ExpiresAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, identity.ErrLinkSpent
	}
	return p, pg.Translate(err)
}

// LiveProof is one that holds at a time, without using it.
func (s *Store) LiveProof(ctx context.Context, id uuid.UUID, purpose string, now time.Time) (identity.Proof, error) {
	return scanProof(s.db.Pool().QueryRow(ctx, `SELECT `+proofColumns+` FROM account_proofs WHERE id = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3`, id, purpose, now))
}

func useProof(ctx context.Context, tx *pg.Tx, id uuid.UUID, purpose string, now time.Time) (identity.Proof, error) {
	return scanProof(tx.Pgx().QueryRow(ctx, `
		UPDATE account_proofs SET used_at = $3 WHERE id = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 RETURNING `+proofColumns, id, purpose, now))
}

// VerifyMail uses the proof up: its address is proved and, when it is another
// than the account's, becomes the account's. Followed again, as mail scanners
// and people do, it is right again while that is so.
func (s *Store) VerifyMail(ctx context.Context, id uuid.UUID, now time.Time, n func(identity.Account, identity.Proof) identity.Note) (account identity.Account, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		p, err := useProof(ctx, tx, id, identity.ProofVerify, now)
		if errors.Is(err, identity.ErrLinkSpent) {
			account, err = accountBy(ctx, tx.Pgx(), `a.email_verified_at IS NOT NULL AND (a.person_id, a.email_folded) = (SELECT person_id, email_folded FROM account_proofs WHERE id = $1)`, id)
			if fault.KindOf(err) == fault.NotFound {
				return identity.ErrLinkSpent
			}
			return err
		}
		if err != nil {
			return err
		}
		if account, err = accountBy(ctx, tx.Pgx(), `a.person_id = $1`, p.PersonID); err != nil {
			return err
		}
		_, err = tx.Pgx().Exec(ctx, `
			UPDATE accounts SET email = $2, email_folded = $3, email_verified_at = $4, updated_at = $4 WHERE person_id = $1`, p.PersonID, p.Email, p.EmailFolded, now)
		if err != nil {
			return err
		}
		// A link to set a password that lies in the mailbox before is none any more.
		if _, err := tx.Pgx().Exec(ctx, `UPDATE account_proofs SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL AND email_folded <> $3`, p.PersonID, now, p.EmailFolded); err != nil {
			return err
		}
		note := n(account, p)
		account.Email, account.EmailFolded, account.VerifiedAt = p.Email, p.EmailFolded, &now
		return s.note(ctx, tx, now, note)
	})
	return account, taken(err)
}

// ResetPassword uses the proof up, sets the hash, ends all sign-ins and access
// tokens and answers the sign-ins' study names. What was set up beside the
// password before the address was proved, maybe by somebody else, is taken away.
func (s *Store) ResetPassword(ctx context.Context, id uuid.UUID, hash string, now time.Time, n identity.Note) (ended [][]byte, err error) {
	err = s.change(ctx, now, n, func(ctx context.Context, tx *pg.Tx) error {
		p, err := useProof(ctx, tx, id, identity.ProofReset, now)
		if err != nil {
			return err
		}
		a, err := accountBy(ctx, tx.Pgx(), `a.person_id = $1`, p.PersonID)
		if err != nil {
			return err
		}
		if a.EmailFolded != p.EmailFolded {
			return identity.ErrLinkSpent
		}
		if a.VerifiedAt == nil {
			if err := forgetFactors(ctx, tx, p.PersonID); err != nil {
				return err
			}
			if _, err := tx.Pgx().Exec(ctx, `DELETE FROM sign_in_links WHERE person_id = $1`, p.PersonID); err != nil {
				return fmt.Errorf("forget sign-in links: %w", err)
			}
		}
		_, err = tx.Pgx().Exec(ctx, `
			UPDATE accounts SET password_hash = $2, password_changed_at = $3, updated_at = $3, email_verified_at = coalesce(email_verified_at, $3) WHERE person_id = $1`, p.PersonID, hash, now)
		if err != nil {
			return fmt.Errorf("set a password: %w", err)
		}
		if _, err := tx.Pgx().Exec(ctx, `UPDATE access_tokens SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL AND expires_at > $2`, p.PersonID, now); err != nil {
			return fmt.Errorf("end access tokens: %w", err)
		}
		ended, err = endSignIns(ctx, tx, p.PersonID, uuid.Nil, now)
		return err
	})
	return ended, err
}

// ChangePassword sets the hash in the place of the old, ends all sign-ins but one and all open reset links.
func (s *Store) ChangePassword(ctx context.Context, person uuid.UUID, old, hash string, keep uuid.UUID, now time.Time, n identity.Note) (ended [][]byte, err error) {
	err = s.change(ctx, now, n, func(ctx context.Context, tx *pg.Tx) error {
		tag, err := tx.Pgx().Exec(ctx, `
			UPDATE accounts SET password_hash = $3, password_changed_at = $4, updated_at = $4 WHERE person_id = $1 AND password_hash = $2`, person, old, hash, now)
		if err != nil {
			return fmt.Errorf("set a password: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return fault.New(fault.Conflict, "the password was changed elsewhere at this moment")
		}
		if _, err := tx.Pgx().Exec(ctx, `UPDATE account_proofs SET used_at = $2 WHERE person_id = $1 AND purpose = 'reset-password' AND used_at IS NULL`, person, now); err != nil {
			return fmt.Errorf("end reset links: %w", err)
		}
		ended, err = endSignIns(ctx, tx, person, keep, now)
		return err
	})
	return ended, err
}

// forgetFactors takes away all that stands beside the password.
func forgetFactors(ctx context.Context, tx *pg.Tx, person uuid.UUID) error {
	for _, table := range []string{"totp_factors", "passkeys", "recovery_codes", "passkey_ceremonies", "pending_sign_ins"} {
		if _, err := tx.Pgx().Exec(ctx, `DELETE FROM `+table+` WHERE person_id = $1`, person); err != nil {
			return fmt.Errorf("forget %s: %w", table, err)
		}
	}
	return nil
}
