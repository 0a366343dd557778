// Package oidcclient talks to OpenID Connect providers: discovery, the
// authorization code flow with PKCE, and every check of what they answer
// (OpenID Connect Core 1.0, section 3.1.3.7; RFC 9207; RFC 9700). It trusts
// neither the addresses it is given nor the answers.
package oidcclient

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	goidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity/oidc"
)

// Options say whom a Client may ask. The zero value asks public addresses.
type Options struct {
	// Networks may be asked although they are private: organisations' own
	// providers in the same network. With any, http to this machine is allowed.
	Networks []netip.Prefix
	Roots    *x509.CertPool // nil: the system's
	Now      func() time.Time
}

func (o Options) tls() *tls.Config {
	return &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12}
}

// Client is the oidc.Provider over HTTP.
type Client struct {
	o    Options
	http *http.Client
	mu   sync.Mutex
	seen map[string]*known
}

// New makes a client.
func New(o Options) *Client {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Client{o: o, http: guarded(o), seen: map[string]*known{}}
}

// known is what a provider told about itself. Its keys are asked for anew
// when one is met that is not among them.
type known struct {
	*goidc.Provider
	metadata
	until time.Time
}

// metadata is what of a provider's description go-oidc leaves to us.
type metadata struct {
	SendsIssuer bool     `json:"authorization_response_iss_parameter_supported"`
	Keys        string   `json:"jwks_uri"`
	Algorithms  []string `json:"id_token_signing_alg_values_supported"`
	TokenAuth   []string `json:"token_endpoint_auth_methods_supported"`
}

const (
	keepFor  = 10 * time.Minute
	maxKnown = 1000
	// skew is how far a provider's clock and ours may be apart.
	skew = 2 * time.Minute
)

// algorithms are those of keys that only the provider has. Never "none", and
// never HS256, whose key the client knows.
var algorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// Check asks the provider about itself.
func (c *Client) Check(ctx context.Context, issuer string) error {
	c.mu.Lock()
	delete(c.seen, issuer)
	c.mu.Unlock()
	_, err := c.discover(ctx, issuer)
	return err
}

// discover is what the provider tells about itself, now or a few minutes ago.
func (c *Client) discover(ctx context.Context, issuer string) (*known, error) {
	now := c.o.Now()
	c.mu.Lock()
	k := c.seen[issuer]
	c.mu.Unlock()
	if k != nil && now.Before(k.until) {
		return k, nil
	}
	p, err := goidc.NewProvider(goidc.ClientContext(ctx, c.http), issuer)
	if err != nil {
		return nil, explain(err)
	}
	k = &known{Provider: p, until: now.Add(keepFor)}
	if err := p.Claims(&k.metadata); err != nil {
		return nil, explain(err)
	}
	if err := c.judge(k); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.seen) >= maxKnown {
		clear(c.seen)
	}
	c.seen[issuer] = k
	return k, nil
}

// judge refuses a description that we could not or must not work with.
func (c *Client) judge(k *known) error {
	for _, address := range []string{k.Endpoint().AuthURL, k.Endpoint().TokenURL, k.Keys} {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || (u.Scheme != "https" && !(u.Scheme == "http" && len(c.o.Networks) > 0 && loopback(u.Hostname()))) {
			return explain(fmt.Errorf("%w: %q in the description", errAddress, address))
		}
	}
	if len(k.Algorithms) > 0 && !slices.ContainsFunc(k.Algorithms, func(a string) bool { return slices.Contains(algorithms, a) }) {
		return fault.Coded(fault.Invalid, "provider-answer", "The provider signs with no algorithm that can be trusted here.")
	}
	return nil
}

func (c *Client) config(k *known, p oidc.Party) *oauth2.Config {
	at := k.Endpoint()
	at.AuthStyle = oauth2.AuthStyleInHeader
	// Basic is the default of the standard; some take the secret in the body alone.
	if p.Secret == "" || len(k.TokenAuth) > 0 && !slices.Contains(k.TokenAuth, "client_secret_basic") {
		at.AuthStyle = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: at, RedirectURL: p.Redirect, Scopes: []string{goidc.ScopeOpenID, "email", "profile"}}
}

// AuthURL is where the browser is sent.
func (c *Client) AuthURL(ctx context.Context, p oidc.Party, q oidc.Question) (string, error) {
	k, err := c.discover(ctx, p.Issuer)
	if err != nil {
		return "", err
	}
	return c.config(k, p).AuthCodeURL(q.State, goidc.Nonce(q.Nonce), oauth2.S256ChallengeOption(q.Verifier)), nil
}

