package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
)

func TestTheRouterAnswersProblemsWhereverItRefuses(t *testing.T) {
	t.Parallel()
	kit := httptestkit.With(t, httpapi.Options{Frontend: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}})
	c := kit.Anonymous()
	for _, tc := range []struct {
		name, method, path, body string
		status                   int
		code                     string
	}{
		{"an unknown address of the API is not a page", "GET", "/nothing-here", "", 404, "not-found"},
		{"an unknown address outside a version too", "GET", "/api/v9", "", 404, "not-found"},
		{"posting to nowhere is not found", "POST", "/nothing-here", "{}", 404, "not-found"},
		{"a wrong method is named as such", "DELETE", "/auth/sign-in", "", 405, "method-not-allowed"},
		{"broken JSON is malformed", "POST", "/auth/sign-in", "{", 400, "malformed"},
		{"a missing body is malformed", "POST", "/auth/sign-in", "", 400, "malformed"},
		{"a body above the operation's bound is too large", "POST", "/auth/sign-in", `{"email":"` + strings.Repeat("a", 20<<10) + `"}`, 413, "too-large"},
		{"a malformed id is invalid", "GET", "/organisations/not-a-uuid", "", 422, "invalid"},
		{"an unknown query parameter is invalid", "GET", "/organisations?kinds=employer", "", 422, "invalid"},
		{"a list parameter out of its bounds is invalid", "GET", "/organisations?limit=1000", "", 422, "invalid"},
		{"what needs a person asks to sign in", "GET", "/me", "", 401, "unauthenticated"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var body any
			if tc.body != "" {
				body = tc.body
			}
			p := c.Do(tc.method, tc.path, body).Problem(tc.status, tc.code)
			if p.Instance == "" {
				t.Error("the problem does not carry the request's id")
			}
		})
	}
}

func TestValidationNamesThePlaceAndNeverEchoesTheValue(t *testing.T) {
	t.Parallel()
	a := httptestkit.New(t, httpapi.Services{}).Anonymous().Post("/auth/sign-up", `{"email":"not mail","password":"hunter2","name":"","Name":"x","locale":"fr"}`)
	p := a.Problem(http.StatusUnprocessableEntity, "invalid")
	places := map[string]bool{}
	for _, f := range p.Errors {
		places[f.Location] = true
	}
	for _, want := range []string{"body.email", "body.password", "body.name", "body.Name", "body.locale"} {
		if !places[want] {
			t.Errorf("no error names %s: %s", want, a.Body)
		}
	}
	if strings.Contains(string(a.Body), "hunter2") {
		t.Errorf("the answer echoes a password: %s", a.Body)
	}
}

func TestHeadAnswersWhereverGetDoes(t *testing.T) {
	t.Parallel()
	c := httptestkit.New(t, httpapi.Services{}).Anonymous()
	if a := c.Do("HEAD", "/healthz", nil); a.Status != 200 || len(a.Body) != 0 {
		t.Errorf("HEAD /healthz answered %d with %d bytes", a.Status, len(a.Body))
	}
	if a := c.Do("HEAD", "/me", nil); a.Status != 401 {
		t.Errorf("HEAD /me answered %d, want 401", a.Status)
	}
}
