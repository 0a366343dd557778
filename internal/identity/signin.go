package identity

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/notify"
)

// errWrongCredentials is the one answer to an unknown address and to a wrong
// password: which of the two it was is not told.
var errWrongCredentials = fault.Coded(fault.Unauthenticated, "wrong-credentials", "The address or the password is not right.")

// SignIn checks a password and signs its owner in. Where there is a second
// factor the error is a *SecondStep instead, and nobody is signed in yet.
func (s *Accounts) SignIn(ctx context.Context, email, password string, from Client) (SignedIn, error) {
	taken, err := s.take(ctx, s.signInTries(FoldEmail(email), from.Address)...)
	if err != nil {
		return SignedIn{}, err
	}
	account, right, err := s.verify(ctx, email, password)
	if right || err != nil {
		// A failure of ours was no guess either. The request's time may be over by now.
		s.giveBack(context.WithoutCancel(ctx), taken...)
	}
	if err != nil {
		return SignedIn{}, err
	}
	if !right {
		return SignedIn{}, errWrongCredentials
	}
	s.strengthen(ctx, account, password)
	if account.SecondFactor {
		return SignedIn{}, s.beginSecondStep(ctx, account.PersonID)
	}
	profile, err := s.Profile(ctx, account.PersonID)
	if err != nil {
		return SignedIn{}, err
	}
	return s.admit(ctx, profile, from)
}

// verify takes as long for an address without an account as for one with.
func (s *Accounts) verify(ctx context.Context, email, password string) (Account, bool, error) {
	var account Account
	// What cannot be an address has no account, and may not even be text the store can look for.
	if email = strings.TrimSpace(email); plausibleEmail(email) {
		var err error
		account, err = s.o.Store.AccountByEmail(ctx, FoldEmail(email))
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return Account{}, false, fmt.Errorf("sign in: %w", err)
		}
	}
	right, err := s.hasher.Matches(ctx, password, account.PasswordHash)
	if err != nil {
		return Account{}, false, fmt.Errorf("check password: %w", err)
	}
	return account, right, nil
}

// strengthen hashes a password anew at the present cost: signing in is the only
// time at which it is known. Not worth a failed sign-in: the next one tries again.
func (s *Accounts) strengthen(ctx context.Context, a Account, password string) {
	if !s.hasher.Outdated(a.PasswordHash) {
		return
	}
	stronger, err := s.hasher.Hash(ctx, password)
	if err == nil {
		err = s.o.Store.Rehash(ctx, a.PersonID, a.PasswordHash, stronger, s.o.Now().UTC())
	}
	if err != nil {
		s.o.Logger.WarnContext(ctx, "could not strengthen a password's hash", "error", err)
	}
}

// admit signs a person in by the password alone.
func (s *Accounts) admit(ctx context.Context, p Profile, from Client) (SignedIn, error) {
	return s.admitBy(ctx, p, from, "password")
}

// admitBy always makes a fresh token: one that was set before signing in is never taken over.
func (s *Accounts) admitBy(ctx context.Context, p Profile, from Client, method string) (SignedIn, error) {
	token, hash := newToken()
	now := s.o.Now().UTC()
	record := SignInRecord{Hash: hash, PersonID: p.PersonID, CreatedAt: now, ExpiresAt: now.Add(signInLife), Client: from, Method: method, Study: StudyName(token)}
	news := Note{Tell: []notify.Notice{{Kind: "new-sign-in", Person: p.PersonID, Path: securityPath,
		Facts: map[string]string{"device": cmp.Or(from.Device, "?"), "address": from.Address, "at": now.Format(time.RFC3339)}}}}
	if err := s.o.Store.CreateSignIn(ctx, record, news); err != nil {
		return SignedIn{}, fmt.Errorf("keep sign-in: %w", err)
	}
	return SignedIn{Token: token, ExpiresAt: record.ExpiresAt, Profile: p}, nil
}

// SignOut ends the sign-in of a token; one that does not hold is signed out already.
func (s *Accounts) SignOut(ctx context.Context, token string) error {
	hash, ok := hashToken(token)
	if !ok {
		return nil
	}
	if err := s.o.Store.Revoke(ctx, hash, s.o.Now().UTC()); err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// Authenticate is who a token signs in, with the roles held at this moment, or
// nil. It is one query and keeps no copy, so that a sign-out on another server
// and a lost role hold from the next request on.
func (s *Accounts) Authenticate(ctx context.Context, token string) (*Actor, error) {
	hash, ok := hashToken(token)
	if !ok {
		return nil, nil
	}
	now := s.o.Now().UTC()
	actor, seen, err := s.o.Store.ActorByToken(ctx, hash, now)
	if err != nil {
		return nil, fmt.Errorf("look up sign-in: %w", err)
	}
	if actor != nil && now.Sub(seen) >= touchEvery {
		// Not worth a failed request: the next one notes it.
		if err := s.o.Store.Touch(ctx, hash, StudyName(token), now, now.Add(signInLife), signInLongest); err != nil {
			s.o.Logger.WarnContext(ctx, "could not note the use of a sign-in", "error", err)
		}
	}
	s.o.Demand.Apply(actor)
	return actor, nil
}
