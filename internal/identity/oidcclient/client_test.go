package oidcclient_test

import (
	"testing"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity/oidc"
	"github.com/hourglass-lms/hourglass/internal/identity/oidcclient"
	"github.com/hourglass-lms/hourglass/internal/identity/oidcclient/providertest"
)

const back = "http://127.0.0.1:1/callback"

// question is what a browser takes along; the verifier is as long as RFC 7636 wants it.
var question = oidc.Question{State: "state", Nonce: "nonce", Verifier: "0123456789-0123456789-0123456789-0123456789"}

func code(err error) string {
	if e, ok := fault.Of(err); ok {
		return e.Code
	}
	return ""
}

func signIn(t *testing.T, c *oidcclient.Client, p *providertest.Provider, party oidc.Party, a oidc.Answer) (oidc.Claims, error) {
	t.Helper()
	address, err := c.AuthURL(t.Context(), party, question)
	if err != nil {
		t.Fatal(err)
	}
	q := p.Visit(address)
	if q.Get("state") != question.State || q.Get("iss") != p.Issuer {
		t.Fatalf("brought back %v", q)
	}
	a.Code = q.Get("code")
	return c.Exchange(t.Context(), party, a)
}

func TestSigningInAtACertifiedProvider(t *testing.T) {
	t.Parallel()
	p := providertest.Start(t, back)
	c := oidcclient.New(oidcclient.Options{Networks: providertest.Networks})
	party := oidc.Party{Issuer: p.Issuer, ClientID: providertest.ClientID, Secret: providertest.Secret, Redirect: back, Claim: "groups"}
	right := oidc.Answer{Issuer: p.Issuer, Nonce: question.Nonce, Verifier: question.Verifier}
	p.Become(providertest.Person{Subject: "w-17", Email: "li@mill.example", Verified: true, Name: "李雷", Groups: []string{"staff", "mill"}})

	got, err := signIn(t, c, p, party, right)
	if err != nil || got.Subject != "w-17" || got.Email != "li@mill.example" || !got.Verified || got.Name != "李雷" || len(got.Values) != 2 {
		t.Fatalf("%+v %v", got, err)
	}
	t.Run("and again after it changed its keys", func(t *testing.T) {
		p.Rotate()
		if got, err := signIn(t, c, p, party, right); err != nil || got.Subject != "w-17" {
			t.Errorf("%+v %v", got, err)
		}
	})
	for _, tc := range []struct {
		name   string
		change func(*oidc.Party, *oidc.Answer)
		want   string
	}{
		{"a code that another browser asked for", func(_ *oidc.Party, a *oidc.Answer) { a.Verifier = "9876543210-9876543210-9876543210-9876543210" }, "provider-refused"},
		{"an answer to another question", func(_ *oidc.Party, a *oidc.Answer) { a.Nonce = "of another browser" }, "provider-answer"},
		{"an answer of another provider", func(_ *oidc.Party, a *oidc.Answer) { a.Issuer = "https://evil.example" }, "provider-answer"},
		{"an answer whose provider is left out", func(_ *oidc.Party, a *oidc.Answer) { a.Issuer = "" }, "provider-answer"},
		{"a wrong secret", func(p *oidc.Party, _ *oidc.Answer) { p.Secret = "wrong" }, "provider-refused"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			other, answer := party, right
			tc.change(&other, &answer)
			if got, err := signIn(t, c, p, other, answer); code(err) != tc.want {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
	t.Run("a code is redeemed once", func(t *testing.T) {
		address, err := c.AuthURL(t.Context(), party, question)
		if err != nil {
			t.Fatal(err)
		}
		a := right
		a.Code = p.Visit(address).Get("code")
		if _, err := c.Exchange(t.Context(), party, a); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Exchange(t.Context(), party, a); code(err) != "provider-refused" {
			t.Errorf("again: %v", err)
		}
	})
	t.Run("and it says so when the provider is down", func(t *testing.T) {
		p.Stop()
		if err := c.Check(t.Context(), p.Issuer); code(err) != "provider-away" || fault.KindOf(err) != fault.Unavailable {
			t.Error(err)
		}
	})
}
