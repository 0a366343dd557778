package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
)

// person is somebody at the API, whose requests go to the given servers in turn.
type person struct {
	t     *testing.T
	bases []string
	next  int
	http  *http.Client
	// sources are the hosts that segments came from in the end.
	sources map[string]bool
}

// obj is any JSON object.
type obj = map[string]any

func newPerson(t *testing.T, bases ...string) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t: t, bases: bases, http: &http.Client{Jar: jar}, sources: map[string]bool{}}
}

func signedIn(t *testing.T, email, password string, bases ...string) *person {
	t.Helper()
	p := newPerson(t, bases...)
	p.post("/auth/sign-in", obj{"email": email, "password": password}, http.StatusOK)
	return p
}

func (p *person) base() string {
	p.next++
	return p.bases[p.next%len(p.bases)]
}

// raw sends a request and gives the answer whole.
func (p *person) raw(method, path, contentType string, body []byte, headers ...string) (*http.Response, []byte) {
	p.t.Helper()
	res, data, err := p.ask(method, path, contentType, body, headers...)
	if err != nil {
		p.t.Fatal(err)
	}
	return res, data
}

// ask is raw where the connection may break.
func (p *person) ask(method, path, contentType string, body []byte, headers ...string) (*http.Response, []byte, error) {
	address := path
	if !strings.HasPrefix(path, "http") {
		if !strings.HasPrefix(path, "/api") {
			path = "/api/v1" + path
		}
		address = p.base() + path
	}
	req, err := http.NewRequestWithContext(p.t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := p.http.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	return res, data, err
}

func (p *person) call(method, path string, body any, want int, headers ...string) (obj, *http.Response) {
	p.t.Helper()
	var data []byte
	contentType := ""
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			p.t.Fatal(err)
		}
		contentType = "application/json"
	}
	res, answer := p.raw(method, path, contentType, data, headers...)
	if res.StatusCode != want {
		p.t.Fatalf("%s %s answered %d, want %d: %s", method, path, res.StatusCode, want, answer)
	}
	out := obj{}
	if len(answer) > 0 && strings.Contains(res.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(answer, &out); err != nil {
			p.t.Fatalf("%s %s: %v in %s", method, path, err, answer)
		}
	}
	return out, res
}

func (p *person) get(path string) obj {
	p.t.Helper()
	out, _ := p.call(http.MethodGet, path, nil, http.StatusOK)
	return out
}

func (p *person) post(path string, body any, want int) obj {
	p.t.Helper()
	out, _ := p.call(http.MethodPost, path, body, want)
	return out
}

// refused expects a problem document of a code.
func (p *person) refused(method, path string, body any, status int, code string, headers ...string) obj {
	p.t.Helper()
	out, res := p.call(method, path, body, status, headers...)
	if out["type"] != "/problems/"+code || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
		p.t.Fatalf("%s %s: %v, want %s", method, path, out, code)
	}
	return out
}

// at walks into an answer: at(o, "chapters", 0, "lessons").
func at[T any](t *testing.T, o any, steps ...any) T {
	t.Helper()
	for i, s := range steps {
		switch s := s.(type) {
		case string:
			m, ok := o.(obj)
			if !ok {
				t.Fatalf("%v of %v is no object", steps[:i+1], o)
			}
			o = m[s]
		case int:
			l, ok := o.([]any)
			if !ok || len(l) <= s {
				t.Fatalf("%v: no item %d in %v", steps, s, o)
			}
			o = l[s]
		}
	}
	v, ok := o.(T)
	if !ok {
		t.Fatalf("%v is %v (%T)", steps, o, o)
	}
	return v
}

func query(text string) string { return url.QueryEscape(text) }

func str(v any) string { return fmt.Sprint(v) }
