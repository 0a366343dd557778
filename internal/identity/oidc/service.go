package oidc

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// Provider talks to providers. oidcclient is the real one. Its errors carry
// the codes provider-away, provider-issuer, provider-address or provider-answer.
type Provider interface {
	// Check asks the provider about itself.
	Check(ctx context.Context, issuer string) error
	// AuthURL is where the browser is sent.
	AuthURL(ctx context.Context, p Party, q Question) (string, error)
	// Exchange redeems a code, checks every part of the answer and reads it.
	Exchange(ctx context.Context, p Party, a Answer) (Claims, error)
}

// Party is us, to a provider.
type Party struct {
	Issuer, ClientID, Secret, Redirect string
	Claim                              string // that is wanted
}

// Question is what a browser takes along.
type Question struct{ State, Nonce, Verifier string }

// Answer is what a browser brings back.
type Answer struct {
	Code            string
	Issuer          string // "iss" of RFC 9207; "": not sent
	Nonce, Verifier string
}

// Store keeps settings, flows and links. identitydb has the real one.
type Store interface {
	// Settings has Revision 0 when nothing is set; NotFound when there is no such organisation.
	Settings(ctx context.Context, orgID uuid.UUID) (Settings, error)
	// SaveSettings is Precondition when the revision has moved on.
	SaveSettings(ctx context.Context, by uuid.UUID, s Settings, now time.Time) (Settings, error)
	SaveDomains(ctx context.Context, by, orgID uuid.UUID, domains []string, now time.Time) (Settings, error)
	// Offered are organisations one can sign in with, by part of a name.
	Offered(ctx context.Context, query string) ([]Settings, error)
	CreateFlow(ctx context.Context, f Flow) error
	// TakeFlow gives a flow out once, to the browser that began it; NotFound otherwise.
	TakeFlow(ctx context.Context, state, browser [32]byte, now time.Time) (Flow, error)
	// Settle decides (Decide) and carries it out in one transaction: whom to sign in.
	Settle(ctx context.Context, s Settings, c Claims, asking uuid.UUID, now time.Time) (uuid.UUID, error)
	Links(ctx context.Context, person uuid.UUID) ([]Link, error)
	Unlink(ctx context.Context, person, id uuid.UUID, now time.Time) error
}

// Box seals the clients' secrets (storage/vault).
type Box interface {
	Seal(ctx context.Context, purpose string, plain []byte) ([]byte, error)
	Open(ctx context.Context, purpose string, sealed []byte) ([]byte, error)
}

// Options say what a Service works with. All but PlainLoopback are required.
type Options struct {
	Store    Store
	Provider Provider
	Box      Box
	// Leave refuses who sets out too often.
	Leave func(ctx context.Context, from identity.Client) error
	// Enter signs a person in.
	Enter func(ctx context.Context, person uuid.UUID, from identity.Client) (identity.SignedIn, error)
	// Callback is the address that providers send people back to, with {id} for the organisation's.
	Callback string
	Now      func() time.Time
	// PlainLoopback lets an issuer be http://127.0.0.1, for tests.
	PlainLoopback bool
}

// Service signs people in with their organisation's provider.
type Service struct{ o Options }

// New puts a Service together.
func New(o Options) *Service { return &Service{o} }

func purpose(orgID uuid.UUID) string { return "oidc-secret:" + orgID.String() }

func (s *Service) party(ctx context.Context, set Settings) (Party, error) {
	p := Party{Issuer: set.Issuer, ClientID: set.ClientID, Redirect: s.callback(set.Org.ID), Claim: set.Claim}
	if set.Sealed != nil {
		secret, err := s.o.Box.Open(ctx, purpose(set.Org.ID), set.Sealed)
		if err != nil {
			return Party{}, fmt.Errorf("open the client's secret: %w", err)
		}
		p.Secret = string(secret)
	}
	return p, nil
}

func (s *Service) callback(orgID uuid.UUID) string {
	return strings.ReplaceAll(s.o.Callback, "{id}", orgID.String())
}

// Begun is what the browser is told: where to go, and what to keep.
type Begun struct {
	URL     string
	State   string // names the cookie
	Browser string // its value
}

var errNoProvider = fault.Coded(fault.NotFound, "no-provider", "This organisation has no sign-in of its own.")

