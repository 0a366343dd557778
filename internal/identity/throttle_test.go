package identity_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identityredis"
	"github.com/hourglass-lms/hourglass/storage/redis/redistest"
)

// tight are limits that a test uses up quickly and that do not fill again meanwhile.
var tight = identity.Limits{
	SignInPair:    identity.Limit{Burst: 3, Every: time.Hour},
	SignInAddress: identity.Limit{Burst: 8, Every: time.Hour},
	SignInAccount: identity.Limit{Burst: 6, Every: time.Hour},
	SignUpAddress: identity.Limit{Burst: 2, Every: time.Hour},
}

func throttled(t *testing.T) *house {
	t.Helper()
	return build(t, func(o *identity.Options) { o.Throttle, o.Limits = identityredis.New(redistest.New(t)), tight })
}

// try signs in and answers the kind of the refusal, or yes.
func (h *house) try(t *testing.T, email, password, address string) fault.Kind {
	t.Helper()
	_, err := h.SignIn(t.Context(), email, password, identity.Client{Address: address})
	return answer(err)
}

func (h *house) want(t *testing.T, times int, email, password, address string, want fault.Kind) {
	t.Helper()
	for i := range times {
		if got := h.try(t, email, password, address); got != want {
			t.Fatalf("try %d of %q from %s: %v, want %v", i+1, email, address, got, want)
		}
	}
}

func TestGuessingFromOneAddressLocksNobodyElseOut(t *testing.T) {
	t.Parallel()
	h := throttled(t)
	h.signUp(t)
	h.want(t, 3, "li.lei@example.cn", "a guess", "198.51.100.1", fault.Unauthenticated)
	h.want(t, 2, "LI.LEI@example.cn ", "a guess", "198.51.100.1", fault.TooMany)
	h.want(t, 1, liLei.Email, liLei.Password, "198.51.100.1", fault.TooMany)
	h.want(t, 1, liLei.Email, liLei.Password, office.Address, yes)
	h.want(t, 1, "han.meimei@example.cn", "a guess", "198.51.100.1", fault.Unauthenticated)
}

func TestAnUnknownAddressIsThrottledLikeAKnownOne(t *testing.T) {
	t.Parallel()
	h := throttled(t)
	h.want(t, 3, "nobody@example.cn", "a guess", office.Address, fault.Unauthenticated)
	h.want(t, 1, "nobody@example.cn", "a guess", office.Address, fault.TooMany)
}

func TestGuessingManyAccountsFromOneAddressIsBounded(t *testing.T) {
	t.Parallel()
	h := throttled(t)
	for i := range 8 {
		h.want(t, 1, fmt.Sprintf("person%d@example.cn", i), "a guess", "198.51.100.1", fault.Unauthenticated)
	}
	h.want(t, 1, "person9@example.cn", "a guess", "198.51.100.1", fault.TooMany)
	h.want(t, 1, "person9@example.cn", "a guess", "198.51.100.2", fault.Unauthenticated)
}

func TestGuessingOneAccountFromManyAddressesIsBounded(t *testing.T) {
	t.Parallel()
	h := throttled(t)
	for i := range 6 {
		h.want(t, 1, "li.lei@example.cn", "a guess", fmt.Sprintf("198.51.100.%d", i), fault.Unauthenticated)
	}
	h.want(t, 1, "li.lei@example.cn", "a guess", "198.51.100.99", fault.TooMany)
}

func TestAnOfficeThatSignsInRightlyUsesNothingUp(t *testing.T) {
	t.Parallel()
	h := throttled(t)
	h.signUp(t)
	h.want(t, 12, liLei.Email, liLei.Password, office.Address, yes)
	h.want(t, 3, liLei.Email, "a guess", office.Address, fault.Unauthenticated)
	h.want(t, 1, liLei.Email, "a guess", office.Address, fault.TooMany)
}

func TestWhatIsRefusedAtOneBucketUsesUpNoOther(t *testing.T) {
	t.Parallel()
	h := throttled(t)
	h.want(t, 3, "li.lei@example.cn", "a guess", "198.51.100.1", fault.Unauthenticated)
	h.want(t, 10, "li.lei@example.cn", "a guess", "198.51.100.1", fault.TooMany)
	h.want(t, 3, "li.lei@example.cn", "a guess", "198.51.100.2", fault.Unauthenticated)
	h.want(t, 3, "han.meimei@example.cn", "a guess", "198.51.100.1", fault.Unauthenticated)
}

