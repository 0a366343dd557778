package studydb_test

import (
	"context"
	"reflect"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
)

var firstDay = time.Date(2021, 3, 1, 0, 0, 0, 0, time.UTC)

// wander lets somebody study at random: seeking, pausing, answering rightly,
// wrongly or not at all, asking for time, taking over, in both lessons.
func wander(rt *rapid.T, l *learner) error {
	if err := l.open(rapid.IntRange(0, 1).Draw(rt, "lesson")); err != nil {
		return err
	}
	for range rapid.IntRange(10, 40).Draw(rt, "beats") {
		what := rapid.IntRange(0, 19).Draw(rt, "what")
		if what == 0 {
			if err := l.open(rapid.IntRange(0, 1).Draw(rt, "lesson")); err != nil {
				return err
			}
			continue
		}
		pass := rapid.Int64Range(2000, 40_000).Draw(rt, "pass")
		l.now += pass
		if what == 1 {
			l.now += 400_000
		}
		var r study.Report
		if what > 3 {
			r = l.plays(rapid.Int64Range(pass/2, pass).Draw(rt, "ms"))
		}
		if what == 4 {
			from := rapid.Int64Range(0, lessonMS-10_000).Draw(rt, "seek")
			r.Spans = []study.Span{{FromMS: from, ToMS: from + 2500, Rate: 100}, {FromMS: from / 2, ToMS: from/2 + 1100, Rate: 50}}
			if l.session.Reading() {
				r.Spans = r.Spans[:1]
			}
		}
		r.State = uint8(what % 4)
		if l.state.Check.Open() && what%2 == 0 {
			r.Reply = &study.Reply{ID: l.state.Check.ID, Right: what < 14, MoreTime: what >= 16}
		}
		if l.state.Check.Paused() {
			r.Spans = nil // nothing else is taken
		}
		if err := l.beat(r); err != nil {
			return err
		}
	}
	return l.close()
}

// figures are everything a rebuild finds of each session.
func figures(l *learner) (out []study.State, err error) {
	for _, n := range l.all {
		if n, err = l.d.store.Session(l.ctx, n.ID); err != nil {
			return nil, err
		}
		_, s, err := l.d.store.Rebuild(l.ctx, n)
		if err != nil {
			return nil, err
		}
		s.Covered, s.Pending = tidy(s.Covered), tidy(s.Pending)
		out = append(out, s)
	}
	return out, nil
}

func tidy(b study.Bits) (out study.Bits) {
	for _, i := range b.Intervals() {
		for n := i[0]; n < i[1]; n++ {
			out, _ = out.With(int64(n))
		}
	}
	return out
}

// sums are what became of the credit of each session.
func sums(l *learner) (out []study.Sums, beats int, err error) {
	for _, n := range l.all {
		e, err := l.d.store.Evidence(l.ctx, n.ID)
		if err != nil {
			return nil, 0, err
		}
		if e.Whole && !e.Intact() {
			return nil, 0, study.ErrBroken
		}
		beats += e.Beats
		out = append(out, e.Sums())
	}
	return out, beats, nil
}

// Compaction changes nothing that anybody is shown or a rebuild finds: neither
// while the beats are there, nor when they are gone.
func TestWhatIsCompactedLeadsToTheSameFigures(t *testing.T) {
	t.Parallel()
	d, day := newDesk(t, 6), firstDay
	d.policy.CreditHour, d.policy.CheckGap = 2*time.Minute, 20*time.Second
	var seen [study.Extended + 1]int
	rapid.Check(t, func(rt *rapid.T) {
		day = day.AddDate(0, 0, 2)
		d.policy.ChecksPerHour = rapid.SampledFrom([]int{3, 3, 3, 0}).Draw(rt, "checks")
		l, err := d.learner(t.Context(), day)
		must(rt, err)
		must(rt, wander(rt, l))
		before, err := figures(l)
		must(rt, err)
		sumsBefore, beats, err := sums(l)
		must(rt, err)
		if beats != len(l.kept) {
			rt.Fatalf("%d beats are shown of %d", beats, len(l.kept))
		}
		same := func(when string) {
			after, err := figures(l)
			must(rt, err)
			for i := range before {
				if !reflect.DeepEqual(before[i], after[i]) {
					rt.Fatalf("%s session %d of %d is\n%+v, was\n%+v", when, i, len(before), after[i], before[i])
				}
			}
			sumsAfter, n, err := sums(l)
			must(rt, err)
			if n != beats || !reflect.DeepEqual(sumsAfter, sumsBefore) {
				rt.Fatalf("%s the sums are %+v of %d beats, were %+v of %d", when, sumsAfter, n, sumsBefore, beats)
			}
		}
		later := time.UnixMilli(l.now).Add(8 * 24 * time.Hour)
		if n, err := d.store.Compact(t.Context(), later, 1000); err != nil || n != len(l.all) {
			rt.Fatalf("%d of %d sessions were compacted (%v)", n, len(l.all), err)
		}
		same("compacted,")
		clean(rt, d, studydb.Scope{Day: day}, len(l.all))
		dropped, err := d.store.DropBeats(t.Context(), later, 24*time.Hour)
		must(rt, err)
		if len(dropped) != 2 {
			rt.Fatalf("dropped %v", dropped)
		}
		same("without its beats,")
		if f := clean(rt, d, studydb.Scope{Day: day}, len(l.all)); f.Beats != 0 || f.Records != int64(len(l.all)) {
			rt.Fatalf("%+v", f)
		}
		for _, r := range l.kept {
			seen[r.Presence]++
		}
	})
	if seen[study.Asked] == 0 || seen[study.Passed] == 0 || seen[study.Missed] == 0 {
		t.Errorf("the histories are too tame: %v beats of each outcome", seen)
	}
}

