package registrydb_test

import (
	"testing"

	"github.com/google/uuid"
)

// again completes a course that another person has completed, in a later year if it is to be.
func (w world) again(t *testing.T, person, enrolment uuid.UUID, years int) {
	t.Helper()
	id := uuid.New()
	w.exec(t, `INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at, completed_at) SELECT $1, $2, course_id, version_id, enrolled_at, $4 FROM enrolments WHERE id = $3`, id, person, enrolment, noon.AddDate(years, 0, 0))
	if err := w.store.RegisterEnrolment(t.Context(), id); err != nil {
		t.Fatal(err)
	}
}

func TestTheHoursOfOnePersonsRecordsAreSummedAndACourseCountsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := uuid.New()
	w.exec(t, `INSERT INTO people (id, name, created_at) VALUES ($1, '李雷', now())`, second)
	both := w.completed(t, w.person, "professional", 10, &noon)
	public := w.completed(t, second, "public", 20, &noon)
	for _, e := range []uuid.UUID{both, public, w.completed(t, w.person, "public", 20, &noon), w.completed(t, second, "professional", 5, &noon)} {
		if err := w.store.RegisterEnrolment(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	w.again(t, second, both, 0)
	w.again(t, w.person, public, 1)
	if a := w.year(t, 2026); a.Total() != 3000 {
		t.Errorf("before the merge %s count", a.Total())
	}
	root, err := w.store.Root(t.Context(), 6)
	if err != nil {
		t.Fatal(err)
	}
	w.exec(t, `UPDATE people SET merged_into = $1 WHERE id = $2`, w.person, second)
	a := w.year(t, 2026)
	// 10 + 5 professional, the cap's 24 of 40 public; the 10 of the same course are recorded and do not count.
	if a.Counted.Professional != 1500 || a.Counted.Public != 2400 || a.Recorded.Professional != 2500 || a.Recorded.Public != 4000 || len(a.Entries) != 5 {
		t.Errorf("counted %+v of %+v in %d entries", a.Counted, a.Recorded, len(a.Entries))
	}
	if next := w.year(t, 2027); next.Total() != 0 || next.Recorded.Public != 2000 {
		t.Errorf("a course of the year before counts again: %+v", next)
	}
	if list, _, err := w.store.Certificates(t.Context(), w.person, 100, nil); err != nil || len(list) != 6 {
		t.Errorf("%d certificates, %v", len(list), err)
	}
	if years, err := w.store.Years(t.Context(), w.person); err != nil || len(years) != 2 {
		t.Errorf("years %v, %v", years, err)
	}
	if r, err := w.store.Verify(t.Context()); err != nil || r.Root != root {
		t.Errorf("the register changed: %+v, %v", r, err)
	}
	// Once the first is taken back, the second counts.
	w.exec(t, `INSERT INTO ledger_entries (index, id, kind, person_id, year, subject, hours, source_key, title_zh, title_en, corrects, reason, author_id, earned_at, recorded_at, record)
		VALUES (6, $1, 'correction', $2, 2026, 'professional', -10, 'correction:0', '更正', 'Correction', 0, '代学', $2, $3, $3, '')`, uuid.New(), w.person, noon)
	if a := w.year(t, 2026); a.Counted.Professional != 1500 {
		t.Errorf("after a correction %s professional hours count", a.Counted.Professional)
	}
}
