package integritydb_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/integrity"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// told keeps what people were told, and refuses what could not be told.
type told struct{ notices []notify.Notice }

func (p *told) Send(_ context.Context, _ *pg.Tx, n ...notify.Notice) error {
	for _, one := range n {
		if err := one.Check(); err != nil {
			return err
		}
	}
	p.notices = append(p.notices, n...)
	return nil
}

func TestAPersonIsToldWhatWasDecidedAboutTheirStudy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.studied(w.people[0], nil, fast())
	w.sweep()
	d := integrity.Decision{Flag: w.open()[0].ID, By: w.officer, Depts: []uuid.UUID{w.province}, Uphold: true, Reason: "程序作答"}
	if err := w.store.Decide(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if len(w.told.notices) != 1 {
		t.Fatalf("told %+v", w.told.notices)
	}
	if n := w.told.notices[0]; n.Kind != notify.FlagDecided || n.Person == uuid.Nil || n.Person == w.officer || n.Facts["decision"] != "upheld" || n.Facts["reason"] != "程序作答" {
		t.Errorf("told %+v", n)
	}
}
