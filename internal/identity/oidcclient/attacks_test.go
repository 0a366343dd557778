package oidcclient_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/hourglass-lms/hourglass/internal/identity/oidc"
	"github.com/hourglass-lms/hourglass/internal/identity/oidcclient"
	"github.com/hourglass-lms/hourglass/internal/identity/oidcclient/providertest"
)

// liar is a provider that answers as it is told.
type liar struct {
	*httptest.Server
	key      *ecdsa.PrivateKey
	describe map[string]any // what its description says otherwise
	claims   map[string]any // what its ID token says otherwise
	sign     func(payload []byte) string
	info     map[string]any // its user info
}

func newLiar(t *testing.T) *liar {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	l := &liar{key: key}
	l.sign = func(payload []byte) string { return signed(t, jose.ES256, key, payload) }
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) { l.say(w, l.description(), l.describe) })
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		l.say(w, map[string]any{"keys": []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k", Algorithm: "ES256", Use: "sig"}}}, nil)
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) {
		payload := map[string]any{"iss": l.URL, "aud": providertest.ClientID, "sub": "1", "nonce": question.Nonce, "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "email": "li@mill.example", "email_verified": true}
		maps.Copy(payload, l.claims)
		maps.DeleteFunc(payload, func(_ string, v any) bool { return v == nil })
		text, _ := json.Marshal(payload)
		l.say(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": l.sign(text)}, nil)
	})
	mux.HandleFunc("/info", func(w http.ResponseWriter, _ *http.Request) { l.say(w, l.info, nil) })
	l.Server = httptest.NewServer(mux)
	t.Cleanup(l.Close)
	return l
}

func (l *liar) description() map[string]any {
	return map[string]any{"issuer": l.URL, "authorization_endpoint": l.URL + "/auth", "token_endpoint": l.URL + "/token", "jwks_uri": l.URL + "/keys", "userinfo_endpoint": l.URL + "/info"}
}

func (l *liar) say(w http.ResponseWriter, body, otherwise map[string]any) {
	maps.Copy(body, otherwise)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

func signed(t *testing.T, alg jose.SignatureAlgorithm, key any, payload []byte) string {
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: "k"}}, nil)
	if err != nil {
		t.Error(err)
		return ""
	}
	o, err := s.Sign(payload)
	if err != nil {
		t.Error(err)
		return ""
	}
	text, _ := o.CompactSerialize()
	return text
}

