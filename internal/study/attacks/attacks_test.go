package attacks_test

import (
	"flag"
	"os"
	"testing"
)

// attack is one way to gain time that was not studied. What do leaves behind
// is judged by settle.
type attack struct {
	name string
	do   func(*scene)
}

// TestMain lets more attacks run at once than there are processors: they
// mostly wait for the clock.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "24"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func TestAttacks(t *testing.T) {
	st := raise(t)
	beside := st.beside(t)
	t.Run("attack", func(t *testing.T) {
		for _, a := range all() {
			t.Run(a.name, func(t *testing.T) {
				t.Parallel()
				s := &scene{T: t, st: st}
				a.do(s)
				s.settle()
				beside.lostNothing(t)
			})
		}
	})
	beside.end(t)
}

func all() (out []attack) {
	for _, of := range [][]attack{clock, rates, delivery, behindNginx, addresses, tokens, sessions, strangers, lessons, bodies, requests, coverage, presence, reading} {
		out = append(out, of...)
	}
	return out
}

func TestThereAreAttacksEnoughAndEachHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, a := range all() {
		if seen[a.name] {
			t.Errorf("two attacks are called %q", a.name)
		}
		seen[a.name] = true
	}
	if len(seen) < 60 {
		t.Errorf("only %d attacks", len(seen))
	}
}
