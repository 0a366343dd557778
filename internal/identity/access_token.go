package identity

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// AccessToken is what is known of a personal access token, with which a
// person's program calls the interface. The token itself is told once.
type AccessToken struct {
	ID        uuid.UUID
	Name      string
	Scopes    []TokenScope
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time // last; noted once a minute at most
	UsedFrom  string     // address of the last use
	RevokedAt *time.Time
}

// NewAccessToken is what a person asks for.
type NewAccessToken struct {
	Name   string
	Scopes []TokenScope
	Days   int // how long it holds
}

// Bounds of what may be asked for.
const (
	MaxTokenName  = 60
	MaxTokenDays  = 365
	MaxLiveTokens = 20 // a person
)

// check tidies what was asked for; the error names every field that is not right.
func (n NewAccessToken) check() (NewAccessToken, error) {
	var bad fault.Fields
	n.Name = TidyName(n.Name)
	switch {
	case n.Name == "":
		bad.Add("body.name", "is required")
	case utf8.RuneCountInString(n.Name) > MaxTokenName:
		bad.Add("body.name", "must be at most %d characters", MaxTokenName)
	case !utf8.ValidString(n.Name) || strings.ContainsFunc(n.Name, misleading):
		bad.Add("body.name", "must not hold control characters or marks that turn the direction of writing")
	}
	n.Scopes = slices.Compact(slices.SortedFunc(slices.Values(n.Scopes), func(a, b TokenScope) int {
		return cmp.Compare(slices.Index(TokenScopes, a), slices.Index(TokenScopes, b))
	}))
	if len(n.Scopes) == 0 {
		bad.Add("body.scopes", "choose at least one")
	}
	if slices.ContainsFunc(n.Scopes, func(s TokenScope) bool { return !slices.Contains(TokenScopes, s) }) {
		bad.Add("body.scopes", "holds a scope that does not exist")
	}
	if n.Days < 1 || n.Days > MaxTokenDays {
		bad.Add("body.days", "must be 1 to %d", MaxTokenDays)
	}
	return n, bad.Err("the token cannot be made like this")
}

// AccessTokenPrefix begins every token, so that people and programs that look
// for leaked secrets know one when they see it.
const AccessTokenPrefix = "hgt_"

// accessTokenLength: the prefix, and 32 random bytes with 4 of checksum, which base64 writes without a rest.
const accessTokenLength = len(AccessTokenPrefix) + (tokenBytes+crc32.Size)*4/3

// makeAccessToken is a fresh token and its hash.
func makeAccessToken() (string, TokenHash) {
	b := make([]byte, tokenBytes, tokenBytes+crc32.Size)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	hash := TokenHash(sha256.Sum256(b))
	return AccessTokenPrefix + base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint32(b, checksum(b))), hash
}

// checksum tells a token that was cut or typed wrong from one that holds no
// more. It protects nothing.
func checksum(random []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE([]byte(AccessTokenPrefix)), crc32.IEEETable, random)
}

// hashAccessToken is false for what cannot be a token of ours, which then costs no query.
func hashAccessToken(token string) (TokenHash, bool) {
	text, ok := strings.CutPrefix(token, AccessTokenPrefix)
	if !ok || len(token) != accessTokenLength {
		return TokenHash{}, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != tokenBytes+crc32.Size {
		return TokenHash{}, false
	}
	random, sum := b[:tokenBytes], b[tokenBytes:]
	if !bytes.Equal(binary.BigEndian.AppendUint32(nil, checksum(random)), sum) {
		return TokenHash{}, false
	}
	return sha256.Sum256(random), true
}
