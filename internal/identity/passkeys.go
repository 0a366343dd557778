package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Passkeys speak WebAuthn; internal/identity/passkey is the real one. Options
// and responses are the JSON that browsers read and write.
type Passkeys interface {
	BeginRegistration(u PasskeyUser) (options, session []byte, err error)
	// FinishRegistration is Invalid for a response that does not answer the session.
	FinishRegistration(u PasskeyUser, session, response []byte) (credential, record []byte, err error)
	// BeginAssertion asks a known user beside the password; with nil it asks
	// whoever answers, and their device must check that it is them.
	BeginAssertion(u *PasskeyUser) (options, session []byte, err error)
	FinishAssertion(u *PasskeyUser, session, response []byte, find func(handle []byte) (PasskeyUser, error)) (Asserted, error)
}

// PasskeyUser is who registers or answers.
type PasskeyUser struct {
	Person      uuid.UUID
	Email, Name string
	Records     [][]byte // JSON, of the passkeys there are
}

// Asserted is an answer that was right.
type Asserted struct {
	Person             uuid.UUID
	Credential, Record []byte
}

// Challenge is what a browser is given to answer.
type Challenge struct {
	Token   string          // names the ceremony in the answer
	Options json.RawMessage // for navigator.credentials
}

const (
	ceremonyLife   = 5 * time.Minute
	maxPasskeys    = 20
	maxPasskeyName = 60
)

var errNoPasskeys = fault.New(fault.Unavailable, "passkeys are not set up here")

// errPasskey is the one answer to a passkey that is not taken, whyever.
var errPasskey = fault.Coded(fault.Unauthenticated, "passkey-refused", "This passkey was not accepted. Please try again, or use another way.")

// BeginPasskey asks the actor's device for a new passkey.
func (s *Accounts) BeginPasskey(ctx context.Context, a *Actor) (Challenge, error) {
	if err := s.fresh(a); err != nil {
		return Challenge{}, err
	}
	if s.o.Passkeys == nil {
		return Challenge{}, errNoPasskeys
	}
	u, err := s.passkeyUser(ctx, a.PersonID)
	if err != nil {
		return Challenge{}, err
	}
	if len(u.Records) >= maxPasskeys {
		return Challenge{}, fault.Coded(fault.Conflict, "too-many-passkeys", fmt.Sprintf("There are %d passkeys already. Remove one that is not used any more.", maxPasskeys))
	}
	options, session, err := s.o.Passkeys.BeginRegistration(u)
	if err != nil {
		return Challenge{}, fmt.Errorf("begin a passkey: %w", err)
	}
	return s.challenge(ctx, Ceremony{"register", a.PersonID, session}, options)
}

