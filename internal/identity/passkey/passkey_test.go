package passkey_test

import (
	"net/url"
	"testing"

	"github.com/descope/virtualwebauthn"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/passkey"
)

// device is a browser with an authenticator.
type device struct {
	t    *testing.T
	site virtualwebauthn.RelyingParty
	auth virtualwebauthn.Authenticator
	cred virtualwebauthn.Credential
}

func newDevice(t *testing.T, origin, id string, u identity.PasskeyUser) *device {
	d := &device{t: t, site: virtualwebauthn.RelyingParty{Name: "Hourglass", ID: id, Origin: origin}, cred: virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
	d.auth = virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: u.Person[:]})
	return d
}

func (d *device) makes(options []byte) []byte {
	o, err := virtualwebauthn.ParseAttestationOptions(string(options))
	if err != nil {
		d.t.Fatal(err)
	}
	d.auth.AddCredential(d.cred)
	return []byte(virtualwebauthn.CreateAttestationResponse(d.site, d.auth, d.cred, *o))
}

func (d *device) answers(options []byte) []byte {
	o, err := virtualwebauthn.ParseAssertionOptions(string(options))
	if err != nil {
		d.t.Fatal(err)
	}
	d.cred.Counter++
	return []byte(virtualwebauthn.CreateAssertionResponse(d.site, d.auth, d.cred, *o))
}

func keysFor(t *testing.T, address string) *passkey.Keys {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	k, err := passkey.New(u)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

const home = "https://learn.example.cn"

func registered(t *testing.T, k *passkey.Keys, d *device, u identity.PasskeyUser) identity.PasskeyUser {
	t.Helper()
	options, session, err := k.BeginRegistration(u)
	if err != nil {
		t.Fatal(err)
	}
	_, record, err := k.FinishRegistration(u, session, d.makes(options))
	if err != nil {
		t.Fatal(err)
	}
	u.Records = append(u.Records, record)
	return u
}

func TestAPasskeySignsItsOwnerIn(t *testing.T) {
	t.Parallel()
	k := keysFor(t, home)
	u := identity.PasskeyUser{Person: uuid.New(), Email: "li@example.cn", Name: "李雷"}
	d := newDevice(t, home, "learn.example.cn", u)
	u = registered(t, k, d, u)
	for name, asked := range map[string]*identity.PasskeyUser{"beside the password": &u, "alone": nil} {
		options, session, err := k.BeginAssertion(asked)
		if err != nil {
			t.Fatal(err)
		}
		response := d.answers(options)
		find := func(handle []byte) (identity.PasskeyUser, error) {
			if string(handle) != string(u.Person[:]) {
				t.Errorf("asked for %x", handle)
			}
			return u, nil
		}
		got, err := k.FinishAssertion(asked, session, response, find)
		if err != nil || got.Person != u.Person || len(got.Record) == 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		// Another ceremony's answer is none.
		_, other, err := k.BeginAssertion(asked)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.FinishAssertion(asked, other, response, find); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: an old answer was taken: %v", name, err)
		}
	}
}

func TestAPasskeyOfAnotherSiteOrPersonIsRefused(t *testing.T) {
	t.Parallel()
	k := keysFor(t, home)
	u := identity.PasskeyUser{Person: uuid.New(), Email: "li@example.cn", Name: "李雷"}
	for name, d := range map[string]*device{
		"another origin":            newDevice(t, "https://learn.example.cn.evil.example", "learn.example.cn", u),
		"another domain's passkeys": newDevice(t, home, "evil.example", u),
	} {
		options, session, err := k.BeginRegistration(u)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := k.FinishRegistration(u, session, d.makes(options)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s was registered: %v", name, err)
		}
	}
	mine := newDevice(t, home, "learn.example.cn", u)
	u = registered(t, k, mine, u)
	options, session, err := k.BeginAssertion(&u)
	if err != nil {
		t.Fatal(err)
	}
	stranger := newDevice(t, home, "learn.example.cn", identity.PasskeyUser{Person: uuid.New()})
	if _, err := k.FinishAssertion(&u, session, stranger.answers(options), nil); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a stranger's passkey was taken: %v", err)
	}
	for _, nonsense := range []string{"", "{}", "null", `{"id":"x"}`} {
		if _, err := k.FinishAssertion(&u, session, []byte(nonsense), nil); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", nonsense, err)
		}
	}
}

func TestACopiedPasskeyIsRefused(t *testing.T) {
	t.Parallel()
	k := keysFor(t, home)
	u := identity.PasskeyUser{Person: uuid.New(), Email: "li@example.cn", Name: "李雷"}
	d := newDevice(t, home, "learn.example.cn", u)
	u = registered(t, k, d, u)
	for i, counter := range []uint32{10, 4} {
		options, session, err := k.BeginAssertion(&u)
		if err != nil {
			t.Fatal(err)
		}
		d.cred.Counter = counter
		got, err := k.FinishAssertion(&u, session, d.answers(options), nil)
		if (err == nil) != (i == 0) {
			t.Fatalf("with the counter at %d: %v", counter, err)
		}
		u.Records = [][]byte{got.Record}
	}
}

func TestOnThisMachinePasskeysAreLocalhosts(t *testing.T) {
	t.Parallel()
	k := keysFor(t, "http://127.0.0.1:8080")
	u := identity.PasskeyUser{Person: uuid.New(), Email: "li@example.cn", Name: "李雷"}
	registered(t, k, newDevice(t, "http://localhost:8080", "localhost", u), u)
}
