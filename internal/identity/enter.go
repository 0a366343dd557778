package identity

import (
	"context"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Enter signs in somebody whom an organisation's provider has vouched for.
func (s *Accounts) Enter(ctx context.Context, person uuid.UUID, from Client) (SignedIn, error) {
	profile, err := s.Profile(ctx, person)
	if err != nil {
		return SignedIn{}, err
	}
	return s.admit(ctx, profile, from)
}

// PlausibleEmail says whether an address may be an account's.
func PlausibleEmail(email string) bool { return plausibleEmail(email) }

// PlausibleName says whether a name may be a person's.
func PlausibleName(name string) bool {
	var bad fault.Fields
	checkName(name, &bad)
	return len(bad) == 0
}
