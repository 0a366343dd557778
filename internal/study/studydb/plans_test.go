package studydb_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// statements notes every statement that speaks of study, with what it was called with.
type statements struct {
	mu  sync.Mutex
	all map[string][]any
}

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.Contains(q.SQL, "study_") && !strings.Contains(q.SQL, "study_drop_day") {
		s.all[q.SQL] = q.Args
	}
	return ctx
}

func (s *statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// What runs by the beat, by the session or in housekeeping reads no beats and
// no sessions of others: everything is found by an index.
func TestNothingIsLookedForInAllBeats(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 3)
	seen := &statements{all: map[string][]any{}}
	db, err := pg.Open(t.Context(), pg.Options{URL: d.db.Pool().Config().ConnString(), MaxConns: 4, Tracer: seen})
	must(t, err)
	t.Cleanup(db.Close)
	plain := d.db
	d.db, d.store = db, studydb.New(db, ignore)
	l, err := d.learner(t.Context(), firstDay)
	must(t, err)
	must(t, l.study(40))
	must(t, l.study(3))
	_, err = figures(l)
	must(t, err)
	again := l.kept[:2]
	again[0].Again = true
	if _, err := d.store.Keep(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	later := time.UnixMilli(l.now).AddDate(0, 0, 9)
	_, err = d.store.CloseAbandoned(t.Context(), later, 10)
	must(t, err)
	if n, err := d.store.Compact(t.Context(), later, 10); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	_, _, err = sums(l)
	must(t, err)
	clean(t, d, studydb.Scope{}, 2)
	_, err = d.store.DropBeats(t.Context(), later, 24*time.Hour)
	must(t, err)
	_, err = d.store.DropRecords(t.Context(), later, 10, 10)
	must(t, err)
	if len(seen.all) < 20 {
		t.Fatalf("only %d statements were seen", len(seen.all))
	}
	conn, err := plain.Pool().Acquire(t.Context())
	must(t, err)
	defer conn.Release()
	// The tables here are so small that reading them through is cheapest; without that, only what no index serves is read so.
	_, err = conn.Exec(t.Context(), `SET enable_seqscan = off`)
	must(t, err)
	for sql, args := range seen.all {
		rows, err := conn.Query(t.Context(), "EXPLAIN "+sql, args...)
		must(t, err)
		plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
		must(t, err)
		for _, line := range plan {
			if strings.Contains(line, "Seq Scan on study_") {
				t.Errorf("%s\nis done by\n%s", sql, strings.Join(plan, "\n"))
				break
			}
		}
	}
}
