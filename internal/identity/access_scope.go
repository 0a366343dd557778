package identity

import (
	"slices"
	"strings"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// TokenScope is what the owner of an access token lets it do. A token never does
// more than its owner's roles allow at that moment.
type TokenScope string

// The scopes.
const (
	ProfileRead   TokenScope = "profile:read"
	LearningRead  TokenScope = "learning:read"
	LearningWrite TokenScope = "learning:write"
	Authoring     TokenScope = "authoring"
	Reviewing     TokenScope = "review"
	PeopleRead    TokenScope = "people:read"
	PeopleWrite   TokenScope = "people:write"
)

// TokenScopes are all, in the order they are shown.
var TokenScopes = []TokenScope{ProfileRead, LearningRead, LearningWrite, Authoring, Reviewing, PeopleRead, PeopleWrite}

// anyScope opens an operation to every token: what it answers is public.
const anyScope TokenScope = "any"

// opening lets tokens of a scope call the operations of a right.
type opening struct {
	right Right
	reads bool   // GET, else every other method
	path  string // begins the operation's path; "": any path
	scope TokenScope
}

// openings is the only place where an operation is opened to access tokens;
// what no row fits is closed to them. The right Own covers the account itself
// (tokens, passwords, factors, privacy) and so is opened path by path, by the
// whole path or whole first parts of it, while what a role gives is opened as a whole.
var openings = []opening{
	{Public, true, "/organisations", anyScope}, {Public, true, "/fields", anyScope}, {Public, true, "/courses", anyScope},
	{Public, true, "/certificates", anyScope}, {Public, true, "/ledger", anyScope}, {Public, true, "/media", anyScope}, {Public, true, "/segments", anyScope},
	{Own, true, "=/me", ProfileRead},
	{Own, true, "/me/hours", LearningRead}, {Own, true, "/me/certificates", LearningRead}, {Own, true, "/me/enrolments", LearningRead},
	{Own, true, "/me/notes", LearningRead}, {Own, true, "/me/study-sessions", LearningRead}, {Own, true, "/enrolments", LearningRead},
	{Own, true, "/lessons", LearningRead}, {Own, true, "/quizzes", LearningRead}, {Own, true, "/attempts", LearningRead}, {Own, true, "/media", Authoring},
	{Own, false, "/attempts", LearningWrite}, {Own, false, "/me/notes", LearningWrite},
	{Learn, true, "", LearningRead}, {Learn, false, "", LearningWrite},
	{Author, true, "", Authoring}, {Author, false, "", Authoring}, {Submit, true, "/authoring", Authoring}, {Submit, false, "/authoring", Authoring},
	{Review, true, "", Reviewing}, {Review, false, "", Reviewing},
	{Oversee, true, "", PeopleRead}, {SeePeople, true, "", PeopleRead},
	{ManageMembers, true, "/organisations", PeopleRead}, {ManageMembers, false, "/organisations", PeopleWrite},
	{Assign, true, "", PeopleRead}, {Assign, false, "", PeopleWrite},
}

// closed are paths that no row may open, whatever their right: who can sign
// in, and how, is decided by the person and not by a program, and a list of
// people is taken in by somebody who has read what is wrong with its rows.
var closed = []string{"sign-in", "access-tokens", "password", "factor", "passkey", "recovery", "staff-import"}

// covers says whether a row fits an operation's path.
func (o opening) covers(path string) bool {
	if whole, exact := strings.CutPrefix(o.path, "="); exact {
		return path == whole
	}
	return o.path == "" || path == o.path || strings.HasPrefix(path, o.path+"/")
}

// ScopeOf is what an access token needs to call an operation, its path as the
// description writes it ("/me/notes/{id}"); false: no token may call it.
func ScopeOf(right Right, method, path string) (TokenScope, bool) {
	if slices.ContainsFunc(closed, func(word string) bool { return strings.Contains(path, word) }) {
		return "", false
	}
	reads := method == "GET" || method == "HEAD"
	i := slices.IndexFunc(openings, func(o opening) bool { return o.right == right && o.reads == reads && o.covers(path) })
	if i < 0 {
		return "", false
	}
	return openings[i].scope, true
}

// RequireScope checks that a token of these scopes may call an operation.
func RequireScope(held []TokenScope, right Right, method, path string) error {
	need, open := ScopeOf(right, method, path)
	switch {
	case !open:
		return fault.Coded(fault.Forbidden, "closed-to-tokens", "Access tokens cannot do this; sign in to do it.")
	case need != anyScope && !slices.Contains(held, need):
		return fault.Coded(fault.Forbidden, "insufficient-scope", "This token was not given the scope "+string(need)+".")
	}
	return nil
}
