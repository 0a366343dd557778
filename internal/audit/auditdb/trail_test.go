package auditdb_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// world is two provinces; one has a city with an employer.
type world struct {
	t                                    *testing.T
	db                                   *pg.DB
	trail                                *auditdb.Store
	now                                  time.Time
	province, city, employer, elsewhere  uuid.UUID
	officer, worker, stranger, formerOne uuid.UUID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.New(t), now: noon}
	w.trail = auditdb.New(w.db, func() time.Time { return w.now })
	w.province = w.place("personnel_department", "provincial")
	w.city = w.place("personnel_department", "municipal", w.province)
	w.employer = w.place("employer", "", w.city, w.province)
	w.elsewhere = w.place("personnel_department", "provincial")
	w.officer, w.worker, w.stranger, w.formerOne = w.person("贺清源"), w.person("沈知远"), w.person("外人"), w.person("前员工")
	w.exec(`INSERT INTO memberships (id, person_id, org_id, role, since, until) VALUES
		(gen_random_uuid(), $1, $3, 'professional', $4::timestamptz - interval '1 year', NULL),
		(gen_random_uuid(), $2, $3, 'professional', $4::timestamptz - interval '1 year', $4::timestamptz - interval '1 day')`, w.worker, w.formerOne, w.employer, noon)
	return w
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Pool().Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) place(kind, level string, above ...uuid.UUID) uuid.UUID {
	id := uuid.New()
	var parent *uuid.UUID
	if len(above) > 0 {
		parent = &above[0]
	}
	w.exec(`INSERT INTO organisations (id, kind, level, name_zh, parent_id, lineage, created_at) VALUES ($1, $2, nullif($3, ''), $6, $4, $5, now())`,
		id, kind, level, parent, append([]uuid.UUID{id}, above...), id.String())
	return id
}

func (w *world) person(name string) uuid.UUID {
	id := uuid.New()
	w.exec(`INSERT INTO people (id, name, created_at) VALUES ($1, $2, now())`, id, name)
	return id
}

func (w *world) did(e audit.Event) {
	w.t.Helper()
	if e.ObjectKind == "" {
		e.ObjectKind, e.Object = "thing", uuid.New()
	}
	if err := w.trail.Note(w.t.Context(), e); err != nil {
		w.t.Fatal(err)
	}
	w.now = w.now.Add(time.Second)
}

func (w *world) finds(f audit.Filter) (out []string) {
	w.t.Helper()
	f.Limit = max(f.Limit, 100)
	list, err := w.trail.Search(w.t.Context(), f)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range list.Items {
		out = append(out, e.Action)
	}
	slices.Reverse(out)
	return out
}

func TestAReaderFindsWhatLiesWithinTheirReach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.did(audit.Event{Action: "a.province", Org: w.province})
	w.did(audit.Event{Action: "b.employer", Org: w.employer})
	w.did(audit.Event{Action: "c.elsewhere", Org: w.elsewhere})
	w.did(audit.Event{Action: "d.worker", Subject: w.worker})
	w.did(audit.Event{Action: "e.former", Subject: w.formerOne})
	w.did(audit.Event{Action: "f.stranger", Subject: w.stranger, Actor: w.worker})
	w.did(audit.Event{Action: "g.nobody"})
	w.did(audit.Event{Action: "h.away", Org: w.elsewhere, Subject: w.worker})
	for _, tc := range []struct {
		name  string
		scope audit.Scope
		want  string
	}{
		{"a province with all below", audit.Scope{Below: []uuid.UUID{w.province}}, "a.province b.employer d.worker h.away"},
		{"a city does not look up", audit.Scope{Below: []uuid.UUID{w.city}}, "b.employer d.worker h.away"},
		{"another province", audit.Scope{Below: []uuid.UUID{w.elsewhere}}, "c.elsewhere h.away"},
		{"a province without what is below", audit.Scope{Here: []uuid.UUID{w.province}}, "a.province"},
		{"everywhere", audit.Scope{Everywhere: true}, "a.province b.employer c.elsewhere d.worker e.former f.stranger g.nobody h.away"},
		{"nowhere", audit.Scope{}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := strings.Join(w.finds(audit.Filter{Scope: tc.scope}), " "); got != tc.want {
				t.Errorf("found %s, want %s", got, tc.want)
			}
		})
	}
}

func TestASearchChoosesByEachOfItsFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	object := uuid.New()
	w.did(audit.Event{Actor: w.officer, Action: "course.submit", ObjectKind: "course", Object: object, Org: w.employer})
	w.did(audit.Event{Actor: w.worker, Action: "course.publish", ObjectKind: "course", Object: uuid.New(), Org: w.city})
	w.did(audit.Event{Actor: w.officer, Action: "courses.count", ObjectKind: "courses", Object: object, Subject: w.worker, Org: w.province})
	all := audit.Scope{Everywhere: true}
	for _, tc := range []struct {
		name   string
		filter audit.Filter
		want   string
	}{
		{"by who did it", audit.Filter{Actor: w.officer}, "course.submit courses.count"},
		{"by whom it concerns", audit.Filter{Subject: w.worker}, "courses.count"},
		{"by what was done", audit.Filter{Action: "course.publish"}, "course.publish"},
		{"by all that was done to a kind", audit.Filter{Action: "course."}, "course.submit course.publish"},
		{"by the object", audit.Filter{Object: object}, "course.submit courses.count"},
		{"by the object and its kind", audit.Filter{Object: object, ObjectKind: "course"}, "course.submit"},
		{"by the organisation and what is below", audit.Filter{Org: w.city}, "course.submit course.publish"},
		{"by time", audit.Filter{From: noon.Add(time.Second), To: noon.Add(2 * time.Second)}, "course.publish"},
		{"before all of it", audit.Filter{From: noon.Add(-time.Hour), To: noon}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.filter.Scope = all
			if got := strings.Join(w.finds(tc.filter), " "); got != tc.want {
				t.Errorf("found %s, want %s", got, tc.want)
			}
		})
	}
}

func TestPagesOfTheTrailMissAndRepeatNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		w.did(audit.Event{Actor: w.officer, Action: "x.one"})
		w.now = w.now.Add(-time.Second) // all in the same moment
	}
	seen := map[uuid.UUID]bool{}
	f := audit.Filter{Scope: audit.Scope{Everywhere: true}, Limit: 2}
	for pages := 1; ; pages++ {
		list, err := w.trail.Search(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list.Items {
			if seen[e.ID] {
				t.Errorf("%s came twice", e.ID)
			}
			seen[e.ID] = true
		}
		if list.NextCursor == nil {
			if len(seen) != 5 || pages != 3 {
				t.Errorf("%d deeds on %d pages", len(seen), pages)
			}
			break
		}
		f.Cursor = *list.NextCursor
	}
	for _, cursor := range []string{"x", "AAAA", strings.Repeat("_", 32)} {
		f.Cursor = cursor
		if _, err := w.trail.Search(t.Context(), f); fault.KindOf(err) != fault.Invalid {
			t.Errorf("the cursor %q: %v", cursor, err)
		}
	}
}

func TestALookIsNotedOnceAnHourAndShownToWhomItConcerns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := audit.WithOrigin(t.Context(), audit.Origin{Address: "192.0.2.1"})
	look := func(reader uuid.UUID, after time.Duration) {
		t.Helper()
		w.now = w.now.Add(after)
		if err := w.trail.Viewed(ctx, reader, w.worker, w.employer); err != nil {
			t.Fatal(err)
		}
	}
	look(w.officer, 0)
	look(w.officer, 59*time.Minute)
	look(w.stranger, 0)
	look(w.worker, 0)
	look(uuid.Nil, 0)
	look(w.officer, 2*time.Minute)
	w.did(audit.Event{Actor: w.officer, Action: "membership.end", Subject: w.worker})
	list, err := w.trail.Looks(t.Context(), w.worker, 10, "")
	if err != nil || len(list.Items) != 3 || list.Items[0].Actor.Name != "贺清源" || list.Items[1].Actor.Name != "外人" || list.Items[2].Org.ID != w.employer || list.Items[0].Origin.Address != "192.0.2.1" {
		t.Errorf("the looks are %+v, %v", list.Items, err)
	}
	if list, err = w.trail.Looks(t.Context(), w.stranger, 10, ""); err != nil || len(list.Items) != 0 {
		t.Errorf("somebody else's looks are %+v, %v", list.Items, err)
	}
}

func TestADeedThatFailsLeavesNoTraceAndASecretFailsTheDeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	err := w.db.InTx(t.Context(), func(ctx context.Context, tx *pg.Tx) error {
		if err := auditdb.Append(ctx, tx, noon, audit.Event{Action: "x.undone", ObjectKind: "x"}); err != nil {
			return err
		}
		return context.Canceled
	})
	if err == nil || len(w.finds(audit.Filter{Scope: audit.Scope{Everywhere: true}})) != 0 {
		t.Errorf("the trail holds what was not done: %v", err)
	}
	for _, e := range []audit.Event{
		{Action: "x.y", ObjectKind: "x", After: map[string]any{"password": "correct horse"}},
		{Action: "x.y", ObjectKind: "x", Before: map[string]any{"id_number": "1"}},
	} {
		if err := w.trail.Note(t.Context(), e); err == nil || strings.Contains(err.Error(), "correct horse") {
			t.Errorf("%+v was kept: %v", e, err)
		}
	}
}

func TestTheDatabaseItselfRefusesToRewriteTheTrail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.did(audit.Event{Actor: w.officer, Action: "x.y", Subject: w.worker})
	conn, err := w.db.Pool().Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	for _, role := range []string{"origin", "replica"} {
		if _, err := conn.Exec(t.Context(), `SET session_replication_role = `+role); err != nil {
			t.Fatal(err)
		}
		for _, sql := range []string{
			`UPDATE audit_events SET action = 'x.z'`, `DELETE FROM audit_events`, `TRUNCATE audit_events`, `TRUNCATE people CASCADE`, `TRUNCATE organisations CASCADE`,
		} {
			if _, err := conn.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("as %s: %s: %v", role, sql, err)
			}
		}
	}
	if _, err := conn.Exec(t.Context(), `SET session_replication_role = origin`); err != nil {
		t.Fatal(err)
	}
	if got := w.finds(audit.Filter{Scope: audit.Scope{Everywhere: true}}); !slices.Equal(got, []string{"x.y"}) {
		t.Errorf("the trail is %v", got)
	}
}
