package httpapi_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
)

func TestTheHeadersOfEveryAnswer(t *testing.T) {
	t.Parallel()
	kit := httptestkit.With(t, httpapi.Options{PublicURL: "https://learn.example.cn", Frontend: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}})
	c := kit.Anonymous().With("Origin", "https://evil.example")
	for _, path := range []string{"/healthz", "/api/docs", "/api/v1/openapi.json", "/me", "/auth/session", "/nothing-here", "/api/v9"} {
		h := c.Get(path).Header
		policy := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy %q lacks %s", path, policy, part)
			}
		}
		if strings.Contains(policy, "unsafe-") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "strict-origin-when-cross-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=31536000; includeSubDomains",
			// Nothing of ours is another site's to read.
			"Access-Control-Allow-Origin": "", "Access-Control-Allow-Credentials": "",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
}

func TestNobodyWritesMoreThanTheFormHas(t *testing.T) {
	t.Parallel()
	d := newDoor(t, "", nil)
	me := d.signUp(t)
	for _, field := range []string{"id", "roles", "role", "memberships", "org_id", "person_id", "is_admin", "created_at", "password_hash"} {
		for _, tc := range []struct{ method, path, rest string }{
			{"PATCH", "/me", `"name":"x"`},
			{"POST", "/auth/sign-up", `"email":"b@example.cn","password":"correct horse battery","name":"b"`},
		} {
			p := me.Do(tc.method, tc.path, `{`+tc.rest+`,"`+field+`":"department_officer"}`).Problem(422, "invalid")
			if len(p.Errors) != 1 || p.Errors[0].Location != "body."+field {
				t.Errorf("%s %s with %s names %+v", tc.method, tc.path, field, p.Errors)
			}
		}
	}
	var after httpapi.Me
	if me.Get("/me").OK(200).Into(&after); after.Name != "李雷" || len(after.Roles) != 0 {
		t.Errorf("became %+v", after)
	}
}
