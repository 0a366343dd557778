package identity

import (
	"cmp"
	"context"
	"time"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Throttle counts tries in buckets that fill again by themselves, so that
// guessing becomes slow and nobody is ever locked out. identityredis is the real one.
type Throttle interface {
	// Take uses up one try of the bucket; the answer is how long to wait, 0 to go on.
	Take(ctx context.Context, bucket string, l Limit) (time.Duration, error)
	// GiveBack returns one try.
	GiveBack(ctx context.Context, bucket string, l Limit) error
}

// Limit is a bucket's size and how long one try takes to come back.
type Limit struct {
	Burst int
	Every time.Duration
}

// Limits are all buckets. A sign-in that succeeds gives its tries back, so the
// people behind one office's address do not use them up for each other.
type Limits struct {
	// SignInAddress: failures from one network address, whatever the account.
	SignInAddress Limit
	// SignInPair: failures for one account from one address.
	SignInPair Limit
	// SignInAccount: failures for one account from everywhere. Wide, because
	// a stranger can use it up; the owner then waits seconds.
	SignInAccount Limit
	// SignUpAddress: accounts opened from one address.
	SignUpAddress Limit
	// SecondStep: wrong second factors of one account. Whoever uses it up knows
	// the password; the owner's passkey is not counted here.
	SecondStep Limit
	// ConfirmPerson: wrong passwords of somebody signed in.
	ConfirmPerson Limit
	// MailAddress: links mailed for one network address.
	MailAddress Limit
	// MailAccount: links mailed to one mail address.
	MailAccount Limit
	// LinkAddress: mailed links tried from one network address.
	LinkAddress Limit
	// PasskeyAddress: challenges given to one network address.
	PasskeyAddress Limit
	// ProviderAddress: sign-ins at organisations' providers begun from one network address.
	ProviderAddress Limit
}

func (l Limits) orDefaults() Limits {
	return Limits{
		SignInAddress: cmp.Or(l.SignInAddress, Limit{Burst: 100, Every: 3 * time.Second}),
		SignInPair:    cmp.Or(l.SignInPair, Limit{Burst: 10, Every: 15 * time.Second}),
		SignInAccount: cmp.Or(l.SignInAccount, Limit{Burst: 100, Every: 5 * time.Second}),
		SignUpAddress: cmp.Or(l.SignUpAddress, Limit{Burst: 100, Every: 5 * time.Second}),
		// 10 and then one in 3 minutes: of a million codes, three right, less than one in 600 days of trying.
		SecondStep:     cmp.Or(l.SecondStep, Limit{Burst: 10, Every: 3 * time.Minute}),
		ConfirmPerson:  cmp.Or(l.ConfirmPerson, Limit{Burst: 10, Every: 15 * time.Second}),
		MailAddress:    cmp.Or(l.MailAddress, Limit{Burst: 30, Every: 10 * time.Second}),
		MailAccount:    cmp.Or(l.MailAccount, Limit{Burst: 3, Every: 5 * time.Minute}),
		LinkAddress:    cmp.Or(l.LinkAddress, Limit{Burst: 30, Every: 5 * time.Second}),
		PasskeyAddress: cmp.Or(l.PasskeyAddress, Limit{Burst: 100, Every: 3 * time.Second}),
		// An organisation begins its mornings behind one address.
		ProviderAddress: cmp.Or(l.ProviderAddress, Limit{Burst: 200, Every: time.Second}),
	}
}

type try struct {
	what, who string
	limit     Limit
}

func (t try) bucket() string { return t.what + " " + t.who }

func (s *Accounts) signInTries(folded, address string) []try {
	return []try{
		{"sign-in address", address, s.o.Limits.SignInAddress},
		{"sign-in pair", address + " " + folded, s.o.Limits.SignInPair},
		{"sign-in account", folded, s.o.Limits.SignInAccount},
	}
}

// take uses up one try each and answers those it took. When the store of the
// buckets is away, people may still sign in: the hasher's turns bound the
// guesses meanwhile, and a product that lets nobody in is the greater harm.
func (s *Accounts) take(ctx context.Context, tries ...try) ([]try, error) {
	if s.o.Throttle == nil {
		return nil, nil
	}
	for i, t := range tries {
		wait, err := s.o.Throttle.Take(ctx, t.bucket(), t.limit)
		if err != nil {
			s.o.Logger.WarnContext(ctx, "tries are not counted at this moment", "error", err)
			return tries[:i], nil
		}
		if wait > 0 {
			s.giveBack(ctx, tries[:i]...)
			return nil, fault.Later(fault.TooMany, wait, "Too many tries. Please wait a moment and try again.")
		}
	}
	return tries, nil
}

func (s *Accounts) giveBack(ctx context.Context, tries ...try) {
	for _, t := range tries {
		if err := s.o.Throttle.GiveBack(ctx, t.bucket(), t.limit); err != nil {
			return // the bucket fills by itself
		}
	}
}
