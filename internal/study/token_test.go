package study

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"testing"

	"github.com/google/uuid"
)

func TestAMACIsHMACWithSHA256(t *testing.T) {
	t.Parallel()
	for _, secret := range []int{32, 64, 65, 200} {
		for _, text := range []int{0, 1, 100, 500} {
			key, a, b := bytes.Repeat([]byte{7}, secret), bytes.Repeat([]byte{1}, text), bytes.Repeat([]byte{2}, text)
			h := hmac.New(sha256.New, key)
			h.Write([]byte("beat"))
			h.Write(a)
			h.Write(b)
			s := newSigner(Key{ID: "k", Secret: key})
			if got := s.mac("beat", a, b); !bytes.Equal(got[:], h.Sum(nil)[:macSize]) {
				t.Errorf("%d bytes of key, %d of text: %x", secret, text, got)
			}
		}
	}
}

func BenchmarkToken(b *testing.B) {
	keys, err := NewKeys(Key{ID: "k", Secret: make([]byte, 32)})
	if err != nil {
		b.Fatal(err)
	}
	session, chain := uuid.New(), NewChain()
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := keys.OpenToken(keys.Token(session, 7, chain, 1000), session, 7); !ok {
			b.Fatal("it is not accepted")
		}
	}
}
