package identity

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/notify"
)

// NewTOTP is a secret to put into an app, told once more only by beginning again.
type NewTOTP struct {
	Secret  string // base32
	Address string // otpauth://…
}

// Factors are what the actor has beside the password.
func (s *Accounts) Factors(ctx context.Context, a *Actor) (Factors, error) {
	f, err := s.o.Store.Factors(ctx, a.PersonID)
	if err != nil {
		return Factors{}, fmt.Errorf("second factors of %s: %w", a.PersonID, err)
	}
	return f, nil
}

func totpPurpose(person uuid.UUID) string { return "totp:" + person.String() }

// BeginTOTP makes a secret, which becomes a factor when a code of it is given to ConfirmTOTP.
func (s *Accounts) BeginTOTP(ctx context.Context, a *Actor) (NewTOTP, error) {
	if err := s.fresh(a); err != nil {
		return NewTOTP{}, err
	}
	if s.o.Box == nil {
		return NewTOTP{}, fault.New(fault.Unavailable, "one-time codes cannot be set up here: there is no key to keep their secret by")
	}
	account, err := s.o.Store.AccountByPerson(ctx, a.PersonID)
	if err != nil {
		return NewTOTP{}, fmt.Errorf("set up one-time codes: %w", err)
	}
	secret := NewTOTPSecret()
	sealed, err := s.o.Box.Seal(ctx, totpPurpose(a.PersonID), secret)
	if err != nil {
		return NewTOTP{}, fmt.Errorf("seal a secret: %w", err)
	}
	if err := s.o.Store.PutTOTP(ctx, a.PersonID, sealed, s.o.Now().UTC()); err != nil {
		return NewTOTP{}, fmt.Errorf("set up one-time codes: %w", err)
	}
	return NewTOTP{TOTPSecretText(secret), TOTPAddress(secret, s.o.Issuer, account.Email)}, nil
}

