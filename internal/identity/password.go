package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// HashCost is what one argon2id hash takes. The zero value means the default,
// OWASP's first choice for its memory (Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1).
type HashCost struct {
	MemoryKiB uint32
	Passes    uint32
	Lanes     uint8
}

var defaultCost = HashCost{MemoryKiB: 19 << 10, Passes: 2, Lanes: 1}

const saltBytes, keyBytes = 16, 32

// Hasher hashes passwords. At most as many at a time as there are processors:
// more would not be faster and each takes its memory.
type Hasher struct {
	cost  HashCost
	turns chan struct{}
	// decoy is verified against where there is no account, so that its absence takes as long.
	decoy string
}

// NewHasher makes a hasher of the given cost.
func NewHasher(cost HashCost) *Hasher {
	if cost == (HashCost{}) {
		cost = defaultCost
	}
	decoy := encodeHash(cost, make([]byte, saltBytes), make([]byte, keyBytes))
	return &Hasher{cost: cost, turns: make(chan struct{}, runtime.GOMAXPROCS(0)), decoy: decoy}
}

// Hash is the password's hash with its parameters and salt, in PHC form:
// $argon2id$v=19$m=19456,t=2,p=1$<salt>$<key>.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails: crypto/rand ends the program instead
	key, err := h.derive(ctx, password, salt, h.cost)
	if err != nil {
		return "", err
	}
	return encodeHash(h.cost, salt, key), nil
}

// Matches says whether the password is the one behind a stored hash; with ""
// (no such account) it takes as long and says no.
func (h *Hasher) Matches(ctx context.Context, password, stored string) (bool, error) {
	known := stored != ""
	if !known {
		stored = h.decoy
	}
	cost, salt, want, err := decodeHash(stored)
	if err != nil {
		return false, err
	}
	got, err := h.derive(ctx, password, salt, cost)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// Outdated says whether a stored hash was made at another cost than this hasher's.
func (h *Hasher) Outdated(stored string) bool {
	cost, _, _, err := decodeHash(stored)
	return err != nil || cost != h.cost
}

func (h *Hasher) derive(ctx context.Context, password string, salt []byte, c HashCost) ([]byte, error) {
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	case <-ctx.Done():
		return nil, fault.Later(fault.Unavailable, 5*time.Second, "Too many people are signing in at this moment. Please try again.")
	}
	// One keyboard's ü is another's u and ¨: the same password all the same.
	text := []byte(norm.NFKC.String(password))
	return argon2.IDKey(text, salt, c.Passes, c.MemoryKiB, c.Lanes, keyBytes), nil
}

func encodeHash(c HashCost, salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.MemoryKiB, c.Passes, c.Lanes, b64(salt), b64(key))
}

var errBadHash = errors.New("stored password hash is not argon2id in PHC form")

func decodeHash(stored string) (c HashCost, salt, key []byte, err error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errBadHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.MemoryKiB, &c.Passes, &c.Lanes); err != nil || c.Passes == 0 || c.Lanes == 0 || c.MemoryKiB > 1<<20 {
		return c, nil, nil, errBadHash
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(key) != keyBytes {
		return c, nil, nil, errBadHash
	}
	return c, salt, key, nil
}