// AddPasskey keeps a new passkey. The first factor brings recovery codes and
// ends all other sign-ins.
func (s *Accounts) AddPasskey(ctx context.Context, a *Actor, token, name string, response []byte, end EndStudy) (codes []string, err error) {
	if err := s.fresh(a); err != nil {
		return nil, err
	}
	name = TidyName(name)
	if n := utf8.RuneCountInString(name); n == 0 || n > maxPasskeyName || !utf8.ValidString(name) || strings.ContainsFunc(name, misleading) {
		return nil, fault.New(fault.Invalid, "a passkey needs a name", fault.Field{Path: "body.name", Message: fmt.Sprintf("must be 1 to %d characters", maxPasskeyName)})
	}
	c, err := s.answered(ctx, token, "register")
	if err != nil {
		return nil, err
	}
	if c.PersonID != a.PersonID {
		return nil, errPasskey
	}
	u, err := s.passkeyUser(ctx, a.PersonID)
	if err != nil {
		return nil, err
	}
	credential, record, err := s.o.Passkeys.FinishRegistration(u, c.Session, response)
	if err != nil {
		return nil, fmt.Errorf("register a passkey: %w", err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("new passkey's id: %w", err)
	}
	k := KeptPasskey{Passkey: Passkey{ID: id, Name: name, CreatedAt: s.o.Now().UTC()}, PersonID: a.PersonID, CredentialID: credential, Record: record}
	err = s.enrolling(ctx, a, end, func(set *RecoverySet, told []string) ([][]byte, error) {
		codes = told
		return s.o.Store.AddPasskey(ctx, k, set, a.SignIn, about("account.add-passkey", "second-factor-changed", a, map[string]string{"change": "passkey-added", "name": name}))
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// RemovePasskey takes one away.
func (s *Accounts) RemovePasskey(ctx context.Context, a *Actor, id uuid.UUID) error {
	if err := s.fresh(a); err != nil {
		return err
	}
	return s.o.Store.RemovePasskey(ctx, a.PersonID, id, s.o.Now().UTC(), about("account.remove-passkey", "second-factor-changed", a, map[string]string{"change": "passkey-removed"}))
}

// AskPasskey is the challenge of a sign-in: with the token of a pending one as
// its second step, with "" for a sign-in by the passkey alone.
func (s *Accounts) AskPasskey(ctx context.Context, pending string, from Client) (Challenge, error) {
	if s.o.Passkeys == nil {
		return Challenge{}, errNoPasskeys
	}
	if _, err := s.take(ctx, try{"passkey from", from.Address, s.o.Limits.PasskeyAddress}); err != nil {
		return Challenge{}, err
	}
	c := Ceremony{Purpose: "sign-in"}
	var user *PasskeyUser
	if pending != "" {
		person, _, err := s.pending(ctx, pending)
		if err != nil {
			return Challenge{}, err
		}
		u, err := s.passkeyUser(ctx, person)
		if err != nil {
			return Challenge{}, err
		}
		if len(u.Records) == 0 {
			return Challenge{}, errPasskey
		}
		user, c.Purpose, c.PersonID = &u, "second-step", person
	}
	options, session, err := s.o.Passkeys.BeginAssertion(user)
	if err != nil {
		return Challenge{}, fmt.Errorf("ask for a passkey: %w", err)
	}
	c.Session = session
	return s.challenge(ctx, c, options)
}

// FinishByPasskey is the second step by a passkey.
func (s *Accounts) FinishByPasskey(ctx context.Context, pending, token string, response []byte, from Client) (SignedIn, error) {
	person, hash, err := s.pending(ctx, pending)
	if err != nil {
		return SignedIn{}, err
	}
	c, err := s.answered(ctx, token, "second-step")
	if err != nil {
		return SignedIn{}, err
	}
	if c.PersonID != person {
		return SignedIn{}, errPasskey
	}
	u, err := s.passkeyUser(ctx, person)
	if err != nil {
		return SignedIn{}, err
	}
	got, err := s.o.Passkeys.FinishAssertion(&u, c.Session, response, nil)
	if err != nil {
		return SignedIn{}, s.refused(ctx, err)
	}
	if err := s.used(ctx, got); err != nil {
		return SignedIn{}, err
	}
	return s.finish(ctx, person, hash, from, "password+passkey")
}

// SignInByPasskey needs no password: the device checked that it is its owner.
func (s *Accounts) SignInByPasskey(ctx context.Context, token string, response []byte, from Client) (SignedIn, error) {
	c, err := s.answered(ctx, token, "sign-in")
	if err != nil {
		return SignedIn{}, err
	}
	got, err := s.o.Passkeys.FinishAssertion(nil, c.Session, response, func(handle []byte) (PasskeyUser, error) {
		person, err := uuid.FromBytes(handle)
		if err != nil {
			return PasskeyUser{}, errPasskey
		}
		return s.passkeyUser(ctx, person)
	})
	if err != nil {
		return SignedIn{}, s.refused(ctx, err)
	}
	if err := s.used(ctx, got); err != nil {
		return SignedIn{}, err
	}
	profile, err := s.Profile(ctx, got.Person)
	if err != nil {
		return SignedIn{}, err
	}
	return s.admitBy(ctx, profile, from, "passkey")
}

// refused keeps why for the log and says no more than that.
func (s *Accounts) refused(ctx context.Context, err error) error {
	if k := fault.KindOf(err); k == fault.Unavailable {
		return err
	}
	s.o.Logger.InfoContext(ctx, "a passkey was refused", "error", err)
	return errPasskey
}

func (s *Accounts) used(ctx context.Context, a Asserted) error {
	if err := s.o.Store.UsePasskey(ctx, a.Person, a.Credential, a.Record, s.o.Now().UTC()); err != nil {
		return fmt.Errorf("note the use of a passkey: %w", err)
	}
	return nil
}

func (s *Accounts) passkeyUser(ctx context.Context, person uuid.UUID) (PasskeyUser, error) {
	account, err := s.o.Store.AccountByPerson(ctx, person)
	if err != nil {
		return PasskeyUser{}, fmt.Errorf("passkeys of %s: %w", person, err)
	}
	kept, err := s.o.Store.KeptPasskeys(ctx, person)
	if err != nil {
		return PasskeyUser{}, fmt.Errorf("passkeys of %s: %w", person, err)
	}
	u := PasskeyUser{Person: person, Email: account.Email, Name: account.Name}
	for _, k := range kept {
		u.Records = append(u.Records, k.Record)
	}
	return u, nil
}

func (s *Accounts) challenge(ctx context.Context, c Ceremony, options []byte) (Challenge, error) {
	token, hash := newToken()
	if err := s.o.Store.PutCeremony(ctx, hash, c, s.o.Now().UTC().Add(ceremonyLife)); err != nil {
		return Challenge{}, fmt.Errorf("keep a challenge: %w", err)
	}
	return Challenge{token, options}, nil
}

// answered is the ceremony of a token, which is used up by it.
func (s *Accounts) answered(ctx context.Context, token, purpose string) (Ceremony, error) {
	hash, ok := hashToken(token)
	if !ok || s.o.Passkeys == nil {
		return Ceremony{}, errPasskey
	}
	c, err := s.o.Store.TakeCeremony(ctx, hash, purpose, s.o.Now().UTC())
	if fault.KindOf(err) == fault.NotFound {
		return Ceremony{}, errPasskey
	}
	if err != nil {
		return Ceremony{}, fmt.Errorf("find a challenge: %w", err)
	}
	return c, nil
}
