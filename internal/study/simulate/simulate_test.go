package simulate_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/simulate"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
	"github.com/hourglass-lms/hourglass/storage/redis/redistest"
)

func options(t *testing.T) simulate.Options {
	t.Helper()
	_, server := redistest.NewServer(t)
	return simulate.Options{
		PostgresURL: pgtest.URL(t), RedisURL: func(n int) string { return fmt.Sprintf("%s?db=%d", server.URL(), n) }, Seed: 1, Histories: 200,
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
	r := run(t, options(t))
	for _, b := range r.Violations {
		t.Errorf("history %d:\n%s\n%s", b.Seed, strings.Join(b.What, "\n"), b.Story)
	}
	// A run in which nothing happens proves nothing.
	if r.Histories != 200 || r.Sessions < 300 || r.Answered < 1500 || r.Evidence < 1300 || r.Faults < 200 || r.CreditedS < 7000 {
		t.Errorf("too little happened: %+v", r)
	}
}

// An engine that lets people play at four times the speed keeps every promise
// but the documented rate: the oracle does not ask the product for its rules.
func TestTheOracleFindsAnEngineWithOtherRules(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Policy = study.Policy{MaxRate: 400}.OrDefaults()
	r := run(t, o)
	for _, b := range r.Violations {
		if strings.Contains(strings.Join(b.What, "\n"), "rate: ") {
			return
		}
	}
	t.Errorf("%d histories at up to four times the speed, and nothing was found", r.Histories)
}

func TestASeedIsAHistory(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Histories = 30
	var stories [2]map[uint64]string
	for i, workers := range []int{1, 4} {
		var mu sync.Mutex
		stories[i] = map[uint64]string{}
		o.Workers = workers
		o.Each = func(seed uint64, story string) {
			mu.Lock()
			defer mu.Unlock()
			stories[i][seed] = story
		}
		run(t, o)
	}
	for seed, story := range stories[0] {
		if story != stories[1][seed] {
			t.Errorf("history %d went two ways:\n%s\n\n%s", seed, story, stories[1][seed])
		}
	}
}
