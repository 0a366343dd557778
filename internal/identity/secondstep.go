package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

const (
	// pendingLife is how long the second factor may take.
	pendingLife = 10 * time.Minute
	// pendingTries is how many codes one pending sign-in takes; then the password is asked again.
	pendingTries = 8
)

// SecondStep says that the password was right and what is missing. Nobody is
// signed in by its token, which only Finish… take.
type SecondStep struct {
	Token     string
	ExpiresAt time.Time
	Factors   Factors
}

func (*SecondStep) Error() string { return "the password is right; the second factor is missing" }

// ErrStepExpired sends back to the password.
var ErrStepExpired = fault.Coded(fault.Unauthenticated, "step-expired", "This took too long, or too many codes were tried. Please enter your address and password again.")

// beginSecondStep keeps the first half of a sign-in; the error is the *SecondStep.
func (s *Accounts) beginSecondStep(ctx context.Context, person uuid.UUID) error {
	factors, err := s.o.Store.Factors(ctx, person)
	if err != nil {
		return fmt.Errorf("second factors: %w", err)
	}
	token, hash := newToken()
	now := s.o.Now().UTC()
	step := &SecondStep{Token: token, ExpiresAt: now.Add(pendingLife), Factors: factors}
	if err := s.o.Store.PutPending(ctx, hash, person, now, step.ExpiresAt); err != nil {
		return fmt.Errorf("keep the first half of a sign-in: %w", err)
	}
	return step
}

// CodeKind says which code is given.
type CodeKind string

// The codes that can be given as a second factor.
const (
	ByTOTP     CodeKind = "totp"
	ByRecovery CodeKind = "recovery"
)

// FinishByCode is the second step by a one-time or a recovery code.
func (s *Accounts) FinishByCode(ctx context.Context, token string, kind CodeKind, code string, from Client) (SignedIn, error) {
	person, hash, err := s.pending(ctx, token)
	if err != nil {
		return SignedIn{}, err
	}
	taken, err := s.take(ctx, try{"second step", person.String(), s.o.Limits.SecondStep})
	if err != nil {
		return SignedIn{}, err
	}
	if kind == ByRecovery {
		err = s.spendCode(ctx, person, code)
	} else {
		err = s.spendTOTP(ctx, person, code)
	}
	if e, ok := fault.Of(err); err == nil || !ok || e.Kind != fault.Invalid {
		// A failure of ours was no guess either.
		s.giveBack(context.WithoutCancel(ctx), taken...)
	}
	if err != nil {
		return SignedIn{}, err
	}
	return s.finish(ctx, person, hash, from, "password+"+string(kind))
}

func (s *Accounts) spendTOTP(ctx context.Context, person uuid.UUID, code string) error {
	kept, step, err := s.checkTOTP(ctx, person, code)
	if fault.KindOf(err) == fault.NotFound || err == nil && !kept.Confirmed {
		return errCodeWrong
	}
	if err != nil {
		return err
	}
	first, err := s.o.Store.SpendTOTP(ctx, person, step)
	if err != nil {
		return fmt.Errorf("take a code: %w", err)
	}
	if !first {
		return errCodeSpent // by another request, between the look and the taking
	}
	return nil
}

// pending is whose first half a token stands for; it counts a try.
func (s *Accounts) pending(ctx context.Context, token string) (uuid.UUID, TokenHash, error) {
	hash, ok := hashToken(token)
	if !ok {
		return uuid.Nil, hash, ErrStepExpired
	}
	person, err := s.o.Store.TryPending(ctx, hash, s.o.Now().UTC(), pendingTries)
	if err != nil {
		return uuid.Nil, hash, fmt.Errorf("second step: %w", err)
	}
	if person == uuid.Nil {
		return uuid.Nil, hash, ErrStepExpired
	}
	return person, hash, nil
}

// finish uses the first half up and signs in.
func (s *Accounts) finish(ctx context.Context, person uuid.UUID, pending TokenHash, from Client, method string) (SignedIn, error) {
	mine, err := s.o.Store.TakePending(ctx, pending)
	if err != nil {
		return SignedIn{}, fmt.Errorf("second step: %w", err)
	}
	if !mine {
		return SignedIn{}, ErrStepExpired
	}
	profile, err := s.Profile(ctx, person)
	if err != nil {
		return SignedIn{}, err
	}
	return s.admitBy(ctx, profile, from, method)
}
