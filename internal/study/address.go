package study

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// InitSegment is the number under which a rendition's initialisation section is signed.
const InitSegment = -1

// Address names one segment as one session may fetch it until it expires.
type Address struct {
	Session   uuid.UUID
	Asset     uuid.UUID
	Rendition string
	Number    int   // InitSegment, or from 0
	Expires   int64 // seconds since 1970
}

// AddressLife is how long the addresses of a playlist hold: a player fetches
// the list of a recording once, so they outlive the recording itself.
func AddressLife(durationMS int64) time.Duration {
	return time.Duration(durationMS)*time.Millisecond + 30*time.Minute
}

// Sign is the proof that goes with an address.
func (k *Keys) Sign(a Address) string {
	sum := k.keys[0].address(a)
	return base64.RawURLEncoding.EncodeToString(append([]byte{k.keys[0].tag}, sum[:]...))
}

// CheckAddress says whether the proof is ours. Whether the address has expired
// is the caller's to see.
func (k *Keys) CheckAddress(a Address, proof string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(proof)
	if err != nil || len(b) != 1+macSize {
		return false
	}
	for i := range k.keys {
		key := &k.keys[i]
		if key.tag != b[0] {
			continue
		}
		if sum := key.address(a); hmac.Equal(sum[:], b[1:]) {
			return true
		}
	}
	return false
}

func (s *signer) address(a Address) [macSize]byte {
	var n [16]byte
	binary.BigEndian.PutUint64(n[:], uint64(int64(a.Number)))
	binary.BigEndian.PutUint64(n[8:], uint64(a.Expires))
	// Ids and numbers have a fixed length, so the name at the end cannot be confused with them.
	return s.mac("segment", a.Session[:], a.Asset[:], n[:], []byte(a.Rendition))
}
