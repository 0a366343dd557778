package identity

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// freshFor is how long after proving to be the owner what guards an account may be changed.
const freshFor = 15 * time.Minute

var errConfirmFirst = fault.Coded(fault.Forbidden, "confirm-first", "Enter your password once more: this changes what guards your account.")

// StudyName names a sign-in to study without giving it away.
func StudyName[T string | []byte](token T) []byte {
	var room [64]byte
	sum := sha256.Sum256(append(append(room[:0], "study:"...), token...))
	return sum[:16]
}

// Fresh refuses whoever has not proved to be the account's owner lately.
func (a *Actor) Fresh(now time.Time) error {
	if now.Sub(a.ProvedAt) > freshFor || a.SignIn == uuid.Nil {
		return errConfirmFirst
	}
	return nil
}

func (s *Accounts) fresh(a *Actor) error { return a.Fresh(s.o.Now()) }

// Confirm proves to be the owner by the password.
func (s *Accounts) Confirm(ctx context.Context, a *Actor, password string) error {
	if _, err := s.knows(ctx, a, "body.password", password); err != nil {
		return err
	}
	if err := s.o.Store.Prove(ctx, a.SignIn, s.o.Now().UTC()); err != nil {
		return fmt.Errorf("confirm: %w", err)
	}
	return nil
}

// knows is the account, if the actor knows its password.
func (s *Accounts) knows(ctx context.Context, a *Actor, place, password string) (Account, error) {
	taken, err := s.take(ctx, try{"confirm", a.PersonID.String(), s.o.Limits.ConfirmPerson})
	if err != nil {
		return Account{}, err
	}
	account, err := s.o.Store.AccountByPerson(ctx, a.PersonID)
	if err != nil {
		return Account{}, fmt.Errorf("confirm: %w", err)
	}
	right, err := s.hasher.Matches(ctx, password, account.PasswordHash)
	if right || err != nil {
		s.giveBack(context.WithoutCancel(ctx), taken...)
	}
	if err != nil {
		return Account{}, fmt.Errorf("confirm: %w", err)
	}
	if !right {
		return Account{}, fault.Coded(fault.Invalid, "wrong-password", "This is not the present password.", fault.Field{Path: place, Message: "is not the present password"})
	}
	return account, nil
}

// SignIns are the actor's, the last used first.
func (s *Accounts) SignIns(ctx context.Context, a *Actor) ([]ListedSignIn, error) {
	list, err := s.o.Store.SignIns(ctx, a.PersonID, s.o.Now().UTC())
	if err != nil {
		return nil, fmt.Errorf("sign-ins of %s: %w", a.PersonID, err)
	}
	return list, nil
}

// EndSignIn ends one of the actor's sign-ins and the study under it.
func (s *Accounts) EndSignIn(ctx context.Context, a *Actor, id uuid.UUID, end EndStudy) error {
	list, err := s.SignIns(ctx, a)
	if err != nil {
		return err
	}
	var names [][]byte
	for _, in := range list {
		if in.ID == id {
			names = studyOf([]ListedSignIn{in})
		}
	}
	if err := end.do(ctx, a.PersonID, names); err != nil {
		return err
	}
	if err := s.o.Store.EndSignIn(ctx, a.PersonID, id, s.o.Now().UTC(), about("account.end-sign-in", "", a, nil)); err != nil {
		return fmt.Errorf("end a sign-in: %w", err)
	}
	return end.do(ctx, a.PersonID, names)
}

// EndOthers ends all of the actor's sign-ins but the one that asks.
func (s *Accounts) EndOthers(ctx context.Context, a *Actor, end EndStudy) error {
	return s.closing(ctx, a.PersonID, a.SignIn, end, func() ([][]byte, error) {
		return s.o.Store.EndOthers(ctx, a.PersonID, a.SignIn, s.o.Now().UTC(), about("account.end-other-sign-ins", "", a, nil))
	})
}

// closing does what ends a person's sign-ins, but one. Study under them is
// closed before, so that nothing was done when that fails and all can be tried
// again, and after, for what was opened in between.
func (s *Accounts) closing(ctx context.Context, person, keep uuid.UUID, end EndStudy, do func() ([][]byte, error)) error {
	open, err := s.o.Store.SignIns(ctx, person, s.o.Now().UTC())
	if err != nil {
		return fmt.Errorf("sign-ins of %s: %w", person, err)
	}
	open = slices.DeleteFunc(open, func(in ListedSignIn) bool { return in.ID == keep })
	if err := end.do(ctx, person, studyOf(open)); err != nil {
		return err
	}
	ended, err := do()
	if err != nil {
		return fmt.Errorf("end sign-ins of %s: %w", person, err)
	}
	return end.do(ctx, person, ended)
}

func studyOf(list []ListedSignIn) (names [][]byte) {
	for _, in := range list {
		if in.Study != nil {
			names = append(names, in.Study)
		}
	}
	return names
}
