// Package httptestkit makes requests against the whole router in tests, as
// any actor, with the services the test is about:
//
//	kit := httptestkit.New(t, httpapi.Services{Quizzes: store})
//	learner := kit.As(&identity.Actor{PersonID: id})
//	learner.Post("/quizzes/"+quiz.String()+"/attempts", nil).OK(201).Into(&attempt)
//	kit.Anonymous().Get("/me").Problem(401, "unauthenticated")
package httptestkit

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// Kit is a router under test.
type Kit struct {
	App   *fiber.App
	t     testing.TB
	known *actors
}

// New builds the router with the given services. When Accounts is nil, sign-in
// is by As alone.
func New(t testing.TB, services httpapi.Services) *Kit {
	t.Helper()
	return With(t, httpapi.Options{Services: services})
}

// With is New with all options; the log goes to the test's output.
func With(t testing.TB, o httpapi.Options) *Kit {
	t.Helper()
	known := &actors{Accounts: o.Services.Accounts, byToken: map[string]*identity.Actor{}}
	o.Services.Accounts = known
	if o.Logger == nil {
		o.Logger = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	}
	return &Kit{App: httpapi.NewRouter(o), t: t, known: known}
}

// As is a client signed in as the actor.
func (k *Kit) As(actor *identity.Actor) *Client {
	return &Client{kit: k, Cookie: "hourglass_session=" + k.known.add(actor), Header: http.Header{}}
}

// Anonymous is a client that is not signed in.
func (k *Kit) Anonymous() *Client { return &Client{kit: k, Header: http.Header{}} }

// Client makes requests. Paths are relative to the API's base unless they
// begin with "/api/" or one of the few routes outside it.
type Client struct {
	kit    *Kit
	Cookie string
	Header http.Header // sent with every request
}

// With is the client with one more header.
func (c *Client) With(name, value string) *Client {
	d := &Client{kit: c.kit, Cookie: c.Cookie, Header: c.Header.Clone()}
	d.Header.Set(name, value)
	return d
}

// Get, Post, Put, Patch and Delete send a request; body is marshalled to JSON
// unless it is nil, a string or bytes.
func (c *Client) Get(path string) *Answer            { return c.Do(http.MethodGet, path, nil) }
func (c *Client) Post(path string, body any) *Answer { return c.Do(http.MethodPost, path, body) }
func (c *Client) Put(path string, body any) *Answer  { return c.Do(http.MethodPut, path, body) }
func (c *Client) Patch(path string, body any) *Answer {
	return c.Do(http.MethodPatch, path, body)
}
func (c *Client) Delete(path string) *Answer { return c.Do(http.MethodDelete, path, nil) }

// Do sends one request and reads the whole answer.
func (c *Client) Do(method, path string, body any) *Answer {
	t := c.kit.t
	t.Helper()
	req := httptest.NewRequest(method, absolute(path), reader(t, body))
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, values := range c.Header {
		req.Header[name] = values
	}
	if c.Cookie != "" {
		req.Header.Set("Cookie", c.Cookie)
	}
	res, err := c.kit.App.Test(req, -1)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: read the answer: %v", method, path, err)
	}
	return &Answer{t: t, what: method + " " + path, Status: res.StatusCode, Header: res.Header, Body: data, cookies: res.Cookies()}
}

func absolute(path string) string {
	for _, own := range []string{"/api/", "/healthz", "/readyz", "/metrics"} {
		if strings.HasPrefix(path, own) {
			return path
		}
	}
	return httpapi.Base + path
}

func reader(t testing.TB, body any) io.Reader {
	t.Helper()
	switch b := body.(type) {
	case nil:
		return nil
	case string:
		return strings.NewReader(b)
	case []byte:
		return bytes.NewReader(b)
	}
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatalf("marshal request: %v", err)
	}
	return bytes.NewReader(data)
}

// Answer is a whole response.
type Answer struct {
	t       testing.TB
	what    string
	cookies []*http.Cookie
	Status  int
	Header  http.Header
	Body    []byte
}

// OK fails the test unless the status is the expected one.
func (a *Answer) OK(status int) *Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("%s answered %d, want %d: %s", a.what, a.Status, status, a.Body)
	}
	return a
}

// Into decodes the JSON body.
func (a *Answer) Into(into any) *Answer {
	a.t.Helper()
	if err := json.Unmarshal(a.Body, into); err != nil {
		a.t.Fatalf("%s: decode %q: %v", a.what, a.Body, err)
	}
	return a
}

// Problem fails the test unless the answer is a problem document of the status
// and code (the last part of its type); it returns the document.
func (a *Answer) Problem(status int, code string) httpapi.ProblemDocument {
	a.t.Helper()
	a.OK(status)
	var p httpapi.ProblemDocument
	a.Into(&p)
	if ct := a.Header.Get("Content-Type"); ct != "application/problem+json" {
		a.t.Fatalf("%s: content type %q of a problem: %s", a.what, ct, a.Body)
	}
	if p.Type != "/problems/"+code || p.Status != status {
		a.t.Fatalf("%s: problem %s (%d), want /problems/%s (%d): %s", a.what, p.Type, p.Status, code, status, a.Body)
	}
	return p
}

// SetCookie is the cookie of that name the answer sets, or nil.
func (a *Answer) SetCookie(name string) *http.Cookie {
	for _, c := range a.cookies {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// actors knows the tokens that As gave out, and asks the real accounts for the rest.
type actors struct {
	httpapi.Accounts
	mu      sync.Mutex
	byToken map[string]*identity.Actor
}

func (k *actors) add(a *identity.Actor) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	token := uuid.NewString()
	k.byToken[token] = a
	return token
}

// Authenticate knows the tokens of As first.
func (k *actors) Authenticate(ctx context.Context, token string) (*identity.Actor, error) {
	k.mu.Lock()
	a := k.byToken[token]
	k.mu.Unlock()
	if a != nil || k.Accounts == nil {
		return a, nil
	}
	return k.Accounts.Authenticate(ctx, token)
}
