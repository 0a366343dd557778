package identitydb_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// begun is "go on", "replayed", or the code of the refusal.
func (w world) begun(t *testing.T, k identity.IdempotencyKey, body byte, at time.Time) string {
	t.Helper()
	a, err := w.store.Begin(t.Context(), k, [32]byte{body}, at)
	e, _ := fault.Of(err)
	switch {
	case e != nil:
		return e.Code
	case err != nil:
		t.Fatal(err)
	case a != nil:
		return "replayed"
	}
	return "go on"
}

func TestAKeyBelongsToOnePersonAndOneRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := identity.IdempotencyKey{Person: w.person, Key: "k", Operation: "enrol"}
	other, second, elsewhere := mine, mine, mine
	other.Person, second.Key, elsewhere.Operation = w.opens(t, "han@example.cn"), "l", "submit"
	for _, tc := range []struct {
		name string
		key  identity.IdempotencyKey
		body byte
		want string
	}{
		{"the first goes on", mine, 1, "go on"},
		{"the same meanwhile is under way", mine, 1, "request-under-way"},
		{"another body is refused", mine, 2, "idempotency-key-reused"},
		{"another operation is refused", elsewhere, 1, "idempotency-key-reused"},
		{"another person's goes on", other, 2, "go on"},
		{"another key goes on", second, 1, "go on"},
	} {
		if got := w.begun(t, tc.key, tc.body, noon); got != tc.want {
			t.Errorf("%s: %q", tc.name, got)
		}
	}
	if err := w.store.Finish(t.Context(), mine, identity.FirstAnswer{Status: 204}); err != nil {
		t.Fatal(err)
	}
	if got := w.begun(t, other, 2, noon); got != "request-under-way" {
		t.Errorf("one's answer became another's: %q", got)
	}
	a, err := w.store.Begin(t.Context(), mine, [32]byte{1}, noon)
	if err != nil || a == nil || a.Status != 204 || len(a.Headers) != 0 || len(a.Body) != 0 {
		t.Errorf("an answer without a body is replayed as %+v, %v", a, err)
	}
	if got := w.begun(t, mine, 2, noon); got != "idempotency-key-reused" {
		t.Errorf("another body after the answer: %q", got)
	}
}

func TestAKeyGivenBackIsFreeAndOneAnsweredIsNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := identity.IdempotencyKey{Person: w.person, Key: "k", Operation: "enrol"}
	giveBack := func() {
		t.Helper()
		if err := w.store.Abandon(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	giveBack() // what nobody took
	w.begun(t, k, 1, noon)
	giveBack()
	if got := w.begun(t, k, 2, noon); got != "go on" {
		t.Errorf("after a refusal, with another body: %q", got)
	}
	if err := w.store.Finish(t.Context(), k, identity.FirstAnswer{Status: 200, Body: []byte("第一次")}); err != nil {
		t.Fatal(err)
	}
	giveBack()
	if got := w.begun(t, k, 2, noon.Add(time.Hour)); got != "replayed" {
		t.Errorf("an answer was given back: %q", got)
	}
}

func TestTheKeyOfADeadServerIsTakenOverByItsRequestAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := identity.IdempotencyKey{Person: w.person, Key: "k", Operation: "enrol"}
	elsewhere := k
	elsewhere.Operation = "submit"
	w.begun(t, k, 1, noon)
	for _, tc := range []struct {
		name string
		key  identity.IdempotencyKey
		body byte
		at   time.Duration
		want string
	}{
		{"within the minute it may still live", k, 1, time.Minute, "request-under-way"},
		{"another body does not take it over", k, 2, time.Hour, "idempotency-key-reused"},
		{"another operation neither", elsewhere, 1, time.Hour, "idempotency-key-reused"},
		{"after the minute the same request does", k, 1, time.Minute + time.Second, "go on"},
		{"and holds it for a minute of its own", k, 1, 2 * time.Minute, "request-under-way"},
	} {
		if got := w.begun(t, tc.key, tc.body, noon.Add(tc.at)); got != tc.want {
			t.Errorf("%s: %q", tc.name, got)
		}
	}
}

func TestOfManyAtOnceOneGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := identity.IdempotencyKey{Person: w.person, Key: "k", Operation: "enrol"}
	for _, at := range []time.Time{noon, noon.Add(time.Hour)} { // new, and abandoned
		var goOn, wait atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				a, err := w.store.Begin(t.Context(), k, [32]byte{1}, at)
				if e, _ := fault.Of(err); e != nil && e.Code == "request-under-way" {
					wait.Add(1)
				} else if err == nil && a == nil {
					goOn.Add(1)
				}
			})
		}
		all.Wait()
		if goOn.Load() != 1 || wait.Load() != 7 {
			t.Errorf("%d went on, %d were told to wait", goOn.Load(), wait.Load())
		}
	}
}
