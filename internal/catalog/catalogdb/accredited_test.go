package catalogdb_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

func TestWhoIsNotAccreditedHandsNothingInAndGetsNothingPublished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refused := fault.Coded(fault.Conflict, "not-accredited", "no")
	var answer error
	w.store.Asking(func(_ context.Context, _ pg.Querier, org uuid.UUID) error {
		if org != w.school {
			t.Errorf("asked about %s", org)
		}
		return answer
	})
	course := w.draft(t, "微灌")
	v := w.latest(t, course)
	answer = refused
	if err := w.store.Submit(t.Context(), course, w.author, v.Revision); fault.KindOf(err) != fault.Conflict {
		t.Errorf("handed in: %v", err)
	}
	if got := w.latest(t, course); got.State != v.State || got.Revision != v.Revision {
		t.Errorf("a refusal left %s, revision %d", got.State, got.Revision)
	}
	answer = nil
	version := w.submit(t, course)
	answer = refused // suspended while it waits
	if err := w.store.Decide(t.Context(), w.approval(version)); fault.KindOf(err) != fault.Conflict {
		t.Errorf("published: %v", err)
	}
	back := w.approval(version)
	back.Approve, back.Reason = false, "等待恢复认定"
	if err := w.store.Decide(t.Context(), back); err != nil {
		t.Errorf("to return it needs no accreditation: %v", err)
	}
}

func TestCoursesGoToASuccessor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	course := w.draft(t, "微灌")
	heir := uuid.New()
	if _, err := w.db.Pool().Exec(t.Context(), `
		INSERT INTO organisations (id, kind, name_zh, parent_id, lineage, created_at)
		SELECT $1::uuid, kind, '新学院', parent_id, $1::uuid || lineage[2:], now() FROM organisations WHERE id = $2`, heir, w.school); err != nil {
		t.Fatal(err)
	}
	if err := w.db.InTx(t.Context(), func(ctx context.Context, tx *pg.Tx) error { return w.store.Inherit(ctx, tx, w.school, heir) }); err != nil {
		t.Fatal(err)
	}
	if v := w.latest(t, course); v.Provider.ID != heir {
		t.Errorf("it is of %s", v.Provider.NameZh)
	}
}
