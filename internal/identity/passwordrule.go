package identity

import (
	"context"
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Lengths of a password (NIST SP 800-63B-4, section 3.1.1.2): 15 characters
// where it is all there is, 8 beside a second factor. Above it is bounded so
// that hashing stays cheap, not to keep anybody from a long one. What it is
// made of, and how old it is, does not count.
const (
	MinPasswordAlone = 15
	MinPassword      = 8
	MaxPassword      = 256
)

// Breached knows passwords that stood in a leak; internal/identity/breachedfile
// is one. It is asked with the password itself and must send it nowhere.
type Breached interface {
	Breached(ctx context.Context, password string) (bool, error)
}

// passwordFor is what a new password is judged by.
type passwordFor struct {
	place        string // in the request, "body.password"
	email, name  string
	secondFactor bool // there is one beside it
}

// checkPassword adds what is wrong with a new password, by what needs no list outside.
func checkPassword(password string, p passwordFor, bad *fault.Fields) {
	least := MinPasswordAlone
	if p.secondFactor {
		least = MinPassword
	}
	switch length := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password):
		bad.Add(p.place, "is not valid text")
	case length < least || length > MaxPassword:
		bad.Add(p.place, "must be %d to %d characters", least, MaxPassword)
	case plain(password, p.email, p.name):
		bad.Add(p.place, "is one of the first that would be guessed")
	}
}

//go:embed common_passwords.txt
var commonText string

var common = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for word := range strings.FieldsSeq(commonText) {
		out[word] = true
	}
	return out
})

// plain says whether a password is a common one, the person's own address or
// name, or one of those made longer by saying it again or by counting on.
func plain(password, email, name string) bool {
	bare := unit(strings.ToLower(strings.TrimSpace(password)))
	if utf8.RuneCountInString(bare) < 4 {
		return true // a few characters over and over
	}
	local, _, _ := strings.Cut(FoldEmail(email), "@")
	words := strings.TrimFunc(bare, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, form := range []string{bare, words, unit(words)} {
		if form != "" && (common()[form] || form == FoldEmail(email) || form == local || form == strings.ToLower(name)) {
			return true
		}
	}
	return counts(bare)
}

// unit is the shortest text that said again and again is the whole.
func unit(text string) string {
	runes := []rune(text)
	for n := 1; n <= len(runes)/2; n++ {
		if strings.HasPrefix(strings.Repeat(string(runes[:n]), len(runes)/n+1), text) {
			return string(runes[:n])
		}
	}
	return text
}

// counts says whether every character follows the one before, up or down: 0123…, …cba.
func counts(text string) bool {
	runes := []rune(text)
	for _, step := range []rune{1, -1} {
		all := true
		for i := 1; i < len(runes) && all; i++ {
			next := runes[i-1] + step
			all = runes[i] == next || runes[i-1] == '9' && runes[i] == '0' || runes[i-1] == '0' && runes[i] == '9'
		}
		if all {
			return true
		}
	}
	return false
}

// refuseBreached asks the list, if there is one. When it is away, a password
// of the right length is taken: nobody must wait for a list to open an account.
func (s *Accounts) refuseBreached(ctx context.Context, place, password string) error {
	if s.o.Breached == nil {
		return nil
	}
	found, err := s.o.Breached.Breached(ctx, password)
	if err != nil {
		s.o.Logger.WarnContext(ctx, "the list of leaked passwords was not asked", "error", err)
		return nil
	}
	if found {
		return fault.Coded(fault.Invalid, "password-breached", "This password stood in a leak elsewhere, and is tried first by whoever has it. Please take another.",
			fault.Field{Path: place, Message: "stood in a leak"})
	}
	return nil
}
