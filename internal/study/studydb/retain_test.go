package studydb_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/study/studydb"
)

// No day goes while a session of it has no record, whoever asks.
func TestADayWithASessionThatIsNotCompactedStays(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 3)
	l, err := d.learner(t.Context(), firstDay)
	must(t, err)
	must(t, l.study(3))
	later := time.UnixMilli(l.now).AddDate(0, 0, 9)
	if n, err := d.store.Compact(t.Context(), later, 10); n != 1 || err != nil {
		t.Fatalf("%d were compacted (%v)", n, err)
	}
	must(t, l.open(1))
	drop := func() ([]time.Time, error) { return d.store.DropBeats(t.Context(), later, 24*time.Hour) }
	if days, err := drop(); err != nil || len(days) != 1 || !days[0].Equal(firstDay.AddDate(0, 0, 1)) {
		t.Fatalf("dropped %v (%v)", days, err) // the empty day after it
	}
	if _, err := d.db.Pool().Exec(t.Context(), `SELECT study_drop_day($1::date)`, firstDay); err == nil || !strings.Contains(err.Error(), "is not compacted") {
		t.Fatalf("asked by hand: %v", err)
	}
	l.now += 2000
	must(t, l.beat(l.plays(1000)))
	must(t, l.close())
	if n, err := d.store.Compact(t.Context(), later, 10); n != 1 || err != nil {
		t.Fatalf("%d were compacted (%v)", n, err)
	}
	if days, err := d.store.DropBeats(t.Context(), time.UnixMilli(l.now).AddDate(0, 0, 9), 90*24*time.Hour); err != nil || len(days) != 0 {
		t.Fatalf("dropped %v, which are to be kept for 90 days (%v)", days, err)
	}
	if days, err := drop(); err != nil || len(days) != 1 {
		t.Fatalf("dropped %v (%v)", days, err)
	}
}

func TestWhatIsYoungOrNotInRecordsIsNotDropped(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 3)
	today := time.Now().UTC().Truncate(24 * time.Hour)
	for _, tc := range []struct {
		name string
		day  time.Time
		sql  string
		want string
	}{
		{"a day of this week", today.AddDate(0, 0, -2), ``, "too young"},
		{"a day with a beat of no session", firstDay, `INSERT INTO study_beat_rows SELECT key + (1::bigint << 40), at_ms, lag_ms, credit_ms, presence, chain, report FROM study_beat_rows ORDER BY key LIMIT 1`, "are in records, not"},
	} {
		l, err := d.learner(t.Context(), tc.day)
		must(t, err)
		must(t, l.study(2))
		if _, err := d.store.Compact(t.Context(), time.UnixMilli(l.now).AddDate(0, 0, 9), 10); err != nil {
			t.Fatal(err)
		}
		if tc.sql != "" {
			_, err := d.db.Pool().Exec(t.Context(), tc.sql)
			must(t, err)
		}
		if _, err := d.db.Pool().Exec(t.Context(), `SELECT study_drop_day($1::date)`, tc.day); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

func TestBeatsAndRecordsCannotBeRewritten(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 3)
	l, err := d.learner(t.Context(), time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -30))
	must(t, err)
	must(t, l.study(2))
	if n, err := d.store.Compact(t.Context(), time.UnixMilli(l.now).AddDate(0, 0, 9), 10); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	partition := "study_beats_" + time.UnixMilli(l.session.OpenedMS).UTC().Format("20060102")
	for _, sql := range []string{
		`UPDATE study_beat_rows SET credit_ms = 1`, `DELETE FROM study_beat_rows`, `TRUNCATE study_beat_rows`, `TRUNCATE ` + partition, `DELETE FROM ` + partition,
		`UPDATE study_beats SET credit_ms = 1`, `DELETE FROM study_beats`,
		`UPDATE study_evidence SET credit_ms = 1`, `DELETE FROM study_evidence`, `TRUNCATE study_evidence`,
	} {
		if _, err := d.db.Pool().Exec(t.Context(), sql); err == nil {
			t.Errorf("%s is taken", sql)
		}
	}
	if n, err := d.store.DropRecords(t.Context(), time.Now(), 6, 10); n != 0 || err != nil {
		t.Errorf("%d records of last month went (%v)", n, err)
	}
	if _, err := d.store.DropRecords(t.Context(), time.Now(), 0, 10); err == nil {
		t.Error("a record went before six years were over")
	}
}

