package oidc

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// Claims are what a provider says of who signed in, after every check of its answer.
type Claims struct {
	Subject  string
	Email    string
	Verified bool // the provider says it has seen the address proved
	Name     string
	Locale   string
	Values   []string // of the claim that the settings name
}

// role is what the provider's word makes of somebody; false: no member.
func (s Settings) role(c Claims) (org.Role, bool) {
	if s.Claim == "" {
		return org.Professional, true
	}
	for _, r := range s.Rules {
		if slices.Contains(c.Values, r.Value) {
			return r.Role, true
		}
	}
	return "", false
}

// Standing is what a person is to the organisation.
type Standing int

// The standings.
const (
	Stranger Standing = iota // never had a role in it
	Member                   // has one
	Former                   // had one
)

// Candidate is a person an answer may be about.
type Candidate struct {
	Person   uuid.UUID
	Standing Standing
	Proven   bool // of ByEmail: we have seen the address proved too
}

// Known is what we know when an answer arrives; nil: nobody.
type Known struct {
	Linked  *Candidate // whom the provider's subject is linked to
	ByEmail *Candidate // whose account has the address
	Asking  *Candidate // who is signed in and asked to be linked
}

// Outcome is what an answer comes to.
type Outcome struct {
	Person uuid.UUID // uuid.Nil: somebody new
	Link   bool      // the subject is linked to the person from now on
	Join   org.Role  // a role in the organisation, given if it is not held
}

// Reasons not to sign in, by the code that the page explains.
var (
	ErrNotMember     = fault.Coded(fault.Forbidden, "not-a-member", "Your organisation's sign-in does not say that you belong to it.")
	ErrFormer        = fault.Coded(fault.Forbidden, "membership-ended", "Your role in this organisation has ended. Sign in with your password.")
	ErrSignInFirst   = fault.Coded(fault.Forbidden, "sign-in-first", "Sign in with your password first, then link your organisation's account in the settings.")
	ErrLinkedToOther = fault.Coded(fault.Conflict, "linked-to-other", "This account of your organisation belongs to another person here.")
)

// Decide is the rule whom an answer signs in.
func Decide(s Settings, c Claims, k Known) (Outcome, error) {
	role, member := s.role(c)
	vouched := c.Verified && identity.PlausibleEmail(c.Email) && s.vouches(c.Email)
	switch {
	case c.Subject == "" || !member:
		return Outcome{}, ErrNotMember
	case k.Asking != nil:
		// Who asks is signed in: their own word is enough, unless somebody else gave it before.
		if k.Linked != nil && k.Linked.Person != k.Asking.Person {
			return Outcome{}, ErrLinkedToOther
		}
		return Outcome{Person: k.Asking.Person, Link: k.Linked == nil, Join: role}, nil
	case k.Linked != nil:
		// Otherwise a former employer could sign in as its former people.
		if k.Linked.Standing != Member {
			return Outcome{}, ErrFormer
		}
		return Outcome{Person: k.Linked.Person, Join: role}, nil
	case !vouched:
		return Outcome{}, ErrSignInFirst
	case k.ByEmail == nil:
		return Outcome{Link: true, Join: role}, nil
	case k.ByEmail.Standing == Former:
		return Outcome{}, ErrFormer
	case !k.ByEmail.Proven:
		// Whoever opened that account may not be whose address it is.
		return Outcome{}, ErrSignInFirst
	}
	return Outcome{Person: k.ByEmail.Person, Link: true, Join: role}, nil
}

// Newcomer is the account of somebody new. It has no password until one is set by mail.
func Newcomer(c Claims) (name, locale string) {
	name, locale = identity.TidyName(c.Name), "zh-CN"
	if identity.NameProblem(name) != "" {
		name, _, _ = strings.Cut(c.Email, "@")
	}
	if strings.HasPrefix(c.Locale, "en") {
		locale = "en"
	}
	return name, locale
}
