// Package linktoken makes the proofs that links in mails carry. A proof is an
// id and a MAC over it and its purpose: it is written when the mail is written
// and needs no secret in the database. Whether it holds still, and holds
// once, is kept in the row of the id.
package linktoken

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"

	"github.com/google/uuid"
)

// Keys make and check proofs; the first makes, all check.
type Keys struct{ keys [][]byte }

// New makes keys of secrets of at least 32 bytes, the newest first.
func New(secrets ...[]byte) (*Keys, error) {
	if len(secrets) == 0 {
		return nil, errors.New("linktoken: no key")
	}
	k := &Keys{}
	for _, s := range secrets {
		if len(s) < 32 {
			return nil, errors.New("linktoken: a key needs 32 bytes")
		}
		// A key of its own, so that nothing made here is a proof elsewhere.
		k.keys = append(k.keys, sum(s, "hourglass link tokens"))
	}
	return k, nil
}

func sum(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		_, _ = h.Write([]byte(p)) // a hash never fails
	}
	return h.Sum(nil)
}

const idSize = len(uuid.UUID{})

// Token is the proof for an id and a purpose, 64 characters that an address can carry.
func (k *Keys) Token(purpose string, id uuid.UUID) string {
	mac := sum(k.keys[0], string(id[:]), purpose)
	return base64.RawURLEncoding.EncodeToString(append(id[:], mac...))
}

// Check is the id of a proof made for that purpose; false for anything else.
func (k *Keys) Check(purpose, token string) (uuid.UUID, bool) {
	// The decoder skips line breaks: by its length too, a token has one spelling.
	if len(token) != base64.RawURLEncoding.EncodedLen(idSize+sha256.Size) {
		return uuid.Nil, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != idSize+sha256.Size {
		return uuid.Nil, false
	}
	for _, key := range k.keys {
		if hmac.Equal(sum(key, string(b[:idSize]), purpose), b[idSize:]) {
			return uuid.UUID(b[:idSize]), true
		}
	}
	return uuid.Nil, false
}
