package identity

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Store keeps people, accounts and sign-ins. identitydb is the real one.
type Store interface {
	// CreateAccount writes the person and the account; an address that is
	// taken is a Conflict coded "email-taken".
	CreateAccount(ctx context.Context, a Account) error
	// AccountByEmail is NotFound when nobody signs in with the folded address.
	AccountByEmail(ctx context.Context, folded string) (Account, error)
	CreateSignIn(ctx context.Context, in SignInRecord) error
	// ActorByToken is nil for a token that is unknown, expired or revoked.
	ActorByToken(ctx context.Context, hash TokenHash, now time.Time) (*Actor, time.Time, error)
	// Touch notes that the token was used and moves its expiry.
	Touch(ctx context.Context, hash TokenHash, seen, expires time.Time) error
	// Revoke ends a sign-in and tells whose it was; uuid.Nil when there was none.
	Revoke(ctx context.Context, hash TokenHash, now time.Time) (uuid.UUID, error)
	Profile(ctx context.Context, person uuid.UUID, now time.Time) (Profile, error)
	UpdatePerson(ctx context.Context, person uuid.UUID, change ProfileChange) error
}

// SignInRecord is what is kept of a sign-in.
type SignInRecord struct {
	Hash      TokenHash
	PersonID  uuid.UUID
	CreatedAt time.Time
	ExpiresAt time.Time
	Client    Client
}

// Options say what Accounts works with. Store is required.
type Options struct {
	Store    Store
	Throttle Throttle // nil: tries are not counted
	Limits   Limits   // zero fields: the defaults
	Cost     HashCost // zero: the default
	Now      func() time.Time
	Logger   *slog.Logger
	// OnSignOut ends what must not outlive a sign-in, e.g. open study sessions. May be nil.
	OnSignOut func(ctx context.Context, person uuid.UUID) error
}

const (
	// signInLife is how long a sign-in holds after it was last used.
	signInLife = 30 * 24 * time.Hour
	// touchEvery bounds the writes that noting the last use costs.
	touchEvery = time.Minute
)

// Accounts opens accounts, signs people in and out, and knows who a token is.
type Accounts struct {
	o      Options
	hasher *Hasher
}

// NewAccounts puts Accounts together.
func NewAccounts(o Options) *Accounts {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.Limits = o.Limits.orDefaults()
	return &Accounts{o: o, hasher: NewHasher(o.Cost)}
}

// SignUp opens an account and signs its owner in.
func (s *Accounts) SignUp(ctx context.Context, in NewAccount, from Client) (SignedIn, error) {
	if _, err := in.check(); err != nil {
		return SignedIn{}, err
	}
	if err := s.take(ctx, try{"sign-up address", from.Address, s.o.Limits.SignUpAddress}); err != nil {
		return SignedIn{}, err
	}
	profile, err := s.Open(ctx, in)
	if err != nil {
		return SignedIn{}, err
	}
	return s.admit(ctx, profile, from)
}

// Open opens an account without signing in: for administration and the
// demonstration's people. It is not throttled.
func (s *Accounts) Open(ctx context.Context, in NewAccount) (Profile, error) {
	in, err := in.check()
	if err != nil {
		return Profile{}, err
	}
	hash, err := s.hasher.Hash(ctx, in.Password)
	if err != nil {
		return Profile{}, fmt.Errorf("hash password: %w", err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Profile{}, fmt.Errorf("new person's id: %w", err)
	}
	account := Account{
		PersonID: id, Name: in.Name, Locale: in.Locale, Email: in.Email, EmailFolded: FoldEmail(in.Email),
		PasswordHash: hash, CreatedAt: s.o.Now().UTC(),
	}
	if err := s.o.Store.CreateAccount(ctx, account); err != nil {
		return Profile{}, fmt.Errorf("open account: %w", err)
	}
	return Profile{PersonID: id, Name: in.Name, Email: in.Email, Locale: in.Locale}, nil
}

// errWrongCredentials is the one answer to an unknown address and to a wrong
// password: which of the two it was is not told.
var errWrongCredentials = fault.Coded(fault.Unauthenticated, "wrong-credentials", "The address or the password is not right.")

// SignIn checks a password and signs its owner in.
func (s *Accounts) SignIn(ctx context.Context, email, password string, from Client) (SignedIn, error) {
	folded := FoldEmail(email)
	tries := s.signInTries(folded, from.Address)
	if err := s.take(ctx, tries...); err != nil {
		return SignedIn{}, err
	}
	account, err := s.o.Store.AccountByEmail(ctx, folded)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return SignedIn{}, fmt.Errorf("sign in: %w", err)
	}
	right, err := s.hasher.Matches(ctx, password, account.PasswordHash)
	if err != nil {
		return SignedIn{}, fmt.Errorf("check password: %w", err)
	}
	if !right {
		return SignedIn{}, errWrongCredentials
	}
	s.giveBack(ctx, tries...)
	profile, err := s.Profile(ctx, account.PersonID)
	if err != nil {
		return SignedIn{}, err
	}
	return s.admit(ctx, profile, from)
}

// admit always makes a fresh token: one that was set before signing in is never taken over.
func (s *Accounts) admit(ctx context.Context, p Profile, from Client) (SignedIn, error) {
	token, hash := newToken()
	now := s.o.Now().UTC()
	record := SignInRecord{Hash: hash, PersonID: p.PersonID, CreatedAt: now, ExpiresAt: now.Add(signInLife), Client: from}
	if err := s.o.Store.CreateSignIn(ctx, record); err != nil {
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
	person, err := s.o.Store.Revoke(ctx, hash, s.o.Now().UTC())
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	if person == uuid.Nil || s.o.OnSignOut == nil {
		return nil
	}
	if err := s.o.OnSignOut(ctx, person); err != nil {
		return fmt.Errorf("after sign-out: %w", err)
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
		if err := s.o.Store.Touch(ctx, hash, now, now.Add(signInLife)); err != nil {
			s.o.Logger.WarnContext(ctx, "could not note the use of a sign-in", "error", err)
		}
	}
	return actor, nil
}

// Profile is a person as they see themselves.
func (s *Accounts) Profile(ctx context.Context, person uuid.UUID) (Profile, error) {
	p, err := s.o.Store.Profile(ctx, person, s.o.Now().UTC())
	if err != nil {
		return Profile{}, fmt.Errorf("profile of %s: %w", person, err)
	}
	return p, nil
}

// UpdateProfile changes what is given and answers the whole.
func (s *Accounts) UpdateProfile(ctx context.Context, person uuid.UUID, change ProfileChange) (Profile, error) {
	change, err := change.check()
	if err != nil {
		return Profile{}, err
	}
	if err := s.o.Store.UpdatePerson(ctx, person, change); err != nil {
		return Profile{}, fmt.Errorf("update %s: %w", person, err)
	}
	return s.Profile(ctx, person)
}
