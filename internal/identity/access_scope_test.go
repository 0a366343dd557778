package identity_test

import (
	"testing"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

func TestWhatATokenMayCall(t *testing.T) {
	t.Parallel()
	all := identity.TokenScopes
	only := func(s ...identity.TokenScope) []identity.TokenScope { return s }
	for _, tc := range []struct {
		name         string
		held         []identity.TokenScope
		right        identity.Right
		method, path string
		want         string
	}{
		{"what is public needs no scope", nil, identity.Public, "GET", "/courses/{id}", ""},
		{"nobody signs in with a token", all, identity.Public, "POST", "/auth/sign-in", "closed-to-tokens"},
		{"the profile is read", only(identity.ProfileRead), identity.Own, "GET", "/me", ""},
		{"but not changed", all, identity.Own, "PATCH", "/me", "closed-to-tokens"},
		{"a part of the account nobody opened is closed", all, identity.Own, "GET", "/me/export", "closed-to-tokens"},
		{"a token makes no tokens", all, identity.Own, "POST", "/me/access-tokens", "closed-to-tokens"},
		{"nor lists them", all, identity.Own, "GET", "/me/access-tokens", "closed-to-tokens"},
		{"what decides how people sign in is closed whatever its right", all, identity.ManageMembers, "PUT", "/organisations/{id}/sign-in-provider", "closed-to-tokens"},
		{"no part of importing people is open", all, identity.ManageMembers, "POST", "/organisations/{id}/staff-imports", "closed-to-tokens"},
		{"while they are invited", only(identity.PeopleWrite), identity.ManageMembers, "POST", "/organisations/{id}/invitations", ""},
		{"reading takes the scope of reading", only(identity.LearningRead), identity.Own, "GET", "/me/hours", ""},
		{"a path that begins alike is another", all, identity.Own, "GET", "/me/hours-of-others", "closed-to-tokens"},
		{"a reader does not study", only(identity.LearningRead), identity.Learn, "POST", "/study-sessions", "insufficient-scope"},
		{"a writer does", only(identity.LearningWrite), identity.Learn, "POST", "/study-sessions", ""},
		{"a flag is not decided by a program", all, identity.Judge, "POST", "/integrity-flags/{id}/decision", "closed-to-tokens"},
		{"a right nobody knows is closed", all, "rule", "GET", "/me", "closed-to-tokens"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code := ""
			if e, ok := fault.Of(identity.RequireScope(tc.held, tc.right, tc.method, tc.path)); ok {
				code = e.Code
			}
			if code != tc.want {
				t.Errorf("%q, want %q", code, tc.want)
			}
		})
	}
}
