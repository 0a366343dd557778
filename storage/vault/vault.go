// Package vault seals what must not be read from a copy of the database.
//
// Data keys (AES-256-GCM) seal; they stand in the table vault_keys, each
// wrapped by a key derived from one of the program's secrets. Sealed bytes are
//
//	version (1 byte) | data key's id (4) | nonce (12) | ciphertext and tag
//
// with version, id and purpose as additional data. Rotation makes a new data
// key, wraps all keys under the newest secret and seals every registered
// column anew; the older secrets can then be removed. Data keys that were
// replaced stay, wrapped: a backup restored tomorrow needs them, and so does a
// column somebody forgot to register.
//
// The key of keyed hashes is wrapped like the others and rotation wraps it
// anew, but never replaces it: a hash is compared with others of its column,
// so that all of them would have to be made again from what they stand for.
package vault

import (
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/storage/pg"
)

// Box seals and opens. The purpose names what is sealed and whose it is
// ("totp:"+id): sealed bytes moved to another place do not open there.
type Box interface {
	Seal(ctx context.Context, purpose string, plain []byte) ([]byte, error)
	Open(ctx context.Context, purpose string, sealed []byte) ([]byte, error)
}

// Hasher makes keyed hashes, by which equal values are found without being
// readable: 32 bytes, the same for the same purpose and value for ever.
type Hasher interface {
	Hash(ctx context.Context, purpose string, value []byte) ([]byte, error)
}

const (
	version   = 1
	idSize    = 4
	nonceSize = 12
	headSize  = 1 + idSize

	// maxPlain bounds what is sealed in one piece.
	maxPlain = 1 << 20
	// maxCached bounds the data keys held in memory.
	maxCached = 64
	// refreshEvery is how long a program may go on sealing with a data key
	// that another program has replaced.
	refreshEvery = time.Minute
	// loadPatience bounds a look at the key table: the caller may hold a
	// connection that others wait for.
	loadPatience = 3 * time.Second
)

// ErrSealed says that sealed bytes do not open: for another purpose, damaged,
// or of a key this program does not have. What was sealed is not told.
var ErrSealed = errors.New("vault: this does not open")

// Vault is Box and Hasher over the keys of a database.
type Vault struct {
	db      *pg.DB
	secrets []secret // the first wraps
	now     func() time.Time

	loading sync.Mutex
	mu      sync.Mutex
	keys    map[uint32]cipher.AEAD
	current uint32
	checked time.Time
	hash    []byte
}

// Open reads the keys of a database and makes the first ones of a new one. The
// secrets have at least 32 bytes, the newest first.
func Open(ctx context.Context, db *pg.DB, secrets ...[]byte) (*Vault, error) {
	v := &Vault{db: db, now: time.Now, keys: map[uint32]cipher.AEAD{}}
	for _, s := range secrets {
		if len(s) < 32 {
			return nil, errors.New("vault: a secret needs 32 bytes")
		}
		v.secrets = append(v.secrets, derive(s))
	}
	if len(v.secrets) == 0 {
		return nil, errors.New("vault: no secret")
	}
	if err := v.prepare(ctx); err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	return v, nil
}

// Seal seals at most a mebibyte.
func (v *Vault) Seal(ctx context.Context, purpose string, plain []byte) ([]byte, error) {
	if len(plain) > maxPlain {
		return nil, fmt.Errorf("vault: %d bytes are too many to seal", len(plain))
	}
	id, key := v.newest(ctx)
	return seal(id, key, purpose, plain), nil
}

func seal(id uint32, key cipher.AEAD, purpose string, plain []byte) []byte {
	out := make([]byte, headSize+nonceSize, headSize+nonceSize+len(plain)+key.Overhead())
	out[0] = version
	binary.BigEndian.PutUint32(out[1:], id)
	_, _ = rand.Read(out[headSize:]) // never fails: crypto/rand ends the program instead
	return key.Seal(out, out[headSize:headSize+nonceSize], plain, additional(out[:headSize], purpose))
}

func additional(head []byte, purpose string) []byte {
	return append(append([]byte{}, head...), purpose...)
}

// Open opens what Seal sealed for the same purpose; ErrSealed when it is anything else.
func (v *Vault) Open(ctx context.Context, purpose string, sealed []byte) ([]byte, error) {
	if len(sealed) < headSize+nonceSize || sealed[0] != version {
		return nil, ErrSealed
	}
	key, err := v.key(ctx, binary.BigEndian.Uint32(sealed[1:]))
	if err != nil {
		return nil, err
	}
	rest := sealed[headSize:]
	plain, err := key.Open(nil, rest[:nonceSize], rest[nonceSize:], additional(sealed[:headSize], purpose))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// Hash is HMAC-SHA-256 under a key of the purpose's own.
func (v *Vault) Hash(_ context.Context, purpose string, value []byte) ([]byte, error) {
	h := hmac.New(sha256.New, expand(v.hash, "hourglass vault hash: "+purpose))
	_, _ = h.Write(value) // a hash never fails
	return h.Sum(nil), nil
}

// newest is the data key to seal with. Once in a while one caller looks
// whether it was replaced; nobody waits for that.
func (v *Vault) newest(ctx context.Context) (uint32, cipher.AEAD) {
	v.mu.Lock()
	stale := v.now().Sub(v.checked) > refreshEvery
	v.mu.Unlock()
	if stale && v.loading.TryLock() {
		// A failure is none of the caller's: the key at hand seals as well.
		_ = v.load(ctx, `kind = 'data' ORDER BY id DESC LIMIT 1`)
		v.loading.Unlock()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.current, v.keys[v.current]
}

// key is a data key by its id.
func (v *Vault) key(ctx context.Context, id uint32) (cipher.AEAD, error) {
	if k := v.cached(id); k != nil {
		return k, nil
	}
	v.loading.Lock()
	defer v.loading.Unlock()
	if k := v.cached(id); k != nil {
		return k, nil
	}
	if err := v.load(ctx, `kind = 'data' AND id = $1::bigint`, int64(id)); err != nil {
		return nil, err
	}
	if k := v.cached(id); k != nil {
		return k, nil
	}
	return nil, ErrSealed
}

func (v *Vault) cached(id uint32) cipher.AEAD {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.keys[id]
}

// load reads keys into the cache.
func (v *Vault) load(ctx context.Context, where string, args ...any) error {
	ctx, cancel := context.WithTimeout(ctx, loadPatience)
	defer cancel()
	rows, err := v.db.Pool().Query(ctx, `SELECT id, kind, wrapped, wrapped_by FROM vault_keys WHERE `+where, args...)
	if err != nil {
		return fmt.Errorf("read the vault's keys: %w", pg.Translate(err))
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil {
		return fmt.Errorf("read the vault's keys: %w", pg.Translate(err))
	}
	for _, r := range list {
		if err := v.keep(r); err != nil {
			return err
		}
	}
	return nil
}

// keep unwraps a key into the cache.
func (v *Vault) keep(r row) error {
	plain, err := v.unwrap(r)
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if r.Kind == kindHash {
		v.hash = plain
		return nil
	}
	if len(v.keys) >= maxCached {
		for id := range v.keys { // any but the one in use
			if id != v.current {
				delete(v.keys, id)
				break
			}
		}
	}
	v.keys[r.ID] = aead(plain)
	if r.ID >= v.current {
		v.current, v.checked = r.ID, v.now()
	}
	return nil
}
