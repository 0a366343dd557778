package identity

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// NewAccount is what a person gives to open an account.
type NewAccount struct {
	Email    string
	Password string
	Name     string
	Locale   string // "": zh-CN
}

// Account is how a person signs in.
type Account struct {
	PersonID     uuid.UUID
	Name         string
	Locale       string
	Email        string // as typed, for mail
	EmailFolded  string // what must be unique
	PasswordHash string
	CreatedAt    time.Time
	VerifiedAt   *time.Time // when mail was proved to arrive; nil: not yet
	SecondFactor bool       // there is one beside the password
}

// Profile is a person as they see themselves.
type Profile struct {
	PersonID uuid.UUID
	Name     string
	Email    string
	Locale   string
	Roles    []HeldRole
	// Verified: mail to the address was proved to arrive.
	Verified bool
	// SecondFactor: there is one beside the password.
	SecondFactor bool
	// FactorAsked: a role of theirs sleeps until there is one.
	FactorAsked bool
}

// HeldRole is one current membership with the organisation's names.
type HeldRole struct {
	Role Role
	Org  org.Ref
}

// ProfileChange changes what is not nil.
type ProfileChange struct {
	Name   *string
	Locale *string
}

// Client is where a request comes from.
type Client struct {
	Address   string
	UserAgent string
	Device    string // as a person would say it, "Chrome on Android"; "": not known
}

// SignedIn is a fresh sign-in. The token is told once and kept nowhere.
type SignedIn struct {
	Token     string
	ExpiresAt time.Time
	Profile   Profile
}

// Bounds of what a person may choose; a password's are in passwordrule.go.
const (
	MaxName  = 100
	MaxEmail = 254
)

var locales = []string{"zh-CN", "en"}

// FoldEmail is the form of an address that must be unique: two addresses that
// look or are delivered alike are one account.
func FoldEmail(email string) string {
	// Lower case can put a letter and its mark together again, and a mark taken
	// apart leaves a blank: normal form again, and the trimming last.
	lower := strings.ToLower(norm.NFKC.String(email))
	return strings.TrimSpace(norm.NFKC.String(lower))
}

// check judges a new account and returns it tidied; the error names every
// field that is not right, by its place in the request. secondFactor: its
// password is not all there will be.
func (n NewAccount) check(secondFactor bool) (NewAccount, error) {
	var bad fault.Fields
	n.Email, n.Name = strings.TrimSpace(n.Email), TidyName(n.Name)
	if n.Locale == "" {
		n.Locale = locales[0]
	}
	if !plausibleEmail(n.Email) {
		bad.Add("body.email", "is not an e-mail address")
	}
	checkPassword(n.Password, passwordFor{"body.password", n.Email, n.Name, secondFactor}, &bad)
	checkName(n.Name, &bad)
	checkLocale(n.Locale, &bad)
	return n, bad.Err("the account cannot be opened like this")
}

func (c ProfileChange) check() (ProfileChange, error) {
	var bad fault.Fields
	if c.Name != nil {
		tidied := TidyName(*c.Name)
		c.Name = &tidied
		checkName(tidied, &bad)
	}
	if c.Locale != nil {
		checkLocale(*c.Locale, &bad)
	}
	return c, bad.Err("the change is not valid")
}

// plausibleEmail accepts what mail can be sent to and nothing that carries a
// display name, a comment or an invisible character.
func plausibleEmail(email string) bool {
	if len(email) > MaxEmail || !utf8.ValidString(email) || len(FoldEmail(email)) > MaxEmail || strings.ContainsFunc(email, misleading) {
		return false
	}
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || a.Name != "" {
		return false
	}
	local, domain, ok := strings.Cut(email, "@")
	return ok && local != "" && len(local) <= 64 && domain != "" && !strings.ContainsAny(email, " \t\"")
}

func checkName(name string, bad *fault.Fields) {
	switch NameProblem(name) {
	case "missing":
		bad.Add("body.name", "is required")
	case "long":
		bad.Add("body.name", "must be at most %d characters", MaxName)
	case "marks":
		bad.Add("body.name", "must not hold control characters or marks that turn the direction of writing")
	}
}

func checkLocale(locale string, bad *fault.Fields) {
	if locale != locales[0] && locale != locales[1] {
		bad.Add("body.locale", "must be zh-CN or en")
	}
}

// TidyName makes names that look the same be the same. A tab or a line break
// within is left for checkName to refuse.
func TidyName(name string) string {
	return strings.Trim(norm.NFC.String(name), " \u3000\u00a0")
}

// misleading are characters that are not seen but change what is: controls,
// direction marks, line separators, zero-width spaces. The joiners U+200C and
// U+200D stay: some scripts are written with them.
func misleading(r rune) bool {
	switch {
	case unicode.Is(unicode.Cc, r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	case r == 0x200b, r == 0x200e, r == 0x200f, r == 0x061c, r == 0x2028, r == 0x2029, r == 0xfeff, r == utf8.RuneError:
		return true
	}
	return unicode.Is(unicode.Co, r)
}
