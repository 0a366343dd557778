package httpapi

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"time"
)

// browserCookieName is a cookie that names a browser, and nobody: a random text
// that says no more than that two sessions were opened in the same one.
const browserCookieName = "hourglass_browser"

const browserBytes = 16

// browserOf is what the browser keeps; a new text for one that keeps none of ours.
func browserOf(cookie string) string {
	if b, err := base64.RawURLEncoding.Strict().DecodeString(cookie); err == nil && len(b) == browserBytes {
		return cookie
	}
	var b [browserBytes]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func (s *Server) browserCookie(text string) http.Cookie {
	age := int((400 * 24 * time.Hour).Seconds()) // as long as browsers keep any
	return http.Cookie{Name: browserCookieName, Value: text, Path: Base + "/study-sessions", MaxAge: age, HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
}
