package study

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"

	"github.com/google/uuid"
)

// Key is one secret of the server.
type Key struct {
	ID     string
	Secret []byte // 32 bytes or more
}

// Keys make and check what the server signs. The first key signs, all are
// accepted, so that keys rotate without ending anybody's session.
type Keys struct{ keys []signer }

// NewKeys needs at least one key of at least 32 bytes; ids must differ.
func NewKeys(keys ...Key) (*Keys, error) {
	if len(keys) == 0 {
		return nil, errors.New("study: no key to sign with")
	}
	seen := map[string]bool{}
	signers := make([]signer, len(keys))
	for i, k := range keys {
		if k.ID == "" || len(k.Secret) < 32 || seen[k.ID] {
			return nil, errors.New("study: a key needs an id of its own and 32 bytes")
		}
		seen[k.ID] = true
		signers[i] = newSigner(k)
	}
	return &Keys{signers}, nil
}

const macSize = 16

// signer is a key made ready: the two blocks with which the digests of
// HMAC-SHA-256 (RFC 2104) begin. It is written out here because crypto/hmac
// makes digests on the heap for every text, which takes four times as long.
type signer struct {
	tag          byte // the key's short name inside tokens and addresses
	inner, outer [sha256.BlockSize]byte
}

func newSigner(k Key) signer {
	s := signer{tag: sha256.Sum256([]byte(k.ID))[0]}
	secret := k.Secret
	if len(secret) > sha256.BlockSize {
		sum := sha256.Sum256(secret)
		secret = sum[:]
	}
	copy(s.inner[:], secret)
	copy(s.outer[:], secret)
	for i := range s.inner {
		s.inner[i] ^= 0x36
		s.outer[i] ^= 0x5c
	}
	return s
}

// mac signs for one purpose; the purpose keeps a MAC made for one thing from being shown for another.
func (s *signer) mac(purpose string, parts ...[]byte) [macSize]byte {
	var room [256]byte // for nearly all; more is found on the heap
	b := append(append(room[:0], s.inner[:]...), purpose...)
	for _, p := range parts {
		b = append(b, p...)
	}
	sum := sha256.Sum256(b)
	b = append(append(room[:0], s.outer[:]...), sum[:]...)
	sum = sha256.Sum256(b)
	return [macSize]byte(sum[:])
}

// Device names a browser by what it keeps, so that the text itself lies in no
// table; nil for none. With a new first key every browser has a new name.
func (k *Keys) Device(browser string) []byte {
	if browser == "" {
		return nil
	}
	mac := k.keys[0].mac("device", []byte(browser))
	return mac[:]
}

// NewChain is the first link of a session: nobody can guess it.
func NewChain() (c Chain) {
	_, _ = rand.Read(c[:]) // never fails: crypto/rand ends the program instead
	return c
}

// Link is the chain after a beat: a digest over the chain before it, the
// session, the sequence, the server's time and all that was reported. The
// verdict follows from these by the rules, so the chain proves it too.
func Link(before Chain, session uuid.UUID, seq, nowMS int64, report []byte) (c Chain) {
	var buf [256]byte
	b := append(buf[:0], before[:]...)
	b = append(b, session[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(seq))
	b = binary.BigEndian.AppendUint64(b, uint64(nowMS))
	sum := sha256.Sum256(append(b, report...))
	copy(c[:], sum[:])
	return c
}

// Luck is a number below 2^24 for a link that nobody but the server can tell.
func (k *Keys) Luck(link Chain) uint32 {
	sum := k.keys[0].mac("presence", link[:])
	return be.Uint32(sum[:]) >> 8
}

const (
	tokenBytes = 1 + ChainSize + 4 + macSize
	// TokenLen is the length of a token as text.
	TokenLen = (tokenBytes*8 + 5) / 6
)

// Token is the one-time right to send beat seq of a session: the chain so far
// and the verified time told with it, under a MAC.
func (k *Keys) Token(session uuid.UUID, seq int64, chain Chain, verifiedMS int64) string {
	var b [tokenBytes]byte
	b[0] = k.keys[0].tag
	copy(b[1:], chain[:])
	binary.BigEndian.PutUint32(b[1+ChainSize:], uint32(verifiedMS))
	sum := k.keys[0].token(session, seq, b[1:1+ChainSize+4])
	copy(b[1+ChainSize+4:], sum[:])
	var text [TokenLen]byte
	base64.RawURLEncoding.Encode(text[:], b[:])
	return string(text[:])
}

// strictURL takes one way of writing a token for one token.
var strictURL = base64.RawURLEncoding.Strict()

// OpenToken is the chain a token carries; false for a token that the server
// did not make for this session and sequence.
func (k *Keys) OpenToken(text string, session uuid.UUID, seq int64) (Chain, bool) {
	var b [tokenBytes]byte
	if len(text) != TokenLen {
		return Chain{}, false
	}
	if n, err := strictURL.Decode(b[:], []byte(text)); err != nil || n != tokenBytes {
		return Chain{}, false
	}
	for i := range k.keys {
		key := &k.keys[i]
		if key.tag != b[0] {
			continue
		}
		sum := key.token(session, seq, b[1:1+ChainSize+4])
		if hmac.Equal(sum[:], b[1+ChainSize+4:]) {
			return Chain(b[1 : 1+ChainSize]), true
		}
	}
	return Chain{}, false
}

func (s *signer) token(session uuid.UUID, seq int64, payload []byte) [macSize]byte {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(seq))
	return s.mac("beat", session[:], n[:], payload)
}
