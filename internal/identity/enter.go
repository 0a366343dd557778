package identity

import (
	"context"

	"github.com/google/uuid"
)

// Enter signs in somebody whom an organisation's provider has vouched for; the
// error is a *SecondStep for who has a second factor.
func (s *Accounts) Enter(ctx context.Context, person uuid.UUID, from Client) (SignedIn, error) {
	profile, err := s.Profile(ctx, person)
	if err != nil {
		return SignedIn{}, err
	}
	// A provider vouches for who it is, as a password does: the second factor is ours to ask for.
	if profile.SecondFactor {
		return SignedIn{}, s.beginSecondStep(ctx, person)
	}
	return s.admitBy(ctx, profile, from, "oidc")
}

// Leave counts who sets out for a provider: each makes a row, and we ask the
// provider about itself.
func (s *Accounts) Leave(ctx context.Context, from Client) error {
	_, err := s.take(ctx, try{"provider from", from.Address, s.o.Limits.ProviderAddress})
	return err
}

// PlausibleEmail says whether an address may be an account's.
func PlausibleEmail(email string) bool { return plausibleEmail(email) }