func plain(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func TestAnAnswerThatIsNotRightSignsNobodyIn(t *testing.T) {
	t.Parallel()
	ago, ahead := time.Now().Add(-10*time.Minute).Unix(), time.Now().Add(10*time.Minute).Unix()
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name  string
		tweak func(*liar)
		want  string
	}{
		{"as it should be", func(*liar) {}, ""},
		{"clocks that are a little apart", func(l *liar) {
			l.claims = map[string]any{"exp": time.Now().Add(-time.Minute).Unix(), "iat": time.Now().Add(time.Minute).Unix()}
		}, ""},
		{"another nonce", func(l *liar) { l.claims = map[string]any{"nonce": "other"} }, "provider-answer"},
		{"no nonce", func(l *liar) { l.claims = map[string]any{"nonce": nil} }, "provider-answer"},
		{"for another client", func(l *liar) { l.claims = map[string]any{"aud": "other"} }, "provider-answer"},
		{"for us and another, who asked", func(l *liar) {
			l.claims = map[string]any{"aud": []string{"other", providertest.ClientID}, "azp": "other"}
		}, "provider-answer"},
		{"for two without saying who asked", func(l *liar) { l.claims = map[string]any{"aud": []string{"other", providertest.ClientID}} }, "provider-answer"},
		{"of another issuer", func(l *liar) { l.claims = map[string]any{"iss": "https://evil.example"} }, "provider-answer"},
		{"expired", func(l *liar) { l.claims = map[string]any{"exp": ago} }, "provider-clock"},
		{"from the future", func(l *liar) { l.claims = map[string]any{"iat": ahead} }, "provider-clock"},
		{"about nobody", func(l *liar) { l.claims = map[string]any{"sub": ""} }, "provider-answer"},
		{"unsigned", func(l *liar) {
			l.sign = func(p []byte) string { return plain(`{"alg":"none"}`) + "." + plain(string(p)) + "." }
		}, "provider-answer"},
		{"signed with the client's secret", func(l *liar) {
			l.describe = map[string]any{"id_token_signing_alg_values_supported": []string{"HS256", "ES256"}}
			l.sign = func(p []byte) string { return signed(t, jose.HS256, []byte(providertest.Secret), p) }
		}, "provider-answer"},
		{"signed with the public key as a secret", func(l *liar) {
			l.sign = func(p []byte) string {
				return signed(t, jose.HS256, append(l.key.X.Bytes(), l.key.Y.Bytes()...), p)
			}
		}, "provider-answer"},
		{"signed by somebody else", func(l *liar) { l.sign = func(p []byte) string { return signed(t, jose.ES256, stranger, p) } }, "provider-answer"},
		{"changed after it was signed", func(l *liar) {
			l.sign = func(p []byte) string {
				parts := strings.Split(signed(t, jose.ES256, l.key, p), ".")
				return parts[0] + "." + plain(strings.Replace(string(p), `"sub":"1"`, `"sub":"2"`, 1)) + "." + parts[2]
			}
		}, "provider-answer"},
		{"no token at all", func(l *liar) { l.sign = func([]byte) string { return "" } }, "provider-answer"},
		{"user info about somebody else", func(l *liar) {
			l.claims, l.info = map[string]any{"email": nil}, map[string]any{"sub": "2", "email": "boss@mill.example", "email_verified": true}
		}, "provider-answer"},
		{"a description of somebody else", func(l *liar) { l.describe = map[string]any{"issuer": "https://good.example"} }, "provider-issuer"},
		{"an endpoint without TLS elsewhere", func(l *liar) { l.describe = map[string]any{"token_endpoint": "http://192.0.2.1/token"} }, "provider-address"},
		{"a sign-in page that is a script", func(l *liar) { l.describe = map[string]any{"authorization_endpoint": "javascript:alert(1)"} }, "provider-address"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			l := newLiar(t)
			tc.tweak(l)
			c := oidcclient.New(oidcclient.Options{Networks: providertest.Networks})
			party := oidc.Party{Issuer: l.URL, ClientID: providertest.ClientID, Secret: providertest.Secret, Redirect: back}
			got, err := c.Exchange(t.Context(), party, oidc.Answer{Code: "c", Nonce: question.Nonce, Verifier: question.Verifier})
			if code(err) != tc.want || (err == nil) != (tc.want == "") {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
}

// An address and whether it is proved come from one answer.
func TestAnAddressIsNotProvedByAnotherAnswer(t *testing.T) {
	t.Parallel()
	l := newLiar(t)
	l.claims = map[string]any{"email": nil, "email_verified": true}
	l.info = map[string]any{"sub": "1", "email": "boss@mill.example"}
	c := oidcclient.New(oidcclient.Options{Networks: providertest.Networks})
	party := oidc.Party{Issuer: l.URL, ClientID: providertest.ClientID, Redirect: back}
	got, err := c.Exchange(t.Context(), party, oidc.Answer{Code: "c", Nonce: question.Nonce, Verifier: question.Verifier})
	if err != nil || got.Email != "boss@mill.example" || got.Verified {
		t.Errorf("%+v %v", got, err)
	}
}

func TestAnAddressWithinOurNetworkIsNotAsked(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	inside := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(inside.Close)
	port := inside.URL[strings.LastIndexByte(inside.URL, ':'):]
	c := oidcclient.New(oidcclient.Options{})
	for _, issuer := range []string{
		"https://127.0.0.1" + port, "https://localhost" + port, "https://[::1]" + port, "https://[::ffff:127.0.0.1]" + port, "https://0.0.0.0" + port, "https://127.1" + port,
		"https://10.0.0.1", "https://169.254.169.254", "https://192.168.1.1", "https://172.16.0.1", "https://100.64.0.1", "https://[fe80::1]", "https://[fd00::1]",
		"https://[64:ff9b::7f00:1]" + port, "https://[2002:7f00:1::]", "http://example.com", "file:///etc/passwd", "gopher://127.0.0.1" + port,
	} {
		if err := c.Check(t.Context(), issuer); err == nil || code(err) == "" {
			t.Errorf("%s: %v", issuer, err)
		} else if code(err) == "provider-away" && !strings.Contains(issuer, "127.1") {
			t.Errorf("%s was dialled: %v", issuer, err)
		}
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("a server inside was asked %d times", n)
	}
}

func TestAProviderCannotSendUsElsewhereOrFillTheMemory(t *testing.T) {
	t.Parallel()
	var inside atomic.Int32
	secret := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { inside.Add(1) }))
	t.Cleanup(secret.Close)
	c := oidcclient.New(oidcclient.Options{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	for _, tc := range []struct {
		name, want string
		answer     http.HandlerFunc
	}{
		{"by a redirect", "provider-address", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, secret.URL, http.StatusFound)
		}},
		{"by an endless answer", "provider-away", func(w http.ResponseWriter, _ *http.Request) {
			for range 40 {
				_, _ = fmt.Fprint(w, strings.Repeat(" ", 64<<10))
			}
		}},
		{"by a page instead of a description", "provider-away", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<html>") }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := httptest.NewServer(tc.answer)
			t.Cleanup(s.Close)
			if err := c.Check(t.Context(), s.URL); code(err) != tc.want {
				t.Errorf("%v", err)
			}
		})
	}
	if n := inside.Load(); n > 0 {
		t.Errorf("the redirect was followed %d times", n)
	}
}