func TestRecordsGoAfterTheirYears(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 3)
	l, err := d.learner(t.Context(), time.Now().UTC().Truncate(24*time.Hour).AddDate(-7, 0, 0))
	must(t, err)
	must(t, l.study(2))
	if n, err := d.store.Compact(t.Context(), time.Now(), 10); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := d.store.DropRecords(t.Context(), time.Now(), 10, 10); n != 0 || err != nil {
		t.Errorf("%d went after seven years of ten (%v)", n, err)
	}
	if n, err := d.store.DropRecords(t.Context(), time.Now(), 6, 10); n != 1 || err != nil {
		t.Errorf("%d went after seven years of six (%v)", n, err)
	}
}

// Whoever gets past the triggers is found out.
func TestVerifyNamesWhatWasChanged(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 3)
	l, err := d.learner(t.Context(), firstDay)
	must(t, err)
	must(t, l.study(6))
	must(t, l.study(6))
	later := time.UnixMilli(l.now).AddDate(0, 0, 9)
	if n, err := d.store.Compact(t.Context(), later, 10); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	clean(t, d, studydb.Scope{Session: l.session.ID}, 1)
	const second = ` WHERE key = (SELECT max(key) - 3 FROM study_beat_rows)`
	for _, tc := range []struct{ name, sql, want string }{
		{"a credit", `UPDATE study_beat_rows SET credit_ms = credit_ms + 1` + second, "its spans took"},
		{"a moment", `UPDATE study_beat_rows SET lag_ms = lag_ms + 60000` + second, "used up"},
		{"a time", `UPDATE study_beat_rows SET at_ms = at_ms + 1, lag_ms = lag_ms + 1` + second, "broken"},
		{"an outcome", `UPDATE study_beat_rows SET presence = 3` + second, "not what its beats come to"},
		{"a report", `UPDATE study_beat_rows SET report = '\x04'` + second, "broken"},
		{"a beat that is gone", `DELETE FROM study_beat_rows` + second, "broken"},
		{"the last beat that is gone", `DELETE FROM study_beat_rows WHERE key = (SELECT max(key) FROM study_beat_rows)`, "not what its beats come to"},
		{"all beats of a session that are gone", `DELETE FROM study_beat_rows WHERE key >> 22 = (SELECT max(no) FROM study_sessions)`, "not what its beats come to"},
		{"a record's sum", `UPDATE study_evidence SET confirmed_ms = 0, forfeited_ms = 1`, "contradicts itself"},
		{"a record's body", `UPDATE study_evidence SET body = set_byte(body, 20, 1 + get_byte(body, 20))`, ""},
		{"a record's digest", `UPDATE study_evidence SET digest = set_byte(digest, 0, 255 - get_byte(digest, 0))`, "not what its beats come to"},
	} {
		tx, err := d.db.Pool().Begin(t.Context())
		must(t, err)
		undo := func() { _ = tx.Rollback(context.Background()) }
		// The superuser of a database can lift what keeps others off.
		for _, sql := range []string{`SET LOCAL session_replication_role = replica`, tc.sql} {
			if _, err := tx.Exec(t.Context(), sql); err != nil {
				undo()
				t.Fatalf("%s: %v", tc.name, err)
			}
		}
		f, err := studydb.VerifyIn(t.Context(), tx, d.policy)
		undo()
		if err != nil || f.Mistakes == 0 || !strings.Contains(strings.Join(f.Wrong, "\n"), tc.want) {
			t.Errorf("%s: %+v (%v)", tc.name, f, err)
		}
	}
	clean(t, d, studydb.Scope{}, 2)
}
