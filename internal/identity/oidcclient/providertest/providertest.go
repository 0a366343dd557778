// Package providertest starts a certified OpenID Connect provider (npm
// oidc-provider) for a test, and signs people in at it as a browser does.
package providertest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Networks are those a client must be allowed to ask.
var Networks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// The client that the provider knows.
const (
	ClientID = "hourglass"
	Secret   = "a secret of the tests, long enough"
)

// Person is whom the provider signs in.
type Person struct {
	Subject  string   `json:"sub"`
	Email    string   `json:"email,omitempty"`
	Verified bool     `json:"email_verified"`
	Name     string   `json:"name,omitempty"`
	Groups   []string `json:"groups,omitempty"`
	Refuses  bool     `json:"refuses,omitempty"`
}

// Provider is a running one.
type Provider struct {
	Issuer string
	t      testing.TB
	stop   func()
}

// Start starts a provider that sends people back to one of the addresses.
func Start(t testing.TB, back ...string) *Provider {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	dir := filepath.Join(filepath.Dir(file), "../../../../tools/oidc-provider")
	given, err := json.Marshal(map[string]any{"clients": []map[string]any{{"client_id": ClientID, "client_secret": Secret, "redirect_uris": back}}})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "server.mjs", string(given))
	cmd.Dir = dir
	var log bytes.Buffer
	cmd.Stderr = &log
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	if errIn != nil || errOut != nil {
		t.Fatal(errIn, errOut)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start the provider: %v", err)
	}
	p := &Provider{t: t}
	p.stop = func() {
		_ = in.Close() // it ends with its input
		_ = cmd.Wait()
	}
	t.Cleanup(p.Stop)
	var ready struct{ Issuer string }
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &ready)
	}
	if err != nil {
		p.Stop()
		t.Fatalf("the provider does not start (is it installed? make web): %v\n%s", err, log.String())
	}
	p.Issuer = ready.Issuer
	return p
}

// Stop ends the provider.
func (p *Provider) Stop() {
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
}

// Become changes who is signed in from now on.
func (p *Provider) Become(who Person) { p.tell(map[string]any{"person": who}) }

// Rotate changes the provider's keys.
func (p *Provider) Rotate() { p.tell(map[string]any{"rotate": true}) }

func (p *Provider) tell(order any) {
	p.t.Helper()
	body, err := json.Marshal(order)
	if err != nil {
		p.t.Fatal(err)
	}
	res, err := http.Post(p.Issuer+"/test", "application/json", bytes.NewReader(body))
	if err != nil || res.StatusCode != http.StatusNoContent {
		p.t.Fatal(res, err)
	}
	_ = res.Body.Close()
}

// Visit follows the provider's pages from the address it was asked at until it
// sends the browser away, and returns what the browser would bring back.
func (p *Provider) Visit(address string) url.Values {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	var back *url.URL
	browser := &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(r.URL.String(), p.Issuer) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	res, err := browser.Get(address)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if back == nil {
		var text bytes.Buffer
		_, _ = text.ReadFrom(res.Body)
		p.t.Fatalf("the provider keeps the browser: %d %s", res.StatusCode, text.String())
	}
	return back.Query()
}
