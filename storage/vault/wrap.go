package vault

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Kinds of key.
const (
	kindData = "data"
	kindHash = "hash"
)

// keySize is of AES-256 and of HMAC-SHA-256.
const keySize = 32

// row is a key as the table has it.
type row struct {
	ID        uint32
	Kind      string
	Wrapped   []byte
	WrappedBy []byte
}

// secret wraps keys. The fingerprint finds the secret that wrapped one.
type secret struct {
	key         cipher.AEAD
	fingerprint []byte
}

func derive(s []byte) secret {
	return secret{aead(expand(s, "hourglass vault wrapping key")), expand(s, "hourglass vault fingerprint")[:8]}
}

// expand derives a key of its own for each use of a secret.
func expand(key []byte, use string) []byte {
	out, err := hkdf.Key(sha256.New, key, nil, use, keySize)
	if err != nil {
		panic(err) // only for a length that SHA-256 cannot give
	}
	return out
}

func aead(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // only for a key that is not 32 bytes
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // only for another block size
	}
	return gcm
}

// wrap seals a key for its kind.
func (s secret) wrap(kind string, key []byte) []byte {
	nonce := make([]byte, nonceSize, nonceSize+len(key)+s.key.Overhead())
	_, _ = rand.Read(nonce) // never fails: crypto/rand ends the program instead
	return s.key.Seal(nonce, nonce, key, []byte(kind))
}

func (v *Vault) unwrap(r row) ([]byte, error) {
	for _, s := range v.secrets {
		if !bytes.Equal(s.fingerprint, r.WrappedBy) || len(r.Wrapped) < nonceSize {
			continue
		}
		key, err := s.key.Open(nil, r.Wrapped[:nonceSize], r.Wrapped[nonceSize:], []byte(r.Kind))
		if err != nil || len(key) != keySize {
			return nil, fmt.Errorf("key %d of the vault is damaged", r.ID)
		}
		return key, nil
	}
	return nil, fmt.Errorf("no secret of HOURGLASS_SECRET_KEYS unwraps key %d of the vault: has an older one been removed before `hourglass admin keys rotate`?", r.ID)
}

// keysLock lets one program at a time make keys.
const keysLock = 0x48475654 // "HGVT"

// prepare makes the keys a new database lacks and reads those it has.
func (v *Vault) prepare(ctx context.Context) error {
	err := v.db.InTx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if _, err := tx.Pgx().Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, keysLock); err != nil {
			return pg.Translate(err)
		}
		for _, kind := range []string{kindHash, kindData} {
			var there bool
			if err := tx.Pgx().QueryRow(ctx, `SELECT EXISTS (SELECT FROM vault_keys WHERE kind = $1)`, kind).Scan(&there); err != nil {
				return pg.Translate(err)
			}
			if !there {
				if _, err := v.make(ctx, tx.Pgx(), kind); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.load(ctx, `kind = 'hash' OR id IN (SELECT id FROM vault_keys WHERE kind = 'data' ORDER BY id DESC LIMIT $1)`, maxCached)
}

// make writes a new key, wrapped by the newest secret.
func (v *Vault) make(ctx context.Context, tx pgx.Tx, kind string) (id uint32, err error) {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails: crypto/rand ends the program instead
	first := v.secrets[0]
	err = tx.QueryRow(ctx, `INSERT INTO vault_keys (kind, wrapped, wrapped_by) VALUES ($1, $2, $3) RETURNING id`,
		kind, first.wrap(kind, key), first.fingerprint).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("write a key: %w", pg.Translate(err))
	}
	return id, nil
}
