package httpapi_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/oidc"
)

// gatehouse is Providers that answers as it is told and notes what it was asked.
type gatehouse struct {
	httpapi.Providers
	got    oidc.Return
	asking uuid.UUID
	done   oidc.Finished
	err    error
}

func (d *gatehouse) Begin(_ context.Context, _ uuid.UUID, _ string, asking *identity.Actor, _ identity.Client) (oidc.Begun, error) {
	if d.asking = uuid.Nil; asking != nil {
		d.asking = asking.PersonID
	}
	return oidc.Begun{URL: "https://login.mill.example/auth", State: "state-of-this-tab", Browser: "kept"}, nil
}

func (d *gatehouse) Finish(_ context.Context, r oidc.Return, asking uuid.UUID, _ identity.Client) (oidc.Finished, error) {
	d.got, d.asking = r, asking
	return d.done, d.err
}

func TestComingBackFromAProviderLeadsToAPageOfOurs(t *testing.T) {
	t.Parallel()
	in := identity.SignedIn{Token: "fresh", ExpiresAt: time.Now().Add(time.Hour)}
	id := uuid.NewString()
	for _, tc := range []struct {
		name, where, problem string
		done                 oidc.Finished
		err                  error
		token                string
	}{
		{"signed in", "/learning?a=b", "", oidc.Finished{SignedIn: in, Back: "/learning?a=b"}, nil, "fresh"},
		{"signed in, to somewhere else", "/", "", oidc.Finished{SignedIn: in, Back: "//evil.example"}, nil, "fresh"},
		{"linked", "/settings", "", oidc.Finished{Linked: true, Back: "/settings"}, nil, ""},
		{"refused", "/sign-in/organisation", "membership-ended", oidc.Finished{Back: "/learning"}, oidc.ErrFormer, ""},
		{"a failure of ours", "/sign-in/organisation", "unavailable", oidc.Finished{}, errors.New("secret detail"), ""},
		{"a provider that is away", "/sign-in/organisation", "provider-away", oidc.Finished{}, &fault.Error{Kind: fault.Unavailable, Code: "provider-away"}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := &gatehouse{done: tc.done, err: tc.err}
			browser := httptestkit.New(t, httpapi.Services{Providers: d}).Anonymous()
			browser.Cookie = "hourglass_flow_state-of-thi=kept"
			a := browser.Get("/auth/organisations/" + id + "/callback?state=state-of-this-tab&code=c&iss=https%3A%2F%2Flogin.mill.example").OK(http.StatusSeeOther)
			to, err := url.Parse(a.Header.Get("Location"))
			if err != nil || to.Host != "" || to.Query().Get("problem") != tc.problem || (tc.problem == "" && to.String() != tc.where) || to.Path != before(tc.where) {
				t.Errorf("leads to %v", to)
			}
			if d.got.Browser != "kept" || d.got.Code != "c" || d.got.Issuer != "https://login.mill.example" || d.got.Org.String() != id {
				t.Errorf("brought back %+v", d.got)
			}
			if c := a.SetCookie("hourglass_session"); (c == nil) != (tc.token == "") || c != nil && (c.Value != tc.token || !c.HttpOnly) {
				t.Errorf("cookie %v", c)
			}
			if c := a.SetCookie("hourglass_flow_state-of-thi"); c == nil || c.MaxAge >= 0 {
				t.Errorf("the flow's cookie stays: %v", c)
			}
		})
	}
}

func before(where string) string {
	u, _ := url.Parse(where)
	return u.Path
}

func TestOnlyTheSignedInBeginALinkAndAnotherSiteBeginsNothing(t *testing.T) {
	t.Parallel()
	d := &gatehouse{}
	kit := httptestkit.New(t, httpapi.Services{Providers: d})
	id := uuid.NewString()
	kit.Anonymous().Post("/me/sign-in-links/"+id, map[string]any{}).Problem(401, "unauthenticated")
	kit.Anonymous().With("Sec-Fetch-Site", "cross-site").Post("/auth/organisations/"+id+"/sign-in", map[string]any{}).Problem(403, "cross-origin")
	li := &identity.Actor{PersonID: uuid.New()}
	a := kit.As(li).Post("/me/sign-in-links/"+id, map[string]any{}).OK(200)
	if c := a.SetCookie("hourglass_flow_state-of-thi"); d.asking != li.PersonID || c == nil || c.Value != "kept" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 600 {
		t.Errorf("asked for %v, cookie %v", d.asking, c)
	}
	kit.As(li).Post("/auth/organisations/"+id+"/sign-in", map[string]any{}).OK(200)
	if d.asking != uuid.Nil {
		t.Error("a sign-in becomes a link of who is signed in")
	}
}
