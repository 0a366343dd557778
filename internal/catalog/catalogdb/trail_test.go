package catalogdb_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
)

func TestEveryStepToPublicationStandsInTheTrail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.store = w.store.Audited(auditdb.AppendTo)
	course := w.draft(t, "泵")
	returned := w.approval(w.submit(t, course))
	returned.Approve, returned.Reason = false, "缺字幕"
	w.decide(t, returned)
	w.decide(t, w.approval(w.submit(t, course)))
	rows, err := w.db.Pool().Query(t.Context(), `
		SELECT action || ' ' || (before ->> 'state') || ' ' || coalesce(after ->> 'reason', '') || coalesce(after ->> 'hours', '') || CASE WHEN subject_id IS NULL THEN '' ELSE ' concerns' END
		FROM audit_events WHERE object_kind = 'course' AND object_id = $1 AND org_id IS NOT NULL AND actor_id IS NOT NULL ORDER BY at, id`, course)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(got) != 4 {
		t.Fatalf("the trail holds %q, %v", got, err)
	}
	for i, want := range []string{"course.submit draft 2.5", "course.return submitted 缺字幕 concerns", "course.submit returned 2.5", "course.publish submitted 2 concerns"} {
		if got[i] != want {
			t.Errorf("step %d is %q, want %q", i, got[i], want)
		}
	}
}
