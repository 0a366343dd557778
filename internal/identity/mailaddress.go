package identity

import (
	"strings"

	"golang.org/x/net/idna"
)

// MailAddress is the form by which two spellings of an address are one, for
// comparing what somebody was written to at with what they sign in with: folded
// as FoldEmail does, and the domain in its ASCII form (RFC 5891). It is false
// for what is no address.
func MailAddress(typed string) (folded string, ok bool) {
	typed = strings.TrimSpace(typed)
	if !plausibleEmail(typed) {
		return "", false
	}
	local, domain, _ := strings.Cut(FoldEmail(typed), "@")
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return "", false
	}
	return local + "@" + ascii, true
}
