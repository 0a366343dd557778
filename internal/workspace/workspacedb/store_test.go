package workspacedb_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/workspace"
	"github.com/hourglass-lms/hourglass/internal/workspace/workspacedb"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// In Shanghai it is already the first of May.
var now = time.Date(2026, 4, 30, 17, 0, 0, 0, time.UTC)

type world struct {
	t                               *testing.T
	db                              *pg.DB
	store                           *workspacedb.Store
	province, beside, school, other uuid.UUID
	person                          uuid.UUID
}

func newWorld(t *testing.T) world {
	t.Helper()
	w := world{t: t, db: pgtest.New(t), province: uuid.New(), beside: uuid.New(), school: uuid.New(), other: uuid.New(), person: uuid.New()}
	w.store = workspacedb.New(w.db, func() time.Time { return now })
	w.do(`INSERT INTO organisations (id, kind, level, name_zh, parent_id, lineage, created_at) VALUES
		($1, 'personnel_department', 'provincial', '省厅', NULL, ARRAY[$1::uuid], now()),
		($2, 'personnel_department', 'provincial', '外省', NULL, ARRAY[$2::uuid], now()),
		($3, 'teaching_institution', NULL, '学院', $1, ARRAY[$3, $1::uuid], now()),
		($4, 'teaching_institution', NULL, '外院', $2, ARRAY[$4, $2::uuid], now())`, w.province, w.beside, w.school, w.other)
	w.do(`INSERT INTO people (id, name, created_at) VALUES ($1, '李雷', now())`, w.person)
	return w
}

