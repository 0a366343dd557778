package identity

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// AccessTokenStore keeps access tokens. identitydb is the real one.
type AccessTokenStore interface {
	// CreateAccessToken is a Conflict coded "too-many-tokens" when the person holds MaxLiveTokens.
	CreateAccessToken(ctx context.Context, person uuid.UUID, hash TokenHash, t AccessToken) error
	// AccessTokens are a person's, the newest first, without those that ended a month ago.
	AccessTokens(ctx context.Context, person uuid.UUID, now time.Time) ([]AccessToken, error)
	// RevokeAccessToken is NotFound for a token that is not the person's; one that has ended stays as it is.
	RevokeAccessToken(ctx context.Context, person, id uuid.UUID, now time.Time) error
	// ActorByAccessToken is nil for a token that is unknown, expired or revoked.
	ActorByAccessToken(ctx context.Context, hash TokenHash, now time.Time) (*Actor, AccessToken, error)
	TouchAccessToken(ctx context.Context, id uuid.UUID, seen time.Time, address string) error
}

// AccessTokenOptions say what AccessTokens works with. Store is required.
type AccessTokenOptions struct {
	Store    AccessTokenStore
	Throttle Throttle // nil: wrong tokens are not counted
	Demand   Demand   // of a second factor; zero: offered
	Now      func() time.Time
	Logger   *slog.Logger
}

// AccessTokens makes and revokes access tokens, and knows whose one is.
type AccessTokens struct{ o AccessTokenOptions }

// NewAccessTokens puts AccessTokens together.
func NewAccessTokens(o AccessTokenOptions) *AccessTokens {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &AccessTokens{o}
}

// Create makes a token of the actor's, who must have proved lately to be the
// account's owner. Its text is told here and never again.
func (s *AccessTokens) Create(ctx context.Context, a *Actor, n NewAccessToken) (AccessToken, string, error) {
	if err := a.Fresh(s.o.Now()); err != nil {
		return AccessToken{}, "", err
	}
	n, err := n.check()
	if err != nil {
		return AccessToken{}, "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return AccessToken{}, "", fmt.Errorf("new access token's id: %w", err)
	}
	text, hash := makeAccessToken()
	now := s.o.Now().UTC().Truncate(time.Microsecond) // as the database keeps it
	t := AccessToken{ID: id, Name: n.Name, Scopes: n.Scopes, CreatedAt: now, ExpiresAt: now.AddDate(0, 0, n.Days)}
	if err := s.o.Store.CreateAccessToken(ctx, a.PersonID, hash, t); err != nil {
		return AccessToken{}, "", fmt.Errorf("make access token: %w", err)
	}
	return t, text, nil
}

// List is a person's tokens, the newest first.
func (s *AccessTokens) List(ctx context.Context, person uuid.UUID) ([]AccessToken, error) {
	return s.o.Store.AccessTokens(ctx, person, s.o.Now().UTC())
}

// Revoke ends a token at once.
func (s *AccessTokens) Revoke(ctx context.Context, person, id uuid.UUID) error {
	return s.o.Store.RevokeAccessToken(ctx, person, id, s.o.Now().UTC())
}

// wrongTokens bounds answers to wrong tokens from one address. No guess can
// hit 32 random bytes: it slows a program down that goes on with a dead token.
var wrongTokens = Limit{Burst: 30, Every: 2 * time.Second}

var errWrongToken = fault.Coded(fault.Unauthenticated, "wrong-token", "The access token is not known, has expired or was revoked.")

// Authenticate is whose token it is, with the roles held at this moment, and
// what it may do. A token that does not hold is an error: a program that sends
// one must hear of it, even where no token is needed.
func (s *AccessTokens) Authenticate(ctx context.Context, token, address string) (*Actor, []TokenScope, error) {
	hash, ok := hashAccessToken(token)
	if !ok {
		return nil, nil, s.wrong(ctx, address)
	}
	now := s.o.Now().UTC()
	actor, t, err := s.o.Store.ActorByAccessToken(ctx, hash, now)
	if err != nil {
		return nil, nil, fmt.Errorf("look up access token: %w", err)
	}
	if actor == nil {
		return nil, nil, s.wrong(ctx, address)
	}
	if t.UsedAt == nil || now.Sub(*t.UsedAt) >= touchEvery {
		// Not worth a failed request: the next one notes it.
		if err := s.o.Store.TouchAccessToken(ctx, t.ID, now, address); err != nil {
			s.o.Logger.WarnContext(ctx, "could not note the use of an access token", "error", err)
		}
	}
	s.o.Demand.Apply(actor)
	return actor, t.Scopes, nil
}

// wrong is the answer to a token that does not hold.
func (s *AccessTokens) wrong(ctx context.Context, address string) error {
	if s.o.Throttle == nil {
		return errWrongToken
	}
	wait, err := s.o.Throttle.Take(ctx, "access-token address "+address, wrongTokens)
	if err != nil {
		s.o.Logger.WarnContext(ctx, "wrong access tokens are not counted at this moment", "error", err)
	}
	if err == nil && wait > 0 {
		return fault.Later(fault.TooMany, wait, "Too many requests with an access token that does not hold. Please wait a moment.")
	}
	return errWrongToken
}
