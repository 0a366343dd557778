package identityredis_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identityredis"
	"github.com/hourglass-lms/hourglass/storage/redis/redistest"
)

var hourly = identity.Limit{Burst: 3, Every: time.Hour}

type bucket struct {
	*identityredis.Throttle
	t    *testing.T
	name string
}

func (b bucket) take(l identity.Limit) time.Duration {
	b.t.Helper()
	wait, err := b.Take(b.t.Context(), b.name, l)
	if err != nil {
		b.t.Fatal(err)
	}
	return wait
}

func (b bucket) giveBack(l identity.Limit) {
	b.t.Helper()
	if err := b.GiveBack(b.t.Context(), b.name, l); err != nil {
		b.t.Fatal(err)
	}
}

func (b bucket) takeAll(l identity.Limit) {
	b.t.Helper()
	for i := range l.Burst {
		if wait := b.take(l); wait != 0 {
			b.t.Fatalf("try %d waits %v", i+1, wait)
		}
	}
}

func TestABucketHoldsItsBurstAndRefusesTheNext(t *testing.T) {
	t.Parallel()
	b := bucket{identityredis.New(redistest.New(t)), t, "a"}
	b.takeAll(hourly)
	for range 5 { // a refusal does not make the wait longer
		if wait := b.take(hourly); wait <= 59*time.Minute || wait > time.Hour {
			t.Errorf("waits %v", wait)
		}
	}
	bucket{b.Throttle, t, "b"}.takeAll(hourly)
}

func TestABucketFillsAgainByItself(t *testing.T) {
	t.Parallel()
	client := redistest.New(t)
	b := bucket{identityredis.New(client), t, "a"}
	quick := identity.Limit{Burst: 2, Every: 300 * time.Millisecond}
	b.takeAll(quick)
	wait := b.take(quick)
	if wait <= 0 || wait > quick.Every {
		t.Fatalf("waits %v", wait)
	}
	time.Sleep(wait)
	if wait := b.take(quick); wait != 0 {
		t.Errorf("whoever came back in time waits %v", wait)
	}
	if wait := b.take(quick); wait == 0 {
		t.Error("more than one try came back")
	}
	time.Sleep(time.Duration(quick.Burst)*quick.Every + 50*time.Millisecond)
	if left := client.Keys(t.Context(), "*").Val(); len(left) != 0 {
		t.Errorf("a full bucket is still kept: %v", left)
	}
	b.takeAll(quick)
}

func TestWhatIsGivenBackCanBeTakenAgainAndNoMore(t *testing.T) {
	t.Parallel()
	b := bucket{identityredis.New(redistest.New(t)), t, "a"}
	b.takeAll(hourly)
	b.giveBack(hourly)
	if wait := b.take(hourly); wait != 0 {
		t.Errorf("what was given back waits %v", wait)
	}
	if b.take(hourly) == 0 {
		t.Error("one given back was taken twice")
	}
	for range 10 {
		b.giveBack(hourly)
	}
	b.takeAll(hourly)
	if b.take(hourly) == 0 {
		t.Error("a bucket holds more than its burst")
	}
}

func TestManyServersTogetherTakeNoMoreThanTheBurst(t *testing.T) {
	t.Parallel()
	client := redistest.New(t)
	var taken atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			server := identityredis.New(client)
			for range 5 {
				wait, err := server.Take(t.Context(), "a", identity.Limit{Burst: 11, Every: time.Hour})
				if err != nil {
					t.Error(err)
				} else if wait == 0 {
					taken.Add(1)
				}
			}
		})
	}
	all.Wait()
	if taken.Load() != 11 {
		t.Errorf("%d were taken", taken.Load())
	}
}

func TestALookIntoRedisTellsNobodysAddressAndEveryKeyEnds(t *testing.T) {
	t.Parallel()
	client := redistest.New(t)
	bucket{identityredis.New(client), t, "sign-in account li.lei@example.cn"}.takeAll(hourly)
	keys := client.Keys(t.Context(), "*").Val()
	if len(keys) != 1 || !strings.HasPrefix(keys[0], "hourglass:tries:") || strings.Contains(keys[0], "lei") {
		t.Fatalf("keys %q", keys)
	}
	if left := client.PTTL(t.Context(), keys[0]).Val(); left <= 0 || left > 3*time.Hour {
		t.Errorf("it ends in %v", left)
	}
}

func TestRedisAwayIsSaidSoonAndForgottenWhenItIsBack(t *testing.T) {
	t.Parallel()
	client, server := redistest.NewServer(t)
	b := bucket{identityredis.New(client), t, "a"}
	b.takeAll(hourly)
	server.Kill()
	start := time.Now()
	if _, err := b.Take(t.Context(), "a", hourly); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("taken: %v", err)
	}
	if err := b.GiveBack(t.Context(), "a", hourly); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("given back: %v", err)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("a sign-in was held up for %v", took)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err := b.Take(t.Context(), "another", hourly); err == nil {
			break
		} else if time.Now().After(end) {
			t.Fatalf("it stays away: %v", err)
		}
	}
}

func TestAScriptThatRedisForgotIsSentAgain(t *testing.T) {
	t.Parallel()
	client := redistest.New(t)
	b := bucket{identityredis.New(client), t, "a"}
	b.take(hourly)
	if err := client.ScriptFlush(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	b.take(hourly)
}
