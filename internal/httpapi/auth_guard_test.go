package httpapi_test

import (
	"strings"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
)

func TestAnotherSiteCannotSendABrowserHere(t *testing.T) {
	t.Parallel()
	d := newDoor(t, "https://learn.example.cn", nil)
	me := d.signUp(t)
	for _, tc := range []struct {
		name, site, origin string
		passes             bool
	}{
		{"a program says nothing", "", "", true},
		{"our own page", "same-origin", "https://learn.example.cn", true},
		{"a person's own act", "none", "", true},
		{"our page behind a proxy that changes the host", "", "https://learn.example.cn", true},
		{"our page by the host it asked", "", "http://example.com", true},
		{"another site", "cross-site", "https://evil.example", false},
		{"another site without an origin", "cross-site", "", false},
		{"a neighbour's page", "same-site", "https://shop.example.cn", false},
		{"an old browser on another site", "", "https://evil.example", false},
		{"a page that hides its origin", "", "null", false},
		{"our name with another port", "", "https://learn.example.cn:8443", false},
		{"our name as a beginning", "", "https://learn.example.cn.evil.example", false},
		{"our name without its S", "", "http://learn.example.cn", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, path := range []string{"/auth/sign-in", "/auth/sign-up", "/auth/sign-out"} {
				a := sentBy(d.Anonymous(), tc.site, tc.origin).Post(path, map[string]string{"email": "x@example.cn", "password": "x"})
				if refused := a.Status == 403; refused == tc.passes {
					t.Errorf("%s answered %d: %s", path, a.Status, a.Body)
				}
				if !tc.passes {
					a.Problem(403, "cross-origin")
				}
			}
			a := sentBy(me, tc.site, tc.origin).Patch("/me", `{"name":"`+tc.name+`"}`)
			if (a.Status == 200) != tc.passes {
				t.Errorf("PATCH /me answered %d", a.Status)
			}
			sentBy(me, tc.site, tc.origin).Get("/me").OK(200)
		})
	}
}

func TestAServerThatKnowsNoAddressOfItsOwnTakesNoneForIt(t *testing.T) {
	t.Parallel()
	c := httptestkit.New(t, httpapi.Services{}).Anonymous()
	sentBy(c, "cross-site", "").Post("/auth/sign-out", nil).Problem(403, "cross-origin")
	sentBy(c, "", "https://evil.example").Post("/auth/sign-out", nil).Problem(403, "cross-origin")
	sentBy(c, "", "http://example.com").Post("/auth/sign-out", nil).OK(204)
}

func sentBy(c *httptestkit.Client, site, origin string) *httptestkit.Client {
	if site != "" {
		c = c.With("Sec-Fetch-Site", site)
	}
	if origin != "" {
		c = c.With("Origin", origin)
	}
	return c
}

func TestWhatAFormMayNotSay(t *testing.T) {
	t.Parallel()
	d := newDoor(t, "", nil)
	me := d.signUp(t)
	long := strings.Repeat("a", 300)
	for _, tc := range []struct{ name, method, path, body, place string }{
		{"an unknown field", "POST", "/auth/sign-up", `{"email":"a@example.cn","password":"correct horse cart","name":"a","admin":true}`, "body.admin"},
		{"a field in other letters", "POST", "/auth/sign-up", `{"email":"a@example.cn","password":"correct horse cart","name":"a","NAME":"b"}`, "body.NAME"},
		{"no name", "POST", "/auth/sign-up", `{"email":"a@example.cn","password":"correct horse cart"}`, "body"},
		{"a short password", "POST", "/auth/sign-up", `{"email":"a@example.cn","password":"1234567","name":"a"}`, "body.password"},
		{"a long password", "POST", "/auth/sign-up", `{"email":"a@example.cn","password":"` + long + `","name":"a"}`, "body.password"},
		{"a long address", "POST", "/auth/sign-up", `{"email":"` + long + `@example.cn","password":"correct horse cart","name":"a"}`, "body.email"},
		{"a long name", "POST", "/auth/sign-up", `{"email":"a@example.cn","password":"correct horse cart","name":"` + long + `"}`, "body.name"},
		{"a name with a zero byte", "POST", "/auth/sign-up", `{"email":"a@example.cn","password":"correct horse cart","name":"a\u0000"}`, "body.name"},
		{"a number for a name", "POST", "/auth/sign-up", `{"email":"a@example.cn","password":"correct horse cart","name":7}`, "body.name"},
		{"another language", "POST", "/auth/sign-up", `{"email":"a@example.cn","password":"correct horse cart","name":"a","locale":"fr"}`, "body.locale"},
		{"a long password to sign in", "POST", "/auth/sign-in", `{"email":"a@example.cn","password":"` + long + `"}`, "body.password"},
		{"an unknown field to sign in", "POST", "/auth/sign-in", `{"email":"a@example.cn","password":"x","remember":true}`, "body.remember"},
		{"an address of one's own to change", "PATCH", "/me", `{"email":"b@example.cn"}`, "body.email"},
		{"a blank name to change to", "PATCH", "/me", `{"name":" "}`, "body.name"},
		{"no language to change to", "PATCH", "/me", `{"locale":""}`, "body.locale"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := me.Do(tc.method, tc.path, tc.body)
			p := a.Problem(422, "invalid")
			if len(p.Errors) != 1 || p.Errors[0].Location != tc.place {
				t.Errorf("it names %s, want %s", a.Body, tc.place)
			}
			if strings.Contains(string(a.Body), "correct horse cart") || strings.Contains(string(a.Body), long) {
				t.Errorf("it repeats what was sent: %s", a.Body)
			}
		})
	}
}
