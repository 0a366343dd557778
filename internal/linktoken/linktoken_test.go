package linktoken_test

import (
	"bytes"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/linktoken"
)

var older, newer = bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)

func keys(t *testing.T, secrets ...[]byte) *linktoken.Keys {
	t.Helper()
	k, err := linktoken.New(secrets...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAProofHoldsForItsPurposeAndOutlivesARotation(t *testing.T) {
	t.Parallel()
	id := uuid.New()
	token := keys(t, older).Token("reset-password", id)
	for _, tc := range []struct {
		name    string
		keys    *linktoken.Keys
		purpose string
		holds   bool
	}{
		{"as it was made", keys(t, older), "reset-password", true},
		{"after a newer key came", keys(t, newer, older), "reset-password", true},
		{"after its key went", keys(t, newer), "reset-password", false},
		{"for something else", keys(t, older), "verify-mail", false},
		{"for a purpose that begins alike", keys(t, older), "reset-password2", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, ok := tc.keys.Check(tc.purpose, token)
			if ok != tc.holds || (ok && got != id) {
				t.Errorf("%v %v", got, ok)
			}
		})
	}
}

func TestNoOtherTextIsAProof(t *testing.T) {
	t.Parallel()
	k := keys(t, older)
	token := k.Token("x", uuid.New())
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(token)
		at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
		b[at] = rapid.Byte().Filter(func(c byte) bool { return c != token[at] }).Draw(t, "byte")
		if _, ok := k.Check("x", string(b)); ok {
			t.Fatalf("%q is taken", b)
		}
	})
	for _, s := range []string{"", token + "A", token[1:], token[:4] + "\n" + token[4:]} {
		if _, ok := k.Check("x", s); ok {
			t.Errorf("%q is taken", s)
		}
	}
}

func TestKeysAreLongEnough(t *testing.T) {
	t.Parallel()
	for _, secrets := range [][][]byte{{}, {older, []byte("short")}} {
		if _, err := linktoken.New(secrets...); err == nil {
			t.Errorf("%v is taken", secrets)
		}
	}
}
