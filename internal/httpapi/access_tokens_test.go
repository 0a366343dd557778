package httpapi_test

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// keyring knows tokens by their text: "word word" holds those scopes.
type keyring struct {
	httpapi.AccessTokens
	owner *identity.Actor
}

func (k keyring) Authenticate(_ context.Context, token, _ string) (*identity.Actor, []identity.TokenScope, error) {
	if token == "wrong" {
		return nil, nil, fault.Coded(fault.Unauthenticated, "wrong-token", "no")
	}
	var scopes []identity.TokenScope
	for _, s := range strings.Fields(token) {
		scopes = append(scopes, identity.TokenScope(s))
	}
	return k.owner, scopes, nil
}

func (keyring) Create(_ context.Context, _ *identity.Actor, n identity.NewAccessToken) (identity.AccessToken, string, error) {
	return identity.AccessToken{ID: uuid.New(), Name: n.Name, Scopes: n.Scopes, CreatedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour)}, "hgt_secret", nil
}

// almighty holds every role.
func almighty() *identity.Actor {
	a := &identity.Actor{PersonID: uuid.New()}
	for _, role := range columns[1:] {
		a.Memberships = append(a.Memberships, identity.Membership{OrgID: uuid.New(), OrgKind: "personnel_department", Role: role})
	}
	return a
}

// scopeMatrix reads testdata/scopes.tsv: every operation that is open to tokens, with its scope.
func scopeMatrix(t *testing.T) map[string]string {
	t.Helper()
	file, err := os.Open("testdata/scopes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows := map[string]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if cells := strings.Split(lines.Text(), "\t"); !strings.HasPrefix(lines.Text(), "#") {
			rows[cells[0]+" "+cells[1]] = cells[2]
		}
	}
	return rows
}

// Of every operation there is: a token passes with the one scope that the
// matrix names, and with all others together it does not.
func TestEveryOperationTakesTheTokensTheMatrixSaysAndNoOthers(t *testing.T) {
	t.Parallel()
	options := httpapi.Options{Logger: slog.New(slog.DiscardHandler), Services: httpapi.Services{Study: nobodys{}, AccessTokens: keyring{owner: almighty()}}}
	_, api := httpapi.NewRouterAPI(options)
	kit := httptestkit.With(t, options)
	call := func(o operation, scopes ...string) bool {
		client := kit.Anonymous().With("Authorization", "Bearer "+strings.Join(scopes, " "))
		a := client.Do(o.method, inBraces.ReplaceAllString(o.path, uuid.NewString()), nil)
		return a.Status != http.StatusUnauthorized && a.Status != http.StatusForbidden
	}
	want, seen := scopeMatrix(t), map[string]bool{}
	for _, o := range operations(api) {
		seen[o.String()] = true
		need, listed := want[o.String()]
		var others, opens []string
		for _, s := range identity.TokenScopes {
			if string(s) != need {
				others = append(others, string(s))
			}
			if call(o, string(s)) {
				opens = append(opens, string(s))
			}
		}
		switch {
		case !listed && len(opens) > 0:
			t.Errorf("testdata/scopes.tsv has no row for what opens to tokens\n%s\t%s\t%s", o.method, o.path, strings.Join(opens, " "))
		case listed && need == "any" && len(opens) != len(identity.TokenScopes):
			t.Errorf("%s opens to %v, the matrix says to any", o, opens)
		case listed && need != "any" && (len(opens) != 1 || opens[0] != need):
			t.Errorf("%s opens to %v, the matrix says %s", o, opens, need)
		case listed && need != "any" && call(o, others...):
			t.Errorf("%s opens to all scopes but its own", o)
		}
	}
	for name := range want {
		if !seen[name] {
			t.Errorf("the matrix of scopes has a row for %s, which is no operation", name)
		}
	}
}

func TestATokenNeverDoesMoreThanItsOwnersRoles(t *testing.T) {
	t.Parallel()
	kit := httptestkit.New(t, httpapi.Services{AccessTokens: keyring{owner: actorOf(identity.Professional)}})
	kit.Anonymous().With("Authorization", "Bearer authoring").Get("/authoring/courses").Problem(403, "forbidden")
}

func TestACookieAndATokenNeverMix(t *testing.T) {
	t.Parallel()
	kit := httptestkit.New(t, httpapi.Services{Study: nobodys{}, AccessTokens: keyring{owner: almighty()}})
	browser := kit.As(almighty())
	foreign := browser.With("Sec-Fetch-Site", "cross-site").With("Origin", "https://evil.example")
	beat := "/study-sessions/" + uuid.NewString() + "/beats"
	for _, path := range []string{"/me/notes", beat} {
		foreign.Post(path, map[string]any{}).Problem(403, "cross-origin")
		// A token must not take the check of the origin away from a cookie.
		foreign.With("Authorization", "Bearer learning:write").Post(path, map[string]any{}).Problem(401, "two-credentials")
		foreign.With("Authorization", "bearer x").Post(path, map[string]any{}).Problem(401, "two-credentials")
		foreign.With("Authorization", "Basic abc").Post(path, map[string]any{}).Problem(403, "cross-origin")
	}
	browser.With("Authorization", "Bearer learning:read").Get("/me/notes").Problem(401, "two-credentials")
	// The password of a proxy in front is none of ours.
	if a := browser.With("Authorization", "Basic abc").Get("/me/access-tokens"); a.Status == 401 {
		t.Errorf("a browser behind a proxy with a password is signed out: %s", a.Body)
	}
}

func TestAProgramHearsWhatItsTokenLacks(t *testing.T) {
	t.Parallel()
	kit := httptestkit.New(t, httpapi.Services{Study: nobodys{}, AccessTokens: keyring{owner: almighty()}})
	for _, tc := range []struct{ name, token, path, challenge string }{
		{"a wrong one", "wrong", "/me", `Bearer error="invalid_token"`},
		{"a wrong one where none is needed", "wrong", "/courses", `Bearer error="invalid_token"`},
		{"one for something else", "authoring", "/me", `Bearer error="insufficient_scope"`},
		{"one for a file", "profile:read", "/media/" + uuid.NewString() + "/file", `Bearer error="insufficient_scope"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if a := kit.Anonymous().With("Authorization", "Bearer "+tc.token).Get(tc.path); a.Header.Get("WWW-Authenticate") != tc.challenge {
				t.Errorf("%d %q: %s", a.Status, a.Header.Get("WWW-Authenticate"), a.Body)
			}
		})
	}
	kit.Anonymous().Get("/me").Problem(401, "unauthenticated")
}

func TestATokenIsToldOnceAndNotKeptForARepeat(t *testing.T) {
	t.Parallel()
	kit := httptestkit.New(t, httpapi.Services{AccessTokens: keyring{}})
	var made httpapi.MadeAccessToken
	a := kit.As(almighty()).With("Idempotency-Key", "k").Post("/me/access-tokens", map[string]any{"name": "脚本", "scopes": []string{"learning:read"}, "days": 30})
	a.OK(201).Into(&made)
	if made.Token != "hgt_secret" || made.State != "live" || a.Header.Get("Idempotent-Replayed") != "" {
		t.Errorf("%+v", made)
	}
	kit.As(almighty()).Post("/me/access-tokens", map[string]any{"name": "x", "scopes": []string{"everything"}, "days": 30}).Problem(422, "invalid")
}
