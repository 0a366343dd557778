package identity_test

import (
	"encoding/base32"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// secretOf reads a secret as an app does.
func secretOf(t *testing.T, n identity.NewTOTP) []byte {
	t.Helper()
	b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(n.Secret)
	if err != nil || len(b) != 20 {
		t.Fatalf("%q is no secret: %v", n.Secret, err)
	}
	return b
}
