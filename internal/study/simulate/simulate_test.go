package simulate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/study/simulate"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
	"github.com/hourglass-lms/hourglass/storage/redis/redistest"
)

func options(t *testing.T, histories int) simulate.Options {
	t.Helper()
	_, server := redistest.NewServer(t)
	databases := []string{pgtest.URL(t), pgtest.URL(t)}
	return simulate.Options{
		PostgresURL: func(n int) string { return databases[n] }, RedisURL: func(n int) string { return fmt.Sprintf("%s?db=%d", server.URL(), n) },
		Histories: histories, Workers: len(databases),
	}
}

func run(t *testing.T, o simulate.Options) simulate.Report {
	t.Helper()
	r, err := simulate.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestNoHistoryBreaksAPromise(t *testing.T) {
	t.Parallel()
	o := options(t, 256)
	stories := map[uint64]string{}
	o.Each = func(seed uint64, story string) { stories[seed] = story }
	r := run(t, o)
	for _, b := range r.Violations {
		t.Errorf("history %d:\n%s\n%s", b.Seed, strings.Join(b.What, "\n"), b.Story)
	}
	// A run in which nothing happens proves nothing.
	c := r.Checks
	if r.Histories != 256 || r.Sessions < 400 || r.Answered < 2000 || r.Evidence < 1800 || r.Faults < 400 || r.ConfirmedMS < 7_000_000 || r.Completed < 50 ||
		c.Passed < 200 || c.Wrong == 0 || c.Missed < 20 || c.Extended < 20 || c.Owed == 0 || r.ForfeitedMS == 0 {
		t.Errorf("too little happened: %+v", r)
	}

	// The last one again, by its seed, elsewhere.
	again := options(t, 1)
	again.Seed = 255
	again.Each = func(seed uint64, story string) {
		if story != stories[seed] {
			t.Errorf("history %d went two ways:\n%s\n\n%s", seed, stories[seed], story)
		}
	}
	if r := run(t, again); r.Histories != 1 {
		t.Errorf("%d histories were played again", r.Histories)
	}
}

// An engine that lets people play at sixteen times the speed keeps every promise
// but the documented rate: the oracle does not ask the product for its rules.
func TestTheOracleFindsAnEngineWithOtherRules(t *testing.T) {
	t.Parallel()
	o := options(t, 128)
	o.Policy = simulate.Checked()
	o.Policy.MaxRate = 1600
	for _, b := range run(t, o).Violations {
		if strings.Contains(strings.Join(b.What, "\n"), "rate: ") {
			return
		}
	}
	t.Error("128 histories at up to sixteen times the speed, and nothing was found")
}
