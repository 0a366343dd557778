package oidc

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// Settings are an organisation's provider, as kept.
type Settings struct {
	Org       org.Ref
	Lineage   []uuid.UUID // of the organisation, itself first
	Enabled   bool
	Issuer    string // exactly as the provider writes it; "": none is set
	ClientID  string
	Sealed    []byte   // the client's secret; nil: none
	Claim     string   // names what tells the role; "": everybody is a professional
	Rules     []Rule   // the first that fits counts
	Domains   []string // whose addresses the provider may vouch for, confirmed from above
	Revision  int64    // 0: never saved
	Callback  string   // where the provider sends people back to
	HasSecret bool
}

// Rule gives a role to whom the claim holds the value, alone or in a list.
type Rule struct {
	Value string   `json:"value"`
	Role  org.Role `json:"role"`
}

// Change is what a manager of the organisation may set.
type Change struct {
	Enabled  bool
	Issuer   string
	ClientID string
	Secret   *string // nil: as it was; "": none
	Claim    string
	Rules    []Rule
}

// Bounds.
const (
	MaxRules   = 20
	MaxDomains = 20
)

// given are the roles a provider's word may bring: an account at a provider
// can be taken over or made up, and officers and managers decide about others.
var given = []org.Role{org.Professional, org.Instructor}

// check tidies a change; the error names every field that is not right.
func (c Change) check(kind org.Kind, plainLoopback bool) (Change, error) {
	var bad fault.Fields
	c.Issuer, c.ClientID, c.Claim = strings.TrimSpace(c.Issuer), strings.TrimSpace(c.ClientID), strings.TrimSpace(c.Claim)
	if why := badIssuer(c.Issuer, plainLoopback); why != "" {
		bad.Add("body.issuer", "%s", why)
	}
	if c.ClientID == "" || len(c.ClientID) > 255 || !printable(c.ClientID) {
		bad.Add("body.client_id", "is required, at most 255 plain characters")
	}
	if c.Secret != nil && (len(*c.Secret) > 512 || !printable(*c.Secret)) {
		bad.Add("body.client_secret", "must be at most 512 plain characters")
	}
	if len(c.Claim) > 100 || !printable(c.Claim) {
		bad.Add("body.claim", "must be at most 100 plain characters")
	}
	switch {
	case c.Claim == "" && len(c.Rules) > 0:
		bad.Add("body.claim", "name the claim that the rules look at")
	case c.Claim != "" && len(c.Rules) == 0:
		bad.Add("body.rules", "say which values of the claim make a member")
	case len(c.Rules) > MaxRules:
		bad.Add("body.rules", "must be at most %d", MaxRules)
	}
	for i, r := range c.Rules {
		checkRule(i, r, kind, &bad)
	}
	return c, bad.Err("the provider cannot be set like this")
}

func checkRule(i int, r Rule, kind org.Kind, bad *fault.Fields) {
	if r.Value == "" || utf8.RuneCountInString(r.Value) > 200 || !utf8.ValidString(r.Value) {
		bad.Add("body.rules["+strconv.Itoa(i)+"].value", "is required, at most 200 characters")
	}
	if !slices.Contains(given, r.Role) || org.CheckRole(r.Role, kind) != nil {
		bad.Add("body.rules["+strconv.Itoa(i)+"].role", "a provider makes professionals, and instructors of institutions; officers and managers are invited")
	}
}

// badIssuer says what is wrong with an issuer's address (OpenID Connect
// Discovery 1.0, section 2: https, no query, no fragment).
func badIssuer(issuer string, plainLoopback bool) string {
	u, err := url.Parse(issuer)
	switch {
	case issuer == "" || len(issuer) > 255:
		return "is required, at most 255 characters"
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(issuer, "?#\\") || !printable(issuer):
		return "must be an address like https://login.example.cn, without a password, ? or #"
	case u.Scheme == "http" && plainLoopback && (u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost"):
		return ""
	case u.Scheme != "https":
		return "must begin with https://"
	}
	return ""
}

func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r > 0x7e })
}

// everybodys are domains in which anybody may have an address: whoever runs a
// provider for one could be anybody.
var everybodys = []string{
	"qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "sina.com", "sina.cn", "sohu.com", "139.com", "189.cn", "wo.cn", "aliyun.com", "tom.com", "21cn.com",
	"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com", "me.com", "proton.me", "protonmail.com", "gmx.com", "mail.com", "yandex.com",
}

// checkDomains tidies the domains a department confirms.
func checkDomains(domains []string) ([]string, error) {
	var bad fault.Fields
	out := []string{}
	for i, d := range domains {
		ascii := domain(d)
		suffix, _ := publicsuffix.PublicSuffix(ascii)
		switch {
		case ascii == "" || !strings.Contains(ascii, ".") || suffix == ascii:
			bad.Add("body.domains["+strconv.Itoa(i)+"]", "must be a domain like example.cn")
		case slices.Contains(everybodys, ascii):
			bad.Add("body.domains["+strconv.Itoa(i)+"]", "anybody can have an address there")
		case !slices.Contains(out, ascii):
			out = append(out, ascii)
		}
	}
	if len(domains) > MaxDomains {
		bad.Add("body.domains", "must be at most %d", MaxDomains)
	}
	return out, bad.Err("the domains cannot be confirmed like this")
}

// domain is the one form of a domain, "" for what is none.
func domain(text string) string {
	ascii, err := idna.Lookup.ToASCII(strings.ToLower(strings.TrimSpace(text)))
	if err != nil {
		return ""
	}
	return ascii
}

// vouches says whether an address lies in a domain of the provider's. A domain
// below one of them is another.
func (s Settings) vouches(email string) bool {
	at := strings.LastIndexByte(email, '@')
	if at < 1 {
		return false
	}
	d := domain(email[at+1:])
	return d != "" && slices.Contains(s.Domains, d)
}