func TestARefusalSaysWhenToComeBack(t *testing.T) {
	t.Parallel()
	h := throttled(t)
	h.want(t, 3, "li.lei@example.cn", "a guess", office.Address, fault.Unauthenticated)
	_, err := h.SignIn(t.Context(), "li.lei@example.cn", "a guess", office)
	e, ok := fault.Of(err)
	if !ok || e.Retry <= 59*time.Minute || e.Retry > time.Hour {
		t.Errorf("come back in %v: %v", e.Retry, err)
	}
}

func TestAccountsOpenedFromOneAddressAreBounded(t *testing.T) {
	t.Parallel()
	h := throttled(t)
	open := func(email, address string) fault.Kind {
		_, err := h.SignUp(t.Context(), identity.NewAccount{Email: email, Password: "correct horse cart", Name: "李雷"}, identity.Client{Address: address})
		return answer(err)
	}
	for _, tc := range []struct {
		name, email, address string
		want                 fault.Kind
	}{
		{"the first", "a@example.cn", "198.51.100.1", yes},
		{"a form with a mistake", "a", "198.51.100.1", fault.Invalid},
		{"the second", "b@example.cn", "198.51.100.1", yes},
		{"one too many", "c@example.cn", "198.51.100.1", fault.TooMany},
		{"from another address", "c@example.cn", "198.51.100.2", yes},
	} {
		if got := open(tc.email, tc.address); got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestAFailureOfOursIsNoGuess(t *testing.T) {
	t.Parallel()
	var b *broken
	h := build(t, func(o *identity.Options) {
		b = &broken{Store: o.Store}
		o.Store, o.Throttle, o.Limits = b, identityredis.New(redistest.New(t)), tight
	})
	h.signUp(t)
	b.accounts = fault.Away(errors.New("cut"), time.Second, "cut")
	h.want(t, 12, liLei.Email, liLei.Password, office.Address, fault.Unavailable)
	b.accounts = nil
	h.want(t, 1, liLei.Email, liLei.Password, office.Address, yes)
}

func TestPeopleSignInWhileTheCounterIsAway(t *testing.T) {
	t.Parallel()
	client, server := redistest.NewServer(t)
	h := build(t, func(o *identity.Options) { o.Throttle, o.Limits = identityredis.New(client), tight })
	h.signUp(t)
	h.want(t, 2, liLei.Email, "a guess", office.Address, fault.Unauthenticated)
	server.Kill()
	start := time.Now()
	h.want(t, 1, liLei.Email, liLei.Password, office.Address, yes)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("a sign-in was held up for %v", took)
	}
	h.want(t, 2, liLei.Email, "a guess", office.Address, fault.Unauthenticated)
}

// counter is a throttle that remembers the limits it was asked for.
type counter struct{ seen map[string]identity.Limit }

func (c counter) Take(_ context.Context, bucket string, l identity.Limit) (time.Duration, error) {
	c.seen[bucket] = l
	return 0, nil
}
func (c counter) GiveBack(context.Context, string, identity.Limit) error { return nil }

func TestLimitsThatAreNotGivenAreTheDefaults(t *testing.T) {
	t.Parallel()
	c := counter{map[string]identity.Limit{}}
	h := build(t, func(o *identity.Options) {
		o.Throttle, o.Limits = c, identity.Limits{SignInPair: identity.Limit{Burst: 3, Every: time.Hour}}
	})
	h.want(t, 1, "Li@example.cn", "a guess", "198.51.100.1", fault.Unauthenticated)
	for bucket, want := range map[string]identity.Limit{
		"sign-in address 198.51.100.1":            {Burst: 100, Every: 3 * time.Second},
		"sign-in pair 198.51.100.1 li@example.cn": {Burst: 3, Every: time.Hour},
		"sign-in account li@example.cn":           {Burst: 100, Every: 5 * time.Second},
	} {
		if c.seen[bucket] != want {
			t.Errorf("%q: %v, want %v", bucket, c.seen[bucket], want)
		}
	}
}
