package integritydb_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/notify"
)

func TestAPersonIsToldWhatWasDecidedAboutTheirStudy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.studied(w.people[0], nil, fast())
	w.sweep()
	d := integrity.Decision{Flag: w.open()[0].ID, By: w.officer, Depts: []uuid.UUID{w.province}, Uphold: true, Reason: "程序作答"}
	if err := w.store.Decide(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if len(w.told.Notices) != 1 {
		t.Fatalf("told %+v", w.told.Notices)
	}
	if n := w.told.Notices[0]; n.Kind != notify.FlagDecided || n.Person == uuid.Nil || n.Person == w.officer || n.Facts["decision"] != "upheld" || n.Facts["reason"] != "程序作答" {
		t.Errorf("told %+v", n)
	}
}
