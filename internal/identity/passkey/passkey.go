// Package passkey speaks WebAuthn Level 3 by go-webauthn for identity.Passkeys.
package passkey

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// Keys registers and checks passkeys of one site.
type Keys struct{ lib *webauthn.WebAuthn }

// New makes Keys for the address people reach the product at. Passkeys belong
// to a domain, so at the address of a loop-back interface they are those of
// "localhost", at the same port.
func New(public *url.URL) (*Keys, error) {
	host, origin := public.Hostname(), public.Scheme+"://"+public.Host
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		host, origin = "localhost", public.Scheme+"://"+net.JoinHostPort("localhost", public.Port())
	}
	lib, err := webauthn.New(&webauthn.Config{RPID: host, RPDisplayName: "Hourglass", RPOrigins: []string{origin}})
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return &Keys{lib}, nil
}

// BeginRegistration asks for a passkey that the device can find by itself, and
// none it has registered already.
func (k *Keys) BeginRegistration(u identity.PasskeyUser) (options, session []byte, err error) {
	who, err := userOf(u)
	if err != nil {
		return nil, nil, err
	}
	creation, data, err := k.lib.BeginRegistration(who,
		webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementPreferred),
		webauthn.WithExclusions(webauthn.Credentials(who.credentials).CredentialDescriptors()))
	if err != nil {
		return nil, nil, fmt.Errorf("begin registration: %w", err)
	}
	return both(creation.Response, data)
}

// FinishRegistration is Invalid for a response that does not answer the session.
func (k *Keys) FinishRegistration(u identity.PasskeyUser, session, response []byte) (credential, record []byte, err error) {
	who, err := userOf(u)
	if err != nil {
		return nil, nil, err
	}
	var data webauthn.SessionData
	if err := json.Unmarshal(session, &data); err != nil {
		return nil, nil, fmt.Errorf("kept session: %w", err)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return nil, nil, refused(err)
	}
	made, err := k.lib.CreateCredential(who, data, parsed)
	if err != nil {
		return nil, nil, refused(err)
	}
	record, err = json.Marshal(made)
	return made.ID, record, err
}

// BeginAssertion asks a known user beside the password; with nil it asks
// whoever answers, and their device must check that it is them.
func (k *Keys) BeginAssertion(u *identity.PasskeyUser) (options, session []byte, err error) {
	var assertion *protocol.CredentialAssertion
	var data *webauthn.SessionData
	if u == nil {
		assertion, data, err = k.lib.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	} else {
		who, errUser := userOf(*u)
		if errUser != nil {
			return nil, nil, errUser
		}
		assertion, data, err = k.lib.BeginLogin(who, webauthn.WithUserVerification(protocol.VerificationPreferred))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("begin assertion: %w", err)
	}
	return both(assertion.Response, data)
}

// FinishAssertion checks an answer: of the user given, or with nil of whom the answer names.
func (k *Keys) FinishAssertion(u *identity.PasskeyUser, session, response []byte, find func([]byte) (identity.PasskeyUser, error)) (identity.Asserted, error) {
	var data webauthn.SessionData
	if err := json.Unmarshal(session, &data); err != nil {
		return identity.Asserted{}, fmt.Errorf("kept session: %w", err)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return identity.Asserted{}, refused(err)
	}
	var by webauthn.User
	var used *webauthn.Credential
	if u != nil {
		if by, err = userOf(*u); err != nil {
			return identity.Asserted{}, err
		}
		used, err = k.lib.ValidateLogin(by, data, parsed)
	} else {
		by, used, err = k.lib.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
			found, err := find(handle)
			if err != nil {
				return nil, err
			}
			return userOf(found)
		}, data, parsed)
	}
	if err != nil {
		return identity.Asserted{}, refused(err)
	}
	// A counter that goes back is that of a copy (WebAuthn Level 3, section 6.1.1).
	if used.Authenticator.CloneWarning {
		return identity.Asserted{}, fault.New(fault.Unauthenticated, "this passkey was copied")
	}
	person, err := uuid.FromBytes(by.WebAuthnID())
	if err != nil {
		return identity.Asserted{}, fmt.Errorf("user handle: %w", err)
	}
	record, err := json.Marshal(used)
	return identity.Asserted{Person: person, Credential: used.ID, Record: record}, err
}

func both(options any, session *webauthn.SessionData) ([]byte, []byte, error) {
	o, errOptions := json.Marshal(options)
	s, errSession := json.Marshal(session)
	return o, s, errors.Join(errOptions, errSession)
}

// refused keeps the library's own words for the log.
func refused(err error) error {
	var told *protocol.Error
	if errors.As(err, &told) && told.DevInfo != "" {
		err = fmt.Errorf("%w: %s", err, told.DevInfo)
	}
	if fault.KindOf(err) == fault.Unavailable {
		return err
	}
	return fault.Wrap(fault.Invalid, err, "The device's answer does not fit. Please try again.")
}

// user is an identity.PasskeyUser as the library asks for one.
type user struct {
	of          identity.PasskeyUser
	credentials []webauthn.Credential
}

func userOf(u identity.PasskeyUser) (user, error) {
	out := user{of: u}
	for _, r := range u.Records {
		var c webauthn.Credential
		if err := json.Unmarshal(r, &c); err != nil {
			return user{}, fmt.Errorf("kept passkey: %w", err)
		}
		out.credentials = append(out.credentials, c)
	}
	return out, nil
}

func (u user) WebAuthnID() []byte                         { return u.of.Person[:] }
func (u user) WebAuthnName() string                       { return u.of.Email }
func (u user) WebAuthnDisplayName() string                { return u.of.Name }
func (u user) WebAuthnCredentials() []webauthn.Credential { return u.credentials }
