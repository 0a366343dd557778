package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// TokenHash is what is kept of a sign-in token. The token is 32 random bytes,
// so a plain hash cannot be searched.
type TokenHash [sha256.Size]byte

const tokenBytes = 32

// newToken is a fresh token and its hash.
func newToken() (string, TokenHash) {
	var b [tokenBytes]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:]), sha256.Sum256(b[:])
}

// hashToken is false for what cannot be a token of ours, which then costs no query.
func hashToken(token string) (TokenHash, bool) {
	// The decoder skips line breaks: by its length too, a token has one spelling.
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return TokenHash{}, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != tokenBytes {
		return TokenHash{}, false
	}
	return sha256.Sum256(b), true
}