type failer interface{ Fatalf(string, ...any) }

func must(t failer, err error) {
	if err != nil {
		t.Fatalf("%v", err)
	}
}

func clean(t failer, d *desk, scope studydb.Scope, sessions int) studydb.Findings {
	f, err := d.store.Verify(context.Background(), scope, d.policy)
	if err != nil || f.Mistakes != 0 || f.Sessions != int64(sessions) {
		t.Fatalf("of %d sessions it finds %+v (%v)", sessions, f, err)
	}
	return f
}

func TestASessionIsCompactedWhenItWasExaminedOrAWeekHasPassed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 3)
	for i, tc := range []struct {
		name     string
		end      func(*learner) error
		examined bool
		after    time.Duration
		want     int
	}{
		{"an open one is not", func(*learner) error { return nil }, true, 30 * 24 * time.Hour, 0},
		{"a closed one waits to be examined", (*learner).close, false, 6 * 24 * time.Hour, 0},
		{"one that was examined does not wait", (*learner).close, true, time.Minute, 1},
		{"nor does one that nobody examines wait for ever", (*learner).close, false, 8 * 24 * time.Hour, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l, err := d.learner(t.Context(), firstDay.AddDate(0, 0, i))
			must(t, err)
			must(t, l.open(0))
			l.now += 5000
			must(t, l.beat(l.plays(4000)))
			must(t, tc.end(l))
			_, err = d.db.Pool().Exec(t.Context(), `UPDATE study_sessions SET examined = $2 WHERE id = $1`, l.session.ID, tc.examined)
			must(t, err)
			if n, err := d.store.Compact(t.Context(), time.UnixMilli(l.now).Add(tc.after), 100); n != tc.want || err != nil {
				t.Errorf("%d were compacted (%v)", n, err)
			}
			// Out of the way of the next.
			_, err = d.db.Pool().Exec(t.Context(), `UPDATE study_sessions SET closed_ms = NULL, examined = false WHERE id = $1 AND NOT compacted`, l.session.ID)
			must(t, err)
		})
	}
}

func TestTwoCompactorsDoEachSessionOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 3)
	l, err := d.learner(t.Context(), firstDay)
	must(t, err)
	for range 120 {
		must(t, l.study(2))
	}
	var wait sync.WaitGroup
	done := make([]int, 3)
	for i := range done {
		wait.Go(func() {
			var err error
			if done[i], err = d.store.Compact(t.Context(), time.UnixMilli(l.now).AddDate(0, 0, 9), 1000); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	left, err := d.store.Compact(t.Context(), time.UnixMilli(l.now).AddDate(0, 0, 9), 1000)
	must(t, err)
	if sum := done[0] + done[1] + done[2] + left; sum != 120 {
		t.Errorf("%v and %d of 120", done, left)
	}
	if f := clean(t, d, studydb.Scope{}, 120); f.Records != 120 || f.Beats != 240 {
		t.Errorf("%+v", f)
	}
}

// Cut off at any statement, compaction leaves a session as it was or whole.
func TestACompactionThatIsCutOffIsDoneAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 3)
	l, err := d.learner(t.Context(), firstDay)
	must(t, err)
	for range 3 {
		must(t, l.study(12))
	}
	for _, sql := range []string{
		`CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'cut'; END $$`,
		`CREATE TRIGGER cut AFTER UPDATE OF compacted ON study_sessions FOR EACH ROW EXECUTE FUNCTION cut()`,
	} {
		_, err := d.db.Pool().Exec(t.Context(), sql)
		must(t, err)
	}
	later := time.UnixMilli(l.now).AddDate(0, 0, 9)
	if n, err := d.store.Compact(t.Context(), later, 100); err == nil || n != 0 {
		t.Fatalf("%d were compacted (%v)", n, err)
	}
	var records int
	must(t, d.db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM study_evidence`).Scan(&records))
	if records != 0 {
		t.Fatalf("%d records stayed", records)
	}
	_, err = d.db.Pool().Exec(t.Context(), `DROP TRIGGER cut ON study_sessions`)
	must(t, err)
	if n, err := d.store.Compact(t.Context(), later, 100); err != nil || n != 3 {
		t.Fatalf("%d were compacted (%v)", n, err)
	}
	clean(t, d, studydb.Scope{}, 3)
}

func TestSessionsLeftOpenAreEndedAndCompacted(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 3)
	l, err := d.learner(t.Context(), firstDay)
	must(t, err)
	must(t, l.open(0))
	l.now += 10_000
	must(t, l.beat(l.plays(9000)))
	for after, want := range map[time.Duration]int{24 * time.Hour: 0, 73 * time.Hour: 1} {
		if want == 0 {
			n, err := d.store.CloseAbandoned(t.Context(), time.UnixMilli(l.now).Add(after), 10)
			if n != 0 || err != nil {
				t.Fatalf("%d were ended after %s (%v)", n, after, err)
			}
		}
	}
	later := time.UnixMilli(l.now).Add(73 * time.Hour)
	if n, err := d.store.CloseAbandoned(t.Context(), later, 10); n != 1 || err != nil {
		t.Fatalf("%d were ended (%v)", n, err)
	}
	row, _ := l.state.LastRow(l.session.Meta)
	row.Seq++
	if kept, err := d.store.Keep(t.Context(), []study.Row{row}); err != nil || kept[0] != studydb.Refused {
		t.Fatalf("a beat after the end: %v (%v)", kept, err)
	}
	if n, err := d.store.Compact(t.Context(), later.AddDate(0, 0, 8), 10); n != 1 || err != nil {
		t.Fatalf("%d were compacted (%v)", n, err)
	}
}
