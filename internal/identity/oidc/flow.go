package oidc

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
)

// FlowLife is how long somebody may take at the provider.
const FlowLife = 10 * time.Minute

// Flow is a sign-in under way, as kept: nothing in it finishes it.
type Flow struct {
	State   [32]byte // hash of what the provider carries through
	Browser [32]byte // hash of what the browser keeps
	Org     uuid.UUID
	Issuer  string
	Back    string    // page of ours to go to afterwards
	Asking  uuid.UUID // who is signed in and wants the link; uuid.Nil: nobody
	Expires time.Time
}

const secretBytes = 32

func random() string {
	var b [secretBytes]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// shaped is false for what cannot be a text of ours.
func shaped(text string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return err == nil && len(b) == secretBytes && len(text) == base64.RawURLEncoding.EncodedLen(secretBytes)
}

// derive makes what the provider is asked with of what the browser keeps, so
// that neither a copy of the database nor a sight of the address is enough.
func derive(browser, state, what string) string {
	h := hmac.New(sha256.New, []byte(browser))
	_, _ = h.Write([]byte(what + " " + state)) // a hash never fails
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

func nonceOf(browser, state string) string    { return derive(browser, state, "nonce") }
func verifierOf(browser, state string) string { return derive(browser, state, "code verifier") }

// Back is a page of ours to go to after signing in: what could lead anywhere
// else becomes the first page.
func Back(to string) string {
	u, err := url.Parse(to)
	// Browsers read a backslash as a slash and drop tabs and line breaks.
	if err != nil || len(to) > 500 || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsFunc(to, func(r rune) bool { return r == '\\' || r <= 0x20 || r == 0x7f }) ||
		u.Host != "" || u.Scheme != "" || u.User != nil || strings.HasPrefix(u.Path, "//") || strings.HasPrefix(u.Path, "/api/") {
		return "/"
	}
	return to
}
