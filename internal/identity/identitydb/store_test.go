package identitydb_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func account(email string) identity.Account {
	return identity.Account{PersonID: uuid.New(), Name: "李雷", Locale: "zh-CN", Email: email, EmailFolded: identity.FoldEmail(email), PasswordHash: "x", CreatedAt: noon}
}

func opened(t *testing.T) (*identitydb.Store, uuid.UUID) {
	t.Helper()
	s, a := identitydb.New(pgtest.New(t)), account("li@example.cn")
	if err := s.CreateAccount(t.Context(), a, identity.Note{}); err != nil {
		t.Fatal(err)
	}
	return s, a.PersonID
}

func TestOfManyAccountsForOneAddressOneIsOpened(t *testing.T) {
	t.Parallel()
	s := identitydb.New(pgtest.New(t))
	var made atomic.Int32
	var all sync.WaitGroup
	for _, email := range []string{"a@example.cn", "A@example.cn", "Ａ@example.cn", "a@EXAMPLE.cn"} {
		all.Go(func() {
			err := s.CreateAccount(t.Context(), account(email), identity.Note{})
			if f, _ := fault.Of(err); err == nil {
				made.Add(1)
			} else if f == nil || f.Code != "email-taken" {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if made.Load() != 1 {
		t.Errorf("%d were opened", made.Load())
	}
}

func TestASignInHoldsUntilItExpiresOrIsRevoked(t *testing.T) {
	t.Parallel()
	s, person := opened(t)
	hash := identity.TokenHash{1}
	in := identity.SignInRecord{Hash: hash, PersonID: person, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}
	if err := s.CreateSignIn(t.Context(), in, identity.Note{}); err != nil {
		t.Fatal(err)
	}
	holds := func(at time.Time, want bool) {
		t.Helper()
		if a, _, err := s.ActorByToken(t.Context(), hash, at); err != nil || (a != nil) != want || (want && a.PersonID != person) {
			t.Errorf("at %s: %+v, %v", at, a, err)
		}
	}
	holds(noon.Add(59*time.Minute), true)
	holds(noon.Add(time.Hour), false)
	if err := s.Touch(t.Context(), hash, nil, noon.Add(30*time.Minute), noon.Add(2*time.Hour), time.Hour*24); err != nil {
		t.Fatal(err)
	}
	holds(noon.Add(time.Hour), true)
	for range 2 {
		if err := s.Revoke(t.Context(), hash, noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		holds(noon.Add(time.Hour), false)
	}
}

func TestAnIdempotencyKeyReplaysItsAnswerAndNoOther(t *testing.T) {
	t.Parallel()
	s, person := opened(t)
	k := identity.IdempotencyKey{Person: person, Key: "k", Operation: "submit"}
	body, other := [32]byte{1}, [32]byte{2}
	begin := func(k identity.IdempotencyKey, body [32]byte, at time.Time, code string) *identity.FirstAnswer {
		t.Helper()
		a, err := s.Begin(t.Context(), k, body, at)
		if f, _ := fault.Of(err); (code == "") != (err == nil) || (f != nil && f.Code != code) {
			t.Errorf("began with %v, want %q", err, code)
		}
		return a
	}
	begin(k, body, noon, "")
	begin(k, body, noon, "request-under-way")
	begin(k, other, noon, "idempotency-key-reused")
	begin(k, body, noon.Add(2*time.Minute), "") // whoever took it has died
	if err := s.Finish(t.Context(), k, identity.FirstAnswer{Status: 201, Headers: map[string]string{"ETag": "1"}, Body: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	if err := s.Abandon(t.Context(), k); err != nil {
		t.Fatal(err)
	}
	if a := begin(k, body, noon.Add(time.Hour), ""); a == nil || a.Status != 201 || a.Headers["ETag"] != "1" || string(a.Body) != "{}" {
		t.Errorf("replayed %+v", a)
	}
	elsewhere := k
	elsewhere.Operation = "enrol"
	begin(elsewhere, body, noon, "idempotency-key-reused")
}