// Begin starts a sign-in; asking is who wants their account linked, nil for
// nobody. Linked is what signs in from then on, so whoever asks must have proved
// lately to be the owner.
func (s *Service) Begin(ctx context.Context, orgID uuid.UUID, back string, asking *identity.Actor, from identity.Client) (Begun, error) {
	now := s.o.Now().UTC()
	person := uuid.Nil
	if asking != nil {
		if err := asking.Fresh(now); err != nil {
			return Begun{}, err
		}
		person = asking.PersonID
	}
	if err := s.o.Leave(ctx, from); err != nil {
		return Begun{}, err
	}
	set, err := s.o.Store.Settings(ctx, orgID)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return Begun{}, err
	}
	if err != nil || !set.Enabled {
		return Begun{}, errNoProvider
	}
	p, err := s.party(ctx, set)
	if err != nil {
		return Begun{}, err
	}
	b := Begun{State: random(), Browser: random()}
	b.URL, err = s.o.Provider.AuthURL(ctx, p, Question{b.State, nonceOf(b.Browser, b.State), verifierOf(b.Browser, b.State)})
	if err != nil {
		return Begun{}, err
	}
	f := Flow{State: sha256.Sum256([]byte(b.State)), Browser: sha256.Sum256([]byte(b.Browser)), Org: orgID, Issuer: set.Issuer, Back: Back(back), Asking: person, Expires: now.Add(FlowLife)}
	if err := s.o.Store.CreateFlow(ctx, f); err != nil {
		return Begun{}, fmt.Errorf("begin sign-in: %w", err)
	}
	return b, nil
}

// Return is what the browser brings back from the provider.
type Return struct {
	Org                 uuid.UUID // by the address it came back to
	State, Browser      string
	Code, Issuer, Error string
}

// Finished is a sign-in that came to its end, or why not.
type Finished struct {
	SignedIn identity.SignedIn // zero when a link was all that was wanted
	Linked   bool
	Back     string // also after an error, as far as it is known
}

var (
	errNoFlow    = fault.Coded(fault.Gone, "sign-in-expired", "This sign-in is not under way in this browser, or was finished before.")
	errCancelled = fault.Coded(fault.Forbidden, "sign-in-cancelled", "The provider did not sign you in.")
	errChanged   = fault.Coded(fault.Conflict, "provider-changed", "The organisation changed its sign-in meanwhile. Please start again.")
	errAnswer    = fault.Coded(fault.Invalid, "provider-answer", "The provider's answer is not right.")
)

// Finish takes what the browser brought back. A flow ends by the first look at
// it, whatever comes of it.
func (s *Service) Finish(ctx context.Context, r Return, asking uuid.UUID, from identity.Client) (out Finished, err error) {
	out.Back = "/"
	if !shaped(r.State) || !shaped(r.Browser) {
		return out, errNoFlow
	}
	now := s.o.Now().UTC()
	flow, err := s.o.Store.TakeFlow(ctx, sha256.Sum256([]byte(r.State)), sha256.Sum256([]byte(r.Browser)), now)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return out, errNoFlow
	}
	if err != nil {
		return out, fmt.Errorf("take flow: %w", err)
	}
	out.Back = flow.Back
	// Another provider's answer at this one's address, or a link for somebody who signed out meanwhile.
	if flow.Org != r.Org || (flow.Asking != uuid.Nil && flow.Asking != asking) {
		return out, errNoFlow
	}
	person, err := s.settle(ctx, flow, r, now)
	if err != nil {
		return out, err
	}
	if out.Linked = flow.Asking != uuid.Nil; out.Linked {
		return out, nil
	}
	out.SignedIn, err = s.o.Enter(ctx, person, from)
	return out, err
}

func (s *Service) settle(ctx context.Context, flow Flow, r Return, now time.Time) (uuid.UUID, error) {
	set, err := s.o.Store.Settings(ctx, flow.Org)
	switch {
	case err != nil:
		return uuid.Nil, err
	case !set.Enabled || set.Issuer != flow.Issuer:
		return uuid.Nil, errChanged
	case r.Issuer != "" && r.Issuer != flow.Issuer:
		return uuid.Nil, errAnswer
	case r.Error != "":
		return uuid.Nil, errCancelled
	case r.Code == "":
		return uuid.Nil, errAnswer
	}
	p, err := s.party(ctx, set)
	if err != nil {
		return uuid.Nil, err
	}
	claims, err := s.o.Provider.Exchange(ctx, p, Answer{Code: r.Code, Issuer: r.Issuer, Nonce: nonceOf(r.Browser, r.State), Verifier: verifierOf(r.Browser, r.State)})
	if err != nil {
		return uuid.Nil, err
	}
	return s.o.Store.Settle(ctx, set, claims, flow.Asking, now)
}