// Exchange redeems a code, checks every part of the answer and reads it.
func (c *Client) Exchange(ctx context.Context, p oidc.Party, a oidc.Answer) (oidc.Claims, error) {
	k, err := c.discover(ctx, p.Issuer)
	if err != nil {
		return oidc.Claims{}, err
	}
	// RFC 9207: who says that it always names itself does so, or it was another one.
	if k.SendsIssuer && a.Issuer == "" || a.Issuer != "" && a.Issuer != p.Issuer {
		return oidc.Claims{}, wrong(fmt.Errorf("answer of %q", a.Issuer))
	}
	ctx = goidc.ClientContext(ctx, c.http)
	token, err := c.config(k, p).Exchange(ctx, a.Code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return oidc.Claims{}, explain(err)
	}
	raw, _ := token.Extra("id_token").(string)
	idToken, err := c.verify(ctx, k, p, raw, a.Nonce)
	if err != nil {
		return oidc.Claims{}, err
	}
	if idToken.AccessTokenHash != "" {
		if err := idToken.VerifyAccessToken(token.AccessToken); err != nil {
			return oidc.Claims{}, wrong(err)
		}
	}
	var all claims
	if err := idToken.Claims(&all); err != nil {
		return oidc.Claims{}, wrong(err)
	}
	if err := c.more(ctx, k, p, idToken.Subject, token, &all); err != nil {
		return oidc.Claims{}, err
	}
	return all.read(idToken.Subject, p.Claim), nil
}

// verify checks an ID token: signature, issuer, audience, times, nonce.
func (c *Client) verify(ctx context.Context, k *known, p oidc.Party, raw, nonce string) (*goidc.IDToken, error) {
	now := c.o.Now()
	t, err := k.Verifier(&goidc.Config{ClientID: p.ClientID, SupportedSigningAlgs: algorithms, Now: func() time.Time { return now.Add(-skew) }}).Verify(ctx, raw)
	if err != nil {
		return nil, explainToken(err)
	}
	var party struct {
		Authorized string `json:"azp"`
	}
	if err := t.Claims(&party); err != nil {
		return nil, wrong(err)
	}
	switch {
	case t.Nonce != nonce:
		return nil, wrong(fmt.Errorf("the nonce is another"))
	case t.Issuer != p.Issuer: // go-oidc lets one provider write it in two ways
		return nil, wrong(fmt.Errorf("issued by %q", t.Issuer))
	case party.Authorized != "" && party.Authorized != p.ClientID, len(t.Audience) > 1 && party.Authorized == "":
		return nil, wrong(fmt.Errorf("for %q, authorized %q", t.Audience, party.Authorized))
	case t.IssuedAt.After(now.Add(skew)):
		return nil, fault.Coded(fault.Invalid, "provider-clock", "The provider's clock and ours are more than two minutes apart.")
	case t.Subject == "" || len(t.Subject) > 255:
		return nil, wrong(fmt.Errorf("the subject has %d characters", len(t.Subject)))
	}
	return t, nil
}

// more asks for what the ID token leaves out.
func (c *Client) more(ctx context.Context, k *known, p oidc.Party, subject string, token *oauth2.Token, all *claims) error {
	if k.UserInfoEndpoint() == "" || (all.has("email") && (p.Claim == "" || all.has(p.Claim))) {
		return nil
	}
	info, err := k.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return explain(err)
	}
	if info.Subject != subject { // section 5.3.2: else it may be about somebody else
		return wrong(fmt.Errorf("user info about another subject"))
	}
	var extra claims
	if err := info.Claims(&extra); err != nil {
		return wrong(err)
	}
	all.add(extra)
	return nil
}

// claims are those of a token as they are written.
type claims map[string]json.RawMessage

func (c claims) has(name string) bool { return len(c[name]) > 0 }

// add takes what is not there. An address and whether it is proved belong
// together: they are never put together from two answers.
func (c claims) add(extra claims) {
	if !c.has("email") {
		delete(c, "email_verified")
	} else {
		delete(extra, "email_verified")
	}
	for name, value := range extra {
		if !c.has(name) {
			c[name] = value
		}
	}
}

func (c claims) text(name string) string {
	var s string
	_ = json.Unmarshal(c[name], &s) // what is no text counts as not there
	return s
}

func (c claims) read(subject, claim string) oidc.Claims {
	out := oidc.Claims{Subject: subject, Email: strings.TrimSpace(c.text("email")), Name: c.text("name"), Locale: c.text("locale")}
	_ = json.Unmarshal(c["email_verified"], &out.Verified)
	if one := c.text(claim); claim != "" && one != "" {
		out.Values = []string{one}
	} else if claim != "" {
		_ = json.Unmarshal(c[claim], &out.Values)
	}
	return out
}
