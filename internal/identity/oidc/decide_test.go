package oidc_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/identity/oidc"
	"github.com/hourglass-lms/hourglass/internal/org"
)

var (
	li, han = uuid.New(), uuid.New()
	mill    = oidc.Settings{Domains: []string{"mill.example", "xn--fiq228c.example"}}
	staffed = oidc.Settings{Domains: mill.Domains, Claim: "groups", Rules: []oidc.Rule{{Value: "teachers", Role: org.Instructor}, {Value: "staff", Role: org.Professional}}}
	vouched = oidc.Claims{Subject: "1", Email: "Li@Mill.Example", Verified: true}
)

func is(person uuid.UUID, standing oidc.Standing) *oidc.Candidate {
	return &oidc.Candidate{Person: person, Standing: standing, Proven: true}
}

func TestWhomAnAnswerSignsIn(t *testing.T) {
	t.Parallel()
	with := func(change func(*oidc.Claims)) oidc.Claims {
		c := vouched
		change(&c)
		return c
	}
	unproven := is(li, oidc.Stranger)
	unproven.Proven = false
	for _, tc := range []struct {
		name   string
		set    oidc.Settings
		claims oidc.Claims
		known  oidc.Known
		want   oidc.Outcome
		err    error
	}{
		{"somebody new whose address the organisation owns", mill, vouched, oidc.Known{}, oidc.Outcome{Link: true, Join: org.Professional}, nil},
		{"an address in Chinese characters", mill, with(func(c *oidc.Claims) { c.Email = "li@中文.example" }), oidc.Known{}, oidc.Outcome{Link: true, Join: org.Professional}, nil},
		{"whose address was proved here too", mill, vouched, oidc.Known{ByEmail: is(li, oidc.Stranger)}, oidc.Outcome{Person: li, Link: true, Join: org.Professional}, nil},
		{"who was linked", mill, vouched, oidc.Known{Linked: is(li, oidc.Member)}, oidc.Outcome{Person: li, Join: org.Professional}, nil},
		{"who was linked, whatever address is told now", mill, with(func(c *oidc.Claims) { c.Email = "boss@mill.example" }), oidc.Known{Linked: is(li, oidc.Member), ByEmail: is(han, oidc.Member)}, oidc.Outcome{Person: li, Join: org.Professional}, nil},
		{"who is signed in and asks", mill, with(func(c *oidc.Claims) { c.Email, c.Verified = "li@home.example", false }), oidc.Known{Asking: is(li, oidc.Stranger)}, oidc.Outcome{Person: li, Link: true, Join: org.Professional}, nil},
		{"who comes back to work there and asks", mill, vouched, oidc.Known{Asking: is(li, oidc.Former)}, oidc.Outcome{Person: li, Link: true, Join: org.Professional}, nil},
		{"the first rule that fits", staffed, with(func(c *oidc.Claims) { c.Values = []string{"x", "staff", "teachers"} }), oidc.Known{}, oidc.Outcome{Link: true, Join: org.Instructor}, nil},

		{"an address that the provider has not proved", mill, with(func(c *oidc.Claims) { c.Verified = false }), oidc.Known{ByEmail: is(li, oidc.Stranger)}, oidc.Outcome{}, oidc.ErrSignInFirst},
		{"an address elsewhere", mill, with(func(c *oidc.Claims) { c.Email = "minister@gov.example" }), oidc.Known{ByEmail: is(li, oidc.Stranger)}, oidc.Outcome{}, oidc.ErrSignInFirst},
		{"an address below", mill, with(func(c *oidc.Claims) { c.Email = "li@evil.mill.example" }), oidc.Known{}, oidc.Outcome{}, oidc.ErrSignInFirst},
		{"an address that ends alike", mill, with(func(c *oidc.Claims) { c.Email = "li@notmill.example" }), oidc.Known{}, oidc.Outcome{}, oidc.ErrSignInFirst},
		{"an address with two signs", mill, with(func(c *oidc.Claims) { c.Email = "boss@gov.example@mill.example" }), oidc.Known{}, oidc.Outcome{}, oidc.ErrSignInFirst},
		{"an address of nobody's", mill, with(func(c *oidc.Claims) { c.Email = "@mill.example" }), oidc.Known{}, oidc.Outcome{}, oidc.ErrSignInFirst},
		{"no address", mill, with(func(c *oidc.Claims) { c.Email = "" }), oidc.Known{}, oidc.Outcome{}, oidc.ErrSignInFirst},
		{"no domain was confirmed", oidc.Settings{}, vouched, oidc.Known{ByEmail: is(li, oidc.Member)}, oidc.Outcome{}, oidc.ErrSignInFirst},
		{"an account whose address was never proved here", mill, vouched, oidc.Known{ByEmail: unproven}, oidc.Outcome{}, oidc.ErrSignInFirst},
		{"somebody who left", mill, vouched, oidc.Known{Linked: is(li, oidc.Former)}, oidc.Outcome{}, oidc.ErrFormer},
		{"somebody who left, by the address", mill, vouched, oidc.Known{ByEmail: is(li, oidc.Former)}, oidc.Outcome{}, oidc.ErrFormer},
		{"an account of another person's", mill, vouched, oidc.Known{Linked: is(han, oidc.Member), Asking: is(li, oidc.Member)}, oidc.Outcome{}, oidc.ErrLinkedToOther},
		{"who is in no group", staffed, vouched, oidc.Known{}, oidc.Outcome{}, oidc.ErrNotMember},
		{"who is in no group any more", staffed, with(func(c *oidc.Claims) { c.Values = []string{"retired"} }), oidc.Known{Linked: is(li, oidc.Member)}, oidc.Outcome{}, oidc.ErrNotMember},
		{"nobody", mill, with(func(c *oidc.Claims) { c.Subject = "" }), oidc.Known{}, oidc.Outcome{}, oidc.ErrNotMember},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := oidc.Decide(tc.set, tc.claims, tc.known)
			if got != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
}

// Whatever a provider says: it signs nobody in whom neither a link, nor their
// own session, nor a proved address in a confirmed domain ties to it.
func TestAProviderSignsNobodyInWithoutATie(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		someone := func(name string) *oidc.Candidate {
			if !rapid.Bool().Draw(t, name) {
				return nil
			}
			return &oidc.Candidate{Person: uuid.New(), Standing: oidc.Standing(rapid.IntRange(0, 2).Draw(t, name+" standing")), Proven: rapid.Bool().Draw(t, name+" proven")}
		}
		k := oidc.Known{Linked: someone("linked"), ByEmail: someone("by email"), Asking: someone("asking")}
		c := oidc.Claims{Subject: rapid.SampledFrom([]string{"", "1"}).Draw(t, "sub"), Verified: rapid.Bool().Draw(t, "verified"),
			Email:  rapid.SampledFrom([]string{"", "li@mill.example", "li@gov.example", "li@a.mill.example"}).Draw(t, "email"),
			Values: rapid.SliceOf(rapid.SampledFrom([]string{"staff", "teachers", "x"})).Draw(t, "values")}
		out, err := oidc.Decide(rapid.SampledFrom([]oidc.Settings{mill, staffed, {}}).Draw(t, "settings"), c, k)
		if err != nil {
			return
		}
		tied := c.Verified && c.Email == "li@mill.example"
		switch {
		case out.Join != org.Professional && out.Join != org.Instructor:
			t.Fatalf("it makes a %q", out.Join)
		case k.Asking != nil && out.Person == k.Asking.Person:
		case k.Linked != nil && out.Person == k.Linked.Person && k.Linked.Standing == oidc.Member && k.Asking == nil:
		case k.ByEmail != nil && out.Person == k.ByEmail.Person && k.ByEmail.Proven && k.ByEmail.Standing != oidc.Former && tied:
		case out.Person == uuid.Nil && k.ByEmail == nil && k.Linked == nil && k.Asking == nil && tied:
		default:
			t.Fatalf("%+v of %+v, %+v", out, c, k)
		}
	})
}

func TestAfterSigningInOnlyOurOwnPagesAreNext(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"/learning": "/learning", "/courses/1?a=b#c": "/courses/1?a=b#c", "/学习": "/学习",
		"": "/", "learning": "/", "https://evil.example": "/", "//evil.example": "/", `/\evil.example`: "/", `\\evil.example`: "/", "/\t/evil.example": "/", "/\n/evil.example": "/",
		"/%2f/evil.example": "/", "/%2F%2Fevil.example": "/", "javascript:alert(1)": "/", "/api/v1/auth/sign-out": "/", "http:/evil.example": "/", "///evil.example": "/", " /x": "/",
	} {
		if got := oidc.Back(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}
