package httpapi_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// doorman notes where a sign-in comes from and lets nobody in.
type doorman struct {
	httpapi.Accounts
	from identity.Client
}

func (d *doorman) SignIn(_ context.Context, _, _ string, from identity.Client) (identity.SignedIn, error) {
	d.from = from
	return identity.SignedIn{}, fault.New(fault.Unauthenticated, "no")
}

// A request of httptestkit comes from 0.0.0.0.
var nextDoor = netip.MustParsePrefix("0.0.0.0/32")

func TestWhoTheClientIsIsBelievedOnlyFromTrustedProxies(t *testing.T) {
	t.Parallel()
	inner := netip.MustParsePrefix("10.0.0.0/8")
	for _, tc := range []struct {
		name, forwarded string
		trusted         []netip.Prefix
		want            string
	}{
		{"nobody is trusted", "203.0.113.9", nil, "0.0.0.0"},
		{"the proxy names the client", "203.0.113.9", []netip.Prefix{nextDoor}, "203.0.113.9"},
		{"the client wrote another before it", "198.51.100.1, 203.0.113.9", []netip.Prefix{nextDoor}, "203.0.113.9"},
		{"two proxies stand in a row", "198.51.100.1, 203.0.113.9, 10.1.2.3", []netip.Prefix{nextDoor, inner}, "203.0.113.9"},
		{"an inner proxy that is not trusted is the client", "203.0.113.9, 10.1.2.3", []netip.Prefix{nextDoor}, "10.1.2.3"},
		{"the client wrote nonsense", "nonsense, 203.0.113.9", []netip.Prefix{nextDoor}, "203.0.113.9"},
		{"the proxy wrote nonsense", "203.0.113.9, nonsense", []netip.Prefix{nextDoor}, "0.0.0.0"},
		{"the proxy wrote nothing", "", []netip.Prefix{nextDoor}, "0.0.0.0"},
		{"IPv4 within IPv6", "::ffff:203.0.113.9", []netip.Prefix{nextDoor}, "203.0.113.9"},
		{"IPv6", "2001:db8::7", []netip.Prefix{nextDoor}, "2001:db8::7"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := &doorman{}
			kit := httptestkit.With(t, httpapi.Options{Services: httpapi.Services{Accounts: d}, TrustedProxies: tc.trusted})
			kit.Anonymous().With("X-Forwarded-For", tc.forwarded).Post("/auth/sign-in", li).OK(401)
			if d.from.Address != tc.want {
				t.Errorf("the client is %q, want %q", d.from.Address, tc.want)
			}
		})
	}
}

func TestABrowsersNameIsCutToWhatIsKept(t *testing.T) {
	t.Parallel()
	d := &doorman{}
	kit := httptestkit.New(t, httpapi.Services{Accounts: d})
	for sent, want := range map[string]string{
		"Firefox": "Firefox", strings.Repeat("火", 500): strings.Repeat("火", 400), "Fire\xfffox": "Firefox", "": "",
	} {
		kit.Anonymous().With("User-Agent", sent).Post("/auth/sign-in", li).OK(401)
		if d.from.UserAgent != want {
			t.Errorf("%q is kept as %q", sent, d.from.UserAgent)
		}
	}
}

func TestARequestHasOneIDThatOnlyAProxyMayGive(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, given string
		trusted     []netip.Prefix
		kept        bool
	}{
		{"a proxy's", "req-0123456789", []netip.Prefix{nextDoor}, true},
		{"a stranger's", "req-0123456789", nil, false},
		{"one too short", "abc", []netip.Prefix{nextDoor}, false},
		{"one too long", strings.Repeat("a", 65), []netip.Prefix{nextDoor}, false},
		{"one that would break the log", "abcdefgh\tlevel=ERROR", []netip.Prefix{nextDoor}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			kit := httptestkit.With(t, httpapi.Options{TrustedProxies: tc.trusted})
			a := kit.Anonymous().With("X-Request-Id", tc.given).Get("/me")
			id := a.Header.Get("X-Request-Id")
			if p := a.Problem(401, "unauthenticated"); p.Instance != id || len(id) < 8 || (id == tc.given) != tc.kept {
				t.Errorf("the request is %q, its problem %q", id, p.Instance)
			}
		})
	}
}
