package identity

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
)

// recoveryCodes is how many codes a set has.
const recoveryCodes = 10

// recoveryAlphabet is Crockford's: no letter that is read for a digit.
var recoveryAlphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newRecoveryCode is 50 random bits as two groups of five: "7k3qd-9x2mf".
func newRecoveryCode() string {
	var b [7]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	text := recoveryAlphabet.EncodeToString(b[:])[:10]
	return text[:5] + "-" + text[5:]
}

// foldRecoveryCode is a code as it was made, however it was typed; "" for what
// cannot be one.
func foldRecoveryCode(typed string) string {
	text := strings.NewReplacer("-", "", " ", "", "o", "0", "i", "1", "l", "1").Replace(strings.ToLower(strings.TrimSpace(typed)))
	if len(text) != 10 || strings.ContainsFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789abcdefghjkmnpqrstvwxyz", r) }) {
		return ""
	}
	return text[:5] + "-" + text[5:]
}