// ConfirmTOTP makes the begun secret a factor by one of its codes. The first
// factor brings recovery codes, told this once, and ends all other sign-ins:
// they were opened without it.
func (s *Accounts) ConfirmTOTP(ctx context.Context, a *Actor, code string, end EndStudy) (codes []string, err error) {
	if err := s.fresh(a); err != nil {
		return nil, err
	}
	kept, step, err := s.checkTOTP(ctx, a.PersonID, code)
	if err != nil {
		return nil, err
	}
	if kept.Confirmed {
		return nil, ErrHasTOTP
	}
	err = s.enrolling(ctx, a, end, func(set *RecoverySet, told []string) ([][]byte, error) {
		codes = told
		return s.o.Store.ConfirmTOTP(ctx, a.PersonID, step, set, a.SignIn, s.o.Now().UTC(), about("account.add-totp", "second-factor-changed", a, map[string]string{"change": "totp-added"}))
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// ErrHasTOTP refuses a second secret beside the one that counts.
var ErrHasTOTP = fault.Coded(fault.Conflict, "totp-exists", "One-time codes are set up already. Remove them first to set up others.")

// enrolling adds a factor; the first one with a set of recovery codes.
func (s *Accounts) enrolling(ctx context.Context, a *Actor, end EndStudy, add func(*RecoverySet, []string) ([][]byte, error)) error {
	have, err := s.o.Store.Factors(ctx, a.PersonID)
	if err != nil {
		return fmt.Errorf("second factors of %s: %w", a.PersonID, err)
	}
	if have.Any() {
		_, err := add(nil, nil)
		return err
	}
	codes, set, err := s.newCodes(ctx)
	if err != nil {
		return err
	}
	return s.closing(ctx, a.PersonID, a.SignIn, end, func() ([][]byte, error) { return add(&set, codes) })
}

// RemoveTOTP takes the one-time codes away.
func (s *Accounts) RemoveTOTP(ctx context.Context, a *Actor) error {
	if err := s.fresh(a); err != nil {
		return err
	}
	return s.o.Store.RemoveTOTP(ctx, a.PersonID, s.o.Now().UTC(), about("account.remove-totp", "second-factor-changed", a, map[string]string{"change": "totp-removed"}))
}

// checkTOTP is the step of a code that is right; it is not spent yet.
func (s *Accounts) checkTOTP(ctx context.Context, person uuid.UUID, code string) (KeptTOTP, int64, error) {
	kept, err := s.o.Store.TOTP(ctx, person)
	if err != nil {
		return KeptTOTP{}, 0, fmt.Errorf("one-time codes of %s: %w", person, err)
	}
	if s.o.Box == nil {
		return KeptTOTP{}, 0, fault.New(fault.Unavailable, "one-time codes cannot be checked here")
	}
	secret, err := s.o.Box.Open(ctx, totpPurpose(person), kept.Sealed)
	if err != nil {
		return KeptTOTP{}, 0, fmt.Errorf("open a secret: %w", err)
	}
	totp := TOTP{secret, kept.LastStep, kept.Refused}
	v := totp.Check(code, s.o.Now())
	switch {
	case v.OK:
		return kept, v.Step, nil
	case v.Spent:
		return kept, 0, errCodeSpent
	case v.Off != 0:
		// A code of the future would be right then, and is known to us and maybe others.
		if v.Off > 0 {
			if err := s.o.Store.RefuseTOTP(ctx, person, totp.refuse(v.Step)); err != nil {
				return kept, 0, fmt.Errorf("refuse a code: %w", err)
			}
		}
		return kept, 0, clockOff(v.Off)
	}
	return kept, 0, errCodeWrong
}

var (
	errCodeWrong = fault.Coded(fault.Invalid, "code-wrong", "This code is not right. Codes change every 30 seconds: please enter the one your app shows now.", fault.Field{Path: "body.code", Message: "is not right"})
	errCodeSpent = fault.Coded(fault.Invalid, "code-spent", "This code has been used. Please wait for the next one, at most 30 seconds.", fault.Field{Path: "body.code", Message: "has been used"})
)

// clockOff says what to do about a clock that is wrong. Nothing is lost by it.
func clockOff(off time.Duration) error {
	way, minutes := "fast", off.Round(time.Minute)
	if off < 0 {
		way, minutes = "slow", -minutes
	}
	m := strconv.Itoa(max(1, int(minutes.Minutes())))
	return fault.Coded(fault.Invalid, "clock-off",
		"The code is right for another time: the clock of your device is about "+m+" min "+way+". Set it to network time, wait for the next code, and enter that one.",
		fault.Field{Path: "body.code", Message: "is made by a clock that is about " + m + " min " + way})
}

// newCodes is a set of recovery codes, and what is kept of it. One salt for
// the set: a code that is given is hashed once.
func (s *Accounts) newCodes(ctx context.Context) ([]string, RecoverySet, error) {
	set := RecoverySet{Salt: make([]byte, saltBytes)}
	_, _ = rand.Read(set.Salt) // never fails: crypto/rand ends the program instead
	var codes []string
	for range recoveryCodes {
		code := newRecoveryCode()
		hash, err := s.hasher.derive(ctx, code, set.Salt, s.hasher.cost)
		if err != nil {
			return nil, RecoverySet{}, fmt.Errorf("hash a recovery code: %w", err)
		}
		codes, set.Hashes = append(codes, code), append(set.Hashes, hash)
	}
	return codes, set, nil
}

// RenewCodes makes a new set in the place of the old, told this once.
func (s *Accounts) RenewCodes(ctx context.Context, a *Actor) ([]string, error) {
	if err := s.fresh(a); err != nil {
		return nil, err
	}
	have, err := s.Factors(ctx, a)
	if err != nil {
		return nil, err
	}
	if !have.Any() {
		return nil, fault.Coded(fault.Conflict, "no-second-factor", "Recovery codes stand in for a second factor. Set one up first.")
	}
	codes, set, err := s.newCodes(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.o.Store.ReplaceCodes(ctx, a.PersonID, set, s.o.Now().UTC(), about("account.renew-recovery-codes", "second-factor-changed", a, map[string]string{"change": "codes-renewed"})); err != nil {
		return nil, fmt.Errorf("new recovery codes: %w", err)
	}
	return codes, nil
}

// spendCode takes a recovery code; its owner is told.
func (s *Accounts) spendCode(ctx context.Context, person uuid.UUID, typed string) error {
	code := foldRecoveryCode(typed)
	salt, err := s.o.Store.RecoverySalt(ctx, person)
	if err != nil {
		return fmt.Errorf("recovery codes of %s: %w", person, err)
	}
	if code == "" || salt == nil {
		return errRecoveryWrong
	}
	hash, err := s.hasher.derive(ctx, code, salt, s.hasher.cost)
	if err != nil {
		return fmt.Errorf("hash a recovery code: %w", err)
	}
	n := Note{
		Trail: []audit.Event{aboutAccount("account.use-recovery-code", person, person, nil)},
		Tell:  []notify.Notice{{Kind: "second-factor-changed", Person: person, Path: securityPath, Facts: map[string]string{"change": "code-used"}}},
	}
	taken, err := s.o.Store.SpendCode(ctx, person, hash, s.o.Now().UTC(), n)
	if err != nil {
		return fmt.Errorf("take a recovery code: %w", err)
	}
	if !taken {
		return errRecoveryWrong
	}
	return nil
}

var errRecoveryWrong = fault.Coded(fault.Invalid, "code-wrong", "This is not one of your recovery codes, or it has been used.", fault.Field{Path: "body.code", Message: "is not right"})

// ForgetFactors takes all second factors away from who has lost them and the
// recovery codes too. An operator does it, who knows by other means who asks.
func (s *Accounts) ForgetFactors(ctx context.Context, email string) (Profile, error) {
	a, err := s.o.Store.AccountByEmail(ctx, FoldEmail(email))
	if err != nil {
		return Profile{}, fmt.Errorf("forget second factors: %w", err)
	}
	n := Note{
		Trail: []audit.Event{aboutAccount("account.forget-factors", uuid.Nil, a.PersonID, nil)},
		Tell:  []notify.Notice{{Kind: "second-factor-changed", Person: a.PersonID, Path: securityPath, Facts: map[string]string{"change": "forgotten"}}},
	}
	if err := s.o.Store.ForgetFactors(ctx, a.PersonID, s.o.Now().UTC(), n); err != nil {
		return Profile{}, fmt.Errorf("forget second factors: %w", err)
	}
	return a.profile(), nil
}
