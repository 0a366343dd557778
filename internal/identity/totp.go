package identity

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238's default, and what every authenticator app computes
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Time-based one-time passwords after RFC 6238 with what all apps assume:
// SHA-1, steps of 30 s, six digits.
const (
	totpStep   = 30 * time.Second
	totpDigits = 1_000_000
	// totpSkew is how many steps a code may be off (RFC 6238, section 5.2: one).
	totpSkew = 1
	// totpFar is how many steps off a code is still known for one of a clock that is wrong: 30 minutes.
	totpFar = 60
	// totpRefused bounds the steps remembered as shown ahead of their time.
	totpRefused     = 16
	totpSecretBytes = 20 // RFC 4226, section 4, R6: 160 bits
)

// TOTP is where a person's one-time codes stand.
type TOTP struct {
	Secret   []byte
	LastStep int64   // of the last code taken: it and all before are spent
	Refused  []int64 // steps whose code was shown before its time
}

// TOTPVerdict is what a code comes to.
type TOTPVerdict struct {
	OK   bool
	Step int64 // of the code, when it is one of the secret's at all
	// Spent: it was right and has been used, or was shown before its time.
	Spent bool
	// Off is how far the clock that made it is ahead (or behind: negative);
	// not zero only for a code that would be right at another time.
	Off time.Duration
}

// NewTOTPSecret is a fresh secret.
func NewTOTPSecret() []byte {
	b := make([]byte, totpSecretBytes)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}

// Check judges a code at a time. It compares with every step it knows of
// whatever the first ones come to, so that the time tells nothing.
func (t TOTP) Check(code string, now time.Time) (v TOTPVerdict) {
	code = plainCode(code)
	present := stepAt(now)
	best := int64(totpFar + 1)
	for off := int64(-totpFar); off <= totpFar; off++ {
		right := subtle.ConstantTimeCompare([]byte(t.Code(present+off)), []byte(code)) == 1
		if right && abs(off) < abs(best) {
			best = off
		}
	}
	if best > totpFar {
		return v
	}
	v.Step = present + best
	switch {
	case v.Step <= t.LastStep || slices.Contains(t.Refused, v.Step):
		v.Spent = true
	case abs(best) <= totpSkew:
		v.OK = true
	default:
		v.Off = time.Duration(best) * totpStep
	}
	return v
}

// Code is the six digits of a step.
func (t TOTP) Code(step int64) string {
	h := hmac.New(sha1.New, t.Secret)
	var message [8]byte
	binary.BigEndian.PutUint64(message[:], uint64(step))
	_, _ = h.Write(message[:]) // a hash never fails
	sum := h.Sum(nil)
	at := sum[len(sum)-1] & 0xf // RFC 4226, section 5.3
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%totpDigits)
}

// refuse remembers a step whose code was shown ahead of its time.
func (t TOTP) refuse(step int64) []int64 {
	out := append(slices.Clone(t.Refused), step)
	return out[max(0, len(out)-totpRefused):]
}

func stepAt(t time.Time) int64 { return t.Unix() / int64(totpStep/time.Second) }

func abs(n int64) int64 { return max(n, -n) }

// plainCode is a code without the blanks apps print between the digits.
func plainCode(code string) string {
	return strings.NewReplacer(" ", "", "\u00a0", "", "\u3000", "", "-", "").Replace(strings.TrimSpace(code))
}

// TOTPSecretText is a secret as people type it into an app: base32 without padding.
func TOTPSecretText(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// TOTPAddress is a secret as an app scans it (the "Key Uri Format" of Google Authenticator).
func TOTPAddress(secret []byte, issuer, account string) string {
	label := url.PathEscape(issuer) + ":" + url.PathEscape(account)
	return "otpauth://totp/" + label + "?secret=" + TOTPSecretText(secret) + "&issuer=" + url.QueryEscape(issuer) + "&algorithm=SHA1&digits=6&period=30"
}
