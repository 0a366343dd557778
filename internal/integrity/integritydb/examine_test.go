package integritydb_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/integrity/integritydb"
	"github.com/hourglass-lms/hourglass/internal/integrity/integrityjob"
	"github.com/hourglass-lms/hourglass/internal/study"
)

var quiet = slog.New(slog.DiscardHandler)

func (w *world) open() []integrity.Flag {
	w.t.Helper()
	items, _, n, err := w.store.List(w.t.Context(), integrity.Filter{Depts: []uuid.UUID{w.province}, State: integrity.Open})
	if err != nil || n != len(items) {
		w.t.Fatal(n, len(items), err)
	}
	return items
}

func TestASessionIsExaminedOnceWhoeverSweeps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	session := w.studied(w.people[0], nil, fast())
	var sweeps sync.WaitGroup
	for range 3 {
		sweeps.Go(func() { w.sweep() })
	}
	sweeps.Wait()
	if n := w.sweep(); n != 0 {
		t.Errorf("%d sessions wait after they were examined", n)
	}
	flags := w.open()
	if len(flags) != 1 || flags[0].Kind != integrity.FastAnswers || len(flags[0].Sessions) != 1 || flags[0].Sessions[0] != session {
		t.Fatalf("flags %+v", flags)
	}
	if f := flags[0]; f.Org.ID != w.company || f.Figures.Fast != 4 || f.Person.ID != w.people[0].Person {
		t.Errorf("flag %+v", f)
	}
	if n := w.count(`SELECT count(*) FROM audit_events WHERE action = 'integrity-flag.raise' AND actor_id IS NULL AND org_id = $1`, w.company); n != 1 {
		t.Errorf("raised %d times in the audit trail", n)
	}
}

func TestAFlagTakesNoCreditAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	session := w.studied(w.people[0], nil, fast())
	before, err := w.sessions.Evidence(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	w.sweep()
	flag := w.open()[0]
	if err := w.store.Decide(t.Context(), integrity.Decision{Flag: flag.ID, By: w.officer, Depts: []uuid.UUID{w.province}, Uphold: true, Reason: "程序作答"}); err != nil {
		t.Fatal(err)
	}
	after, err := w.sessions.Evidence(t.Context(), session)
	if err != nil || after.Sums() != before.Sums() || !after.Intact() || !after.Whole {
		t.Errorf("credit was %+v and is %+v, %v", before.Sums(), after.Sums(), err)
	}
}

func TestWhatIsFoundAgainGoesIntoTheOpenFlag(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	first := w.studied(w.people[0], nil, fast())
	w.sweep()
	second := w.studied(w.people[0], nil, fast())
	w.sweep()
	flags := w.open()
	if len(flags) != 1 || len(flags[0].Sessions) != 2 || flags[0].Sessions[0] != second || flags[0].Sessions[1] != first || flags[0].Figures.Fast != 8 {
		t.Fatalf("flags %+v", flags)
	}
	if err := w.store.Decide(t.Context(), integrity.Decision{Flag: flags[0].ID, By: w.officer, Depts: []uuid.UUID{w.province}, Reason: "已核实"}); err != nil {
		t.Fatal(err)
	}
	w.studied(w.people[0], nil, slow())
	w.sweep()
	if flags := w.open(); len(flags) != 0 {
		t.Errorf("what was dismissed was raised again: %+v", flags)
	}
	third := w.studied(w.people[0], nil, fast())
	w.sweep()
	if flags := w.open(); len(flags) != 1 || len(flags[0].Sessions) != 1 || flags[0].Sessions[0] != third {
		t.Errorf("after the decision there are %+v", flags)
	}
}

func TestADeviceIsAskedAboutFromTheFifthPersonOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 6)
	device := []byte("sixteen bytes ok")
	for i, p := range w.people[:5] {
		if n := len(w.open()); n != 0 {
			t.Fatalf("%d flags after %d people", n, i)
		}
		w.studied(p, device, slow())
		w.sweep()
	}
	flags := w.open()
	if len(flags) != 1 || flags[0].Kind != integrity.SharedDevice || flags[0].Figures.People != 5 {
		t.Fatalf("flags %+v", flags)
	}
	if err := w.store.Decide(t.Context(), integrity.Decision{Flag: flags[0].ID, By: w.officer, Depts: []uuid.UUID{w.province}, Reason: "培训教室"}); err != nil {
		t.Fatal(err)
	}
	w.studied(w.people[5], device, slow())
	w.sweep()
	if flags := w.open(); len(flags) != 0 {
		t.Errorf("a training room was asked about again: %+v", flags)
	}
}

// stumbling fails on one session.
type stumbling struct {
	integrityjob.Store
	on uuid.UUID
}

func (s stumbling) Examine(ctx context.Context, e study.Evidence) ([]integrity.Kind, error) {
	if e.ID == s.on {
		return nil, errors.New("cut")
	}
	return s.Store.Examine(ctx, e)
}

func TestASessionThatFailsHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	bad := w.studied(w.people[0], nil, slow())
	w.studied(w.people[1], nil, slow())
	s := integrityjob.Sweeper{Store: stumbling{w.store, bad}, Evidence: w.sessions.Evidence, Logger: quiet}
	if _, err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	left, err := w.store.Unexamined(t.Context(), integritydb.Place{}, 10)
	if err != nil || len(left) != 1 || left[0].Session != bad {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestASessionThatIsOpenIsNotExamined(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	session := w.studied(w.people[0], nil, fast())
	w.exec(`UPDATE study_sessions SET closed_ms = NULL WHERE id = $1`, session)
	e, err := w.sessions.Evidence(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	if raised, err := w.store.Examine(t.Context(), e); err != nil || raised != nil || w.sweep() != 0 {
		t.Errorf("raised %v, %v", raised, err)
	}
}

func TestDigestsAreForgottenWhenNoRuleLooksBackToThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.studied(w.people[0], nil, slow())
	w.sweep()
	for _, tc := range []struct {
		after time.Duration
		left  int
	}{{30 * 24 * time.Hour, 1}, {61 * 24 * time.Hour, 0}} {
		w.now = morning.Add(tc.after)
		if err := w.store.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := w.count(`SELECT count(*) FROM integrity_digests`); n != tc.left {
			t.Errorf("after %s there are %d digests", tc.after, n)
		}
	}
}

func TestAFlagIsDecidedOnceByAnOfficerOfItsJurisdiction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.studied(w.people[0], nil, fast())
	w.sweep()
	flag := w.open()[0].ID
	here, there := []uuid.UUID{w.province}, []uuid.UUID{w.elsewhere}
	for _, tc := range []struct {
		name string
		d    integrity.Decision
		want fault.Kind
	}{
		{"without a reason", integrity.Decision{By: w.officer, Depts: here, Reason: "  "}, fault.Invalid},
		{"of another province", integrity.Decision{By: w.officer, Depts: there, Reason: "x"}, fault.NotFound},
		{"about oneself", integrity.Decision{By: w.people[0].Person, Depts: here, Reason: "x"}, fault.Forbidden},
	} {
		tc.d.Flag = flag
		if err := w.store.Decide(t.Context(), tc.d); fault.KindOf(err) != tc.want {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if n := w.count(`SELECT count(*) FROM audit_events WHERE action = 'integrity-flag.decide'`); n != 0 {
		t.Errorf("refused decisions left %d traces", n)
	}
	var done, late int
	var mu sync.Mutex
	var officers sync.WaitGroup
	for range 4 {
		officers.Go(func() {
			err := w.store.Decide(t.Context(), integrity.Decision{Flag: flag, By: w.officer, Depts: here, Uphold: true, Reason: "程序作答"})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				done++
			case fault.KindOf(err) == fault.Conflict:
				late++
			default:
				t.Error(err)
			}
		})
	}
	officers.Wait()
	if done != 1 || late != 3 {
		t.Errorf("%d decided, %d came too late", done, late)
	}
	if n := w.count(`SELECT count(*) FROM audit_events WHERE action = 'integrity-flag.decide' AND actor_id = $1 AND after ->> 'state' = 'upheld' AND before ->> 'state' = 'open'`, w.officer); n != 1 {
		t.Errorf("the decision stands %d times in the audit trail", n)
	}
}

func TestTheQueueIsReadPageByPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 5)
	for _, p := range w.people {
		w.studied(p, nil, fast())
	}
	w.sweep()
	seen, cursor := map[uuid.UUID]bool{}, ""
	for range 3 {
		items, next, open, err := w.store.List(t.Context(), integrity.Filter{Depts: []uuid.UUID{w.province}, State: integrity.Open, Limit: 2, Cursor: cursor})
		if err != nil || open != 5 {
			t.Fatal(open, err)
		}
		for _, f := range items {
			seen[f.ID] = true
		}
		if next == nil {
			break
		}
		cursor = *next
	}
	if len(seen) != 5 {
		t.Errorf("%d flags were seen", len(seen))
	}
	for _, f := range []integrity.Filter{
		{Depts: []uuid.UUID{w.elsewhere}, State: integrity.Open},
		{State: integrity.Open},
		{Depts: []uuid.UUID{w.province}, State: integrity.Upheld},
		{Depts: []uuid.UUID{w.province}, State: integrity.Open, Kind: integrity.Metronome},
		{Depts: []uuid.UUID{w.province}, State: integrity.Open, Severity: integrity.Notice},
	} {
		if items, _, _, err := w.store.List(t.Context(), f); err != nil || len(items) != 0 {
			t.Errorf("%+v shows %d flags, %v", f, len(items), err)
		}
	}
	if _, _, _, err := w.store.List(t.Context(), integrity.Filter{Cursor: "x"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a foreign cursor: %v", err)
	}
}
