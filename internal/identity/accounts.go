package identity

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
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
	// Revoke ends a sign-in; one that has ended or never was stays as it is.
	Revoke(ctx context.Context, hash TokenHash, now time.Time) error
	// Rehash puts a stronger hash of the same password in the place of the old
	// one, unless the password was changed meanwhile.
	Rehash(ctx context.Context, person uuid.UUID, old, stronger string, now time.Time) error
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
	if _, err := s.take(ctx, try{"sign-up address", from.Address, s.o.Limits.SignUpAddress}); err != nil {
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
