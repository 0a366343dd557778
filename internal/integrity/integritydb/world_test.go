package integritydb_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/integrity/integritydb"
	"github.com/hourglass-lms/hourglass/internal/integrity/integrityjob"
	"github.com/hourglass-lms/hourglass/internal/notify/notifytest"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// world is a province with an employer, whose people study.
type world struct {
	t                            *testing.T
	db                           *pg.DB
	store                        *integritydb.Store
	sessions                     *studydb.Store
	course                       studytest.Course
	people                       []studytest.Learner
	province, elsewhere, company uuid.UUID
	officer                      uuid.UUID
	told                         notifytest.Told
	now                          time.Time
}

var morning = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

func newWorld(t *testing.T, people int) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.New(t), province: uuid.New(), elsewhere: uuid.New(), company: uuid.New(), officer: uuid.New(), now: morning}
	w.store = integritydb.New(w.db, integritydb.Options{Trail: auditdb.Append, Tell: &w.told, Now: func() time.Time { return w.now }})
	w.sessions = studydb.New(w.db, func(context.Context, *pg.Tx, uuid.UUID, uuid.UUID, time.Time) error { return nil })
	var err error
	if w.course, err = studytest.PlantCourse(t.Context(), w.db, 3_600_000); err != nil {
		t.Fatal(err)
	}
	if w.people, err = w.course.Enrol(t.Context(), w.db, people); err != nil {
		t.Fatal(err)
	}
	w.exec(`INSERT INTO organisations (id, kind, level, name_zh, parent_id, lineage, created_at) VALUES
		($1, 'personnel_department', 'provincial', '省厅', NULL, ARRAY[$1::uuid], now()),
		($2, 'personnel_department', 'provincial', '外省', NULL, ARRAY[$2::uuid], now()),
		($3, 'employer', NULL, '水务', $1, ARRAY[$3, $1::uuid], now())`, w.province, w.elsewhere, w.company)
	w.exec(`INSERT INTO people (id, name, created_at) VALUES ($1, '贺清源', now())`, w.officer)
	for _, p := range w.people {
		w.exec(`INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, 'professional', now())`, uuid.New(), p.Person, w.company)
	}
	return w
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Pool().Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) count(sql string, args ...any) (n int) {
	w.t.Helper()
	if err := w.db.Pool().QueryRow(w.t.Context(), sql, args...).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// beat is what a script says of one beat.
type beat struct {
	after    int64
	presence study.Outcome
	reply    bool
}

// fast is a session whose checks are answered within a tenth of a second.
func fast() (all []beat) {
	for range 4 {
		all = append(all, beat{15_000, study.Asked, false}, beat{100, study.Passed, true})
	}
	return all
}

// slow is a session of somebody who is there.
func slow() (all []beat) {
	for i := range int64(80) {
		all = append(all, beat{15_000 + 37*i%91, study.Waiting, false})
	}
	return all
}

// studied opens a session, writes the beats' evidence as the engine does, and ends it.
func (w *world) studied(l studytest.Learner, device []byte, beats []beat) uuid.UUID {
	w.t.Helper()
	id, chain := uuid.Must(uuid.NewV7()), study.NewChain()
	n := studydb.Session{Chain: chain, WindowMS: 120_000, DeviceKey: device, Device: "Chrome on Linux", SignIn: []byte("s")}
	n.Meta = study.Meta{ID: id, PersonID: l.Person, EnrolmentID: l.Enrolment, LessonID: w.course.Lesson, AssetID: w.course.Asset, OpenedMS: w.now.UnixMilli(), DurationMS: 3_600_000}
	opened, err := w.sessions.Open(w.t.Context(), studydb.Opening{Session: n})
	if err != nil {
		w.t.Fatal(err)
	}
	n = opened.Session
	at, rows := n.OpenedMS, []study.Row{}
	for i, b := range beats {
		r := study.Report{State: study.Playing, Visible: true}
		if b.reply {
			r.Reply = &study.Reply{}
		}
		row := study.Row{Meta: n.Meta, Seq: int64(i) + 1, CreditFromMS: at, CreditMS: b.after, Report: study.PackReport(r), Presence: b.presence}
		at += b.after
		row.AtMS = at
		chain = study.Link(chain, id, row.Seq, at, row.Report)
		row.Chain = chain
		rows = append(rows, row)
	}
	for some := range slices.Chunk(rows, 8) {
		if kept, err := w.sessions.Keep(w.t.Context(), some); err != nil || slices.ContainsFunc(kept, func(k studydb.Kept) bool { return k != studydb.Durable }) {
			w.t.Fatal(kept, err)
		}
	}
	w.now = time.UnixMilli(at).Add(time.Minute)
	if err := w.sessions.Close(w.t.Context(), n, nil, w.now.UnixMilli()); err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) sweep() int {
	w.t.Helper()
	n, err := integrityjob.Sweeper{Store: w.store, Evidence: w.sessions.Evidence, Logger: quiet}.Sweep(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}
