package identity

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/notify"
)

// Store keeps people, accounts and sign-ins. identitydb is the real one.
type Store interface {
	// CreateAccount writes the person and the account; an address that is
	// taken is a Conflict coded "email-taken".
	CreateAccount(ctx context.Context, a Account, n Note) error
	// AccountByEmail is NotFound when nobody signs in with the folded address.
	AccountByEmail(ctx context.Context, folded string) (Account, error)
	// CreateSignIn keeps a sign-in; news is told when its device is a new one.
	CreateSignIn(ctx context.Context, in SignInRecord, news Note) error
	// ActorByToken is nil for a token that is unknown, expired or revoked.
	ActorByToken(ctx context.Context, hash TokenHash, now time.Time) (*Actor, time.Time, error)
	// Touch notes that the token was used and moves its expiry, up to the longest a sign-in may last.
	Touch(ctx context.Context, hash TokenHash, study []byte, seen, expires time.Time, longest time.Duration) error
	// Revoke ends a sign-in; one that has ended or never was stays as it is.
	Revoke(ctx context.Context, hash TokenHash, now time.Time) error
	// Rehash puts a stronger hash of the same password in the place of the old
	// one, unless the password was changed meanwhile.
	Rehash(ctx context.Context, person uuid.UUID, old, stronger string, now time.Time) error
	Profile(ctx context.Context, person uuid.UUID, now time.Time) (Profile, error)
	UpdatePerson(ctx context.Context, person uuid.UUID, change ProfileChange) error
	ProofStore
	SignInStore
	FactorStore
}

// Note is what is told and kept of a change, in its transaction.
type Note struct {
	Tell  []notify.Notice
	Trail []audit.Event
}

// SignInRecord is what is kept of a sign-in.
type SignInRecord struct {
	Hash      TokenHash
	PersonID  uuid.UUID
	CreatedAt time.Time
	ExpiresAt time.Time
	Client    Client
	Method    string // "password", "password+totp", "passkey" …
	Study     []byte // names the study sessions opened under it (StudyName)
}

// Options say what Accounts works with. Store is required.
type Options struct {
	Store    Store
	Throttle Throttle // nil: tries are not counted
	Limits   Limits   // zero fields: the defaults
	Cost     HashCost // zero: the default
	Links    Links    // make and check the proofs in mails; nil: links are not taken
	Box      Box      // seals the secrets of one-time codes; nil: they cannot be set up
	Passkeys Passkeys // nil: there are none
	Breached Breached // nil: no list is asked
	Demand   Demand   // of a second factor; zero: offered
	Issuer   string   // as an app lists it; "": Hourglass
	// Later has MailReset called with a folded address, so that asking takes as
	// long whether there is an account or not; nil: at once, for tests.
	Later  func(ctx context.Context, folded string) error
	Now    func() time.Time
	Logger *slog.Logger
}

const (
	// signInLife is how long a sign-in holds after it was last used.
	signInLife = 30 * 24 * time.Hour
	// signInLongest is how long one may last however much it is used: then the password is asked again.
	signInLongest = 90 * 24 * time.Hour
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
	o.Limits, o.Issuer = o.Limits.orDefaults(), cmp.Or(o.Issuer, "Hourglass")
	return &Accounts{o: o, hasher: NewHasher(o.Cost)}
}

// SignUp opens an account and signs its owner in. A link to prove the address
// is mailed; until it is followed, all works but what is told by mail.
func (s *Accounts) SignUp(ctx context.Context, in NewAccount, from Client) (SignedIn, error) {
	in, err := in.check(false)
	if err != nil {
		return SignedIn{}, err
	}
	if _, err := s.take(ctx, try{"sign-up address", from.Address, s.o.Limits.SignUpAddress}); err != nil {
		return SignedIn{}, err
	}
	if err := s.refuseBreached(ctx, "body.password", in.Password); err != nil {
		return SignedIn{}, err
	}
	account, err := s.newAccount(ctx, in)
	if err != nil {
		return SignedIn{}, err
	}
	if err := s.o.Store.CreateAccount(ctx, account, Note{Trail: []audit.Event{aboutAccount("account.open", account.PersonID, account.PersonID, nil)}}); err != nil {
		return SignedIn{}, fmt.Errorf("open account: %w", err)
	}
	if err := s.mailProof(ctx, account); err != nil {
		// The account is there, and the link can be asked for again.
		s.o.Logger.WarnContext(ctx, "could not mail the link that proves an address", "error", err)
	}
	return s.admit(ctx, account.profile(), from)
}

// Open opens an account without signing in: for administration and the
// demonstration's people. It is not throttled, who opens it vouches for the
// address, and the password may be as short as beside a second factor, which
// those whom an operator lets in must set up.
func (s *Accounts) Open(ctx context.Context, in NewAccount) (Profile, error) {
	in, err := in.check(true)
	if err != nil {
		return Profile{}, err
	}
	account, err := s.newAccount(ctx, in)
	if err != nil {
		return Profile{}, err
	}
	account.VerifiedAt = new(account.CreatedAt)
	if err := s.o.Store.CreateAccount(ctx, account, Note{Trail: []audit.Event{aboutAccount("account.open", uuid.Nil, account.PersonID, nil)}}); err != nil {
		return Profile{}, fmt.Errorf("open account: %w", err)
	}
	return account.profile(), nil
}

// newAccount is an account that is not kept yet.
func (s *Accounts) newAccount(ctx context.Context, in NewAccount) (Account, error) {
	hash, err := s.hasher.Hash(ctx, in.Password)
	if err != nil {
		return Account{}, fmt.Errorf("hash password: %w", err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Account{}, fmt.Errorf("new person's id: %w", err)
	}
	return Account{
		PersonID: id, Name: in.Name, Locale: in.Locale, Email: in.Email, EmailFolded: FoldEmail(in.Email),
		PasswordHash: hash, CreatedAt: s.o.Now().UTC(),
	}, nil
}

func (a Account) profile() Profile {
	return Profile{PersonID: a.PersonID, Name: a.Name, Email: a.Email, Locale: a.Locale, Verified: a.VerifiedAt != nil}
}

// aboutAccount is a deed on somebody's account.
func aboutAccount(action string, actor, person uuid.UUID, after any) audit.Event {
	return audit.Event{Actor: actor, Action: action, ObjectKind: "account", Object: person, Subject: person, After: after}
}

// Profile is a person as they see themselves.
func (s *Accounts) Profile(ctx context.Context, person uuid.UUID) (Profile, error) {
	p, err := s.o.Store.Profile(ctx, person, s.o.Now().UTC())
	if err != nil {
		return Profile{}, fmt.Errorf("profile of %s: %w", person, err)
	}
	roles := make([]Role, len(p.Roles))
	for i, r := range p.Roles {
		roles[i] = r.Role
	}
	p.FactorAsked = !p.SecondFactor && s.o.Demand.asks(roles)
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
