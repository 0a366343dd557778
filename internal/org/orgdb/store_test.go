package orgdb_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/org/orgdb"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// world is a province with an employer, and one person.
type world struct {
	db                 *pg.DB
	store              *orgdb.Store
	province, employer org.Organisation
	person             uuid.UUID
}

func newWorld(t *testing.T) world {
	t.Helper()
	w := world{db: pgtest.New(t), person: uuid.New()}
	w.store = orgdb.New(w.db, func() time.Time { return noon })
	w.province = w.made(t, org.New{Kind: org.PersonnelDepartment, Level: org.Provincial, NameZh: "省厅", NameEn: "Province"})
	w.employer = w.made(t, org.New{Kind: org.Employer, NameZh: "工厂", NameEn: "Works", ParentID: &w.province.ID})
	if _, err := w.db.Pool().Exec(t.Context(), `INSERT INTO people (id, name, created_at) VALUES ($1, '李雷', now())`, w.person); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w world) made(t *testing.T, n org.New) org.Organisation {
	t.Helper()
	o, err := w.store.CreateOrganisation(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestTheTreeIsKeptWithItsLineage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	city := w.made(t, org.New{Kind: org.PersonnelDepartment, Level: org.Municipal, NameZh: "市局", ParentID: &w.province.ID})
	school := w.made(t, org.New{Kind: org.TeachingInstitution, NameZh: "学院", ParentID: &city.ID, TimeZone: "Asia/Urumqi"})
	got, err := w.store.Organisation(t.Context(), school.ID)
	if err != nil || !slices.Equal(got.Lineage, []uuid.UUID{school.ID, city.ID, w.province.ID}) || got.TimeZone != "Asia/Urumqi" || *got.ParentID != city.ID || !got.Created.Equal(noon) {
		t.Errorf("kept %+v, %v", got, err)
	}
	page, err := w.store.Page(t.Context(), school.ID)
	if err != nil || page.Parent == nil || page.Parent.NameZh != "市局" || page.Parent.Level != org.Municipal || page.Courses != 0 {
		t.Errorf("page %+v, %v", page, err)
	}
	if page, err := w.store.Page(t.Context(), w.province.ID); err != nil || page.Parent != nil {
		t.Errorf("the page of a root %+v, %v", page, err)
	}
}

func TestWhatCannotStandInTheTree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	nobody := uuid.New()
	for _, tc := range []struct {
		name string
		new  org.New
		want fault.Kind
	}{
		{"a parent that is not there is invalid", org.New{Kind: org.Employer, NameZh: "甲", ParentID: &nobody}, fault.Invalid},
		{"a parent that is no department is invalid", org.New{Kind: org.Employer, NameZh: "甲", ParentID: &w.employer.ID}, fault.Invalid},
		{"an employer below nobody is invalid", org.New{Kind: org.Employer, NameZh: "甲"}, fault.Invalid},
		{"a department below its equal is invalid", org.New{Kind: org.PersonnelDepartment, Level: org.Provincial, NameZh: "乙", ParentID: &w.province.ID}, fault.Invalid},
		{"a second one of the same name is a conflict", org.New{Kind: org.Employer, NameZh: " 工厂 ", ParentID: &w.province.ID}, fault.Conflict},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := w.store.CreateOrganisation(t.Context(), tc.new); fault.KindOf(err) != tc.want {
				t.Errorf("answered %v", err)
			}
		})
	}
	if _, err := w.store.Organisation(t.Context(), nobody); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown one: %v", err)
	}
	if _, err := w.store.Page(t.Context(), nobody); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown one's page: %v", err)
	}
}

func TestAListPagesWithoutLossAndSearchesLiterally(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"甲100%公司", "乙1000公司", "丙_公司", "丁公司", "戊Works公司"} {
		w.made(t, org.New{Kind: org.Employer, NameZh: name, ParentID: &w.province.ID})
	}
	all, err := w.store.List(t.Context(), org.Filter{Limit: 100})
	if err != nil || len(all.Items) != 7 || all.NextCursor != nil {
		t.Fatalf("all %+v, %v", all, err)
	}
	var paged []org.Ref
	f := org.Filter{Limit: 2}
	for {
		page, err := w.store.List(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		paged = append(paged, page.Items...)
		if page.NextCursor == nil {
			break
		}
		f.Cursor = *page.NextCursor
	}
	if !slices.Equal(paged, all.Items) {
		t.Errorf("pages hold %+v, want %+v", paged, all.Items)
	}
	for query, want := range map[string]int{"100%": 1, "_": 1, "公司": 5, "works": 2, `\`: 0, " 丁 ": 1} {
		if found, err := w.store.List(t.Context(), org.Filter{Query: query, Limit: 100}); err != nil || len(found.Items) != want {
			t.Errorf("%q finds %d, want %d: %v", query, len(found.Items), want, err)
		}
	}
	if found, err := w.store.List(t.Context(), org.Filter{Kind: org.PersonnelDepartment, Limit: 100}); err != nil || len(found.Items) != 1 {
		t.Errorf("departments %+v, %v", found, err)
	}
	for _, cursor := range []string{"x", uuid.NewString()} {
		if _, err := w.store.List(t.Context(), org.Filter{Cursor: cursor}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("the cursor %q: %v", cursor, err)
		}
	}
}

func TestARoleIsHeldOnceHoweverManyGiveIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if _, err := w.store.AddMembership(t.Context(), w.person, w.employer.ID, org.Professional); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	list, err := w.store.Memberships(t.Context(), w.person)
	if err != nil || len(list) != 1 || list[0].Until != nil || !list[0].Since.Equal(noon) {
		t.Errorf("memberships %+v, %v", list, err)
	}
}

func TestARoleEndsOnceAndCanBeginAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m, err := w.store.AddMembership(t.Context(), w.person, w.employer.ID, org.EmployerOfficer)
	if err != nil {
		t.Fatal(err)
	}
	results := make(chan error, 4)
	for range cap(results) {
		go func() { results <- w.store.EndMembership(t.Context(), m.ID) }()
	}
	ended := 0
	for range cap(results) {
		if err := <-results; err == nil {
			ended++
		} else if fault.KindOf(err) != fault.Conflict {
			t.Error(err)
		}
	}
	if ended != 1 {
		t.Errorf("it ended %d times", ended)
	}
	if again, err := w.store.AddMembership(t.Context(), w.person, w.employer.ID, org.EmployerOfficer); err != nil || again.ID == m.ID {
		t.Errorf("a new one: %+v, %v", again, err)
	}
	if err := w.store.EndMembership(t.Context(), uuid.New()); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an unknown one: %v", err)
	}
}

func TestRolesThatCannotBeHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tc := range []struct {
		name        string
		person, org uuid.UUID
		role        org.Role
	}{
		{"an unknown person", uuid.New(), w.employer.ID, org.Professional},
		{"an unknown organisation", w.person, uuid.New(), org.Professional},
		{"a department's officer at an employer", w.person, w.employer.ID, org.DepartmentOfficer},
		{"an instructor at a department", w.person, w.province.ID, org.Instructor},
		{"a role nobody knows", w.person, w.employer.ID, "king"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := w.store.AddMembership(t.Context(), tc.person, tc.org, tc.role); fault.KindOf(err) != fault.Invalid {
				t.Errorf("answered %v", err)
			}
		})
	}
}