func (w world) do(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Pool().Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

// course is one whose newest version is in a state, changed or submitted some time ago.
func (w world) course(org uuid.UUID, title, state string, ago time.Duration) (course, version uuid.UUID) {
	w.t.Helper()
	course, version = uuid.New(), uuid.New()
	at := now.Add(-ago)
	w.do(`INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, now())`, course, org, w.person)
	w.do(`INSERT INTO course_versions (id, course_id, number, state, subject, language, title_zh, hours, created_at, updated_at, submitted_at, published_at) VALUES ($1, $2, 1, $3, 'public', 'zh', $4, 1, $5, $5, $5, $5)`,
		version, course, state, title, at)
	if state == "published" {
		w.do(`UPDATE courses SET published_version_id = $2 WHERE id = $1`, course, version)
	}
	return course, version
}

// enrolled is somebody new who studied, and perhaps completed, a course.
func (w world) enrolled(course, version uuid.UUID, studied, completed *time.Time) {
	w.t.Helper()
	id := uuid.New()
	w.do(`INSERT INTO people (id, name, created_at) VALUES ($1, '学员', now())`, id)
	w.do(`INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at, studied_at, completed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		uuid.New(), id, course, version, now.AddDate(-2, 0, 0), studied, completed)
}

func TestAnInstitutionsPageCountsItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const hour = time.Hour
	w.course(w.school, "草稿", "draft", hour)
	w.course(w.school, "退回", "returned", 5*hour)
	w.course(w.school, "待审", "submitted", hour)
	w.course(w.other, "外院草稿", "draft", hour)
	course, version := w.course(w.school, "水", "published", hour)
	quiet, _ := w.course(w.school, "静", "published", 2*hour)
	// A new version of what is in the catalogue is both published and a draft.
	w.do(`INSERT INTO course_versions (id, course_id, number, state, subject, language, title_zh, created_at, updated_at) VALUES ($1, $2, 2, 'draft', 'public', 'zh', '水二', now(), $3)`, uuid.New(), course, now.Add(-2*hour))
	today, lastMonth, lastYear := new(now), new(now.Add(-2*hour)), new(now.AddDate(0, -11, 1))
	w.enrolled(course, version, today, today)
	w.enrolled(course, version, today, nil)
	w.enrolled(course, version, lastMonth, lastMonth) // in April, as Shanghai counts
	w.enrolled(course, version, lastYear, lastYear)   // the end of May a year ago is the first of June there
	w.enrolled(course, version, new(now.AddDate(-1, 0, 0)), new(now.AddDate(-1, 0, 0)))
	got, err := w.store.Teaching(t.Context(), w.school)
	if err != nil {
		t.Fatal(err)
	}
	if got.Drafts != 2 || got.Returned != 1 || got.Waiting != 1 || got.Published != 2 || got.Learners != 2 || got.Completions != 1 {
		t.Errorf("figures %+v", got)
	}
	months := ""
	for _, m := range got.Months {
		months += fmt.Sprint(m.Completions)
	}
	if months != "100000000011" || !got.Months[11].Start.Equal(time.Date(2026, 4, 30, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("months %s, the last from %s", months, got.Months[11].Start)
	}
	titles := ""
	for _, x := range got.ToDo {
		titles += x.Title.Zh + " "
	}
	if titles != "退回 草稿 水二 " {
		t.Errorf("to do: %s", titles)
	}
	if len(got.Courses) != 2 || got.Courses[0].Course != course || got.Courses[0].Learners != 5 || got.Courses[0].Completed != 4 || got.Courses[1].Course != quiet || got.Courses[1].Learners != 0 {
		t.Errorf("courses %+v", got.Courses)
	}
	if _, err := w.store.Teaching(t.Context(), uuid.New()); fault.KindOf(err) != fault.NotFound {
		t.Errorf("of no organisation: %v", err)
	}
}

func TestADepartmentsPageCountsWhatIsBelowAndNoMoreThanOneSees(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const day = 24 * time.Hour
	for _, days := range []int{0, 2, 4, 8, 14, 16, 40} {
		w.course(w.school, fmt.Sprint(days), "submitted", time.Duration(days)*day+time.Hour)
	}
	w.course(w.other, "外", "submitted", day)
	w.course(w.school, "发布", "published", day)
	for i, severity := range []string{"serious", "notice", "notice"} {
		kind := []string{"metronome", "guessing", "fast-answers"}[i]
		w.do(`INSERT INTO integrity_flags (id, person_id, org_id, kind, severity, first_at, last_at, sessions, figures, raised_at) VALUES ($1, $2, $3, $4, $5, now(), now(), ARRAY[gen_random_uuid()], '{}', now())`,
			uuid.New(), w.person, w.school, kind, severity)
	}
	for range 10 {
		err := w.db.InTx(t.Context(), func(ctx context.Context, tx *pg.Tx) error {
			if err := auditdb.Append(ctx, tx, now, audit.Event{Actor: w.person, Action: "course.submit", ObjectKind: "course", Object: uuid.New(), Org: w.school}); err != nil {
				return err
			}
			return auditdb.Append(ctx, tx, now, audit.Event{Actor: w.person, Action: "course.submit", ObjectKind: "course", Object: uuid.New(), Org: w.other})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	all, err := w.store.Supervision(t.Context(), w.province, workspace.Sees{Reviews: true, Flags: true, Trail: true})
	if err != nil {
		t.Fatal(err)
	}
	if all.Waiting.ByAge != [4]int{2, 1, 2, 2} || len(all.Waiting.Oldest) != 5 || all.Waiting.Oldest[0].Title.Zh != "40" || all.Waiting.Oldest[0].Org.NameZh != "学院" {
		t.Errorf("waiting %+v", all.Waiting)
	}
	if *all.Flags != (workspace.Flags{Serious: 1, Notice: 2}) || all.Courses != 1 || len(all.Below) != 1 || all.Below["teaching_institution"] != 1 {
		t.Errorf("%+v %+v", all.Flags, all)
	}
	if len(all.Deeds) != 8 || all.Deeds[0].Actor != "李雷" || all.Deeds[0].Org.ID != w.school {
		t.Errorf("deeds %+v", all.Deeds)
	}
	none, err := w.store.Supervision(t.Context(), w.province, workspace.Sees{})
	if err != nil || none.Waiting != nil || none.Flags != nil || none.Deeds != nil {
		t.Errorf("who sees nothing is told %+v, %v", none, err)
	}
}
