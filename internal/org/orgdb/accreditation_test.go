package orgdb_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
)

func TestAnInstitutionIsAccreditedByADecisionAndLosesItByOne(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	manager, officer := h.newPerson(t, "m@example.cn"), h.newPerson(t, "o@example.cn")
	school := h.made(t, org.New{Kind: org.TeachingInstitution, NameZh: "学院", ParentID: &h.province.ID})
	last := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	h.gives(t, manager, school.ID, org.InstitutionManager)
	h.gives(t, h.person, school.ID, org.Instructor)
	h.ear.notices = nil
	step := func(by uuid.UUID, s org.Step) error {
		return h.store.Accredit(t.Context(), by, school.ID, everybody, s)
	}
	handsIn := func() string { return code(h.store.MustBeAccredited(t.Context(), h.db.Pool(), school.ID)) }
	queue := func() int {
		t.Helper()
		b, err := h.store.Applications(t.Context(), []uuid.UUID{h.province.ID}, 10, "")
		if err != nil {
			t.Fatal(err)
		}
		return len(b.Items)
	}
	for _, tc := range []struct {
		name     string
		by       uuid.UUID
		step     org.Step
		refused  string
		handsIn  string
		waiting  int
		standing org.Accreditation
	}{
		{"applies", manager, org.Step{State: org.Applied, Reason: "师资十人"}, "", "not-accredited", 1, org.Never},
		{"cannot decide itself", manager, org.Step{State: org.Accredited, Until: &last}, "own-application", "not-accredited", 1, org.Never},
		{"is accredited", officer, org.Step{State: org.Accredited, Until: &last}, "", "", 0, org.Accredited},
		{"applies for more time", manager, org.Step{State: org.Applied}, "", "", 1, org.Accredited},
		{"is suspended meanwhile", officer, org.Step{State: org.Suspended, Reason: "抽查"}, "", "not-accredited", 1, org.Suspended},
		{"is refused the renewal", officer, org.Step{State: org.Refused, Reason: "整改"}, "", "not-accredited", 0, org.Suspended},
		{"goes on", officer, org.Step{State: org.Accredited, Until: &last}, "", "", 0, org.Accredited},
		{"is revoked", officer, org.Step{State: org.Revoked, Reason: "造假"}, "", "not-accredited", 0, org.Revoked},
	} {
		if err := step(tc.by, tc.step); code(err) != tc.refused {
			t.Errorf("%s: %v", tc.name, err)
		}
		if got := handsIn(); got != tc.handsIn {
			t.Errorf("%s: handing in is answered %q, want %q", tc.name, got, tc.handsIn)
		}
		if got := queue(); got != tc.waiting {
			t.Errorf("%s: %d wait, want %d", tc.name, got, tc.waiting)
		}
		if page, err := h.store.Page(t.Context(), school.ID); err != nil || page.Accreditation.State != tc.standing {
			t.Errorf("%s: the page says %+v, %v", tc.name, page.Accreditation, err)
		}
	}
	var told []string
	for _, n := range h.ear.notices {
		if n.Check() != nil || n.Kind != notify.AccreditationChanged || n.Person != manager || n.Facts["organisation"] != "学院" {
			t.Errorf("told %+v", n)
		}
		told = append(told, n.Facts["state"]+" "+n.Facts["until"]+n.Facts["reason"])
	}
	if !slices.Equal(told, []string{"accredited 2026-12-31", "suspended 抽查", "refused 整改", "accredited 2026-12-31", "revoked 造假"}) {
		t.Errorf("the manager is told %q", told)
	}
	page, err := h.store.Page(t.Context(), school.ID)
	if err != nil || len(page.Steps) != 7 || page.Steps[5].By.Name != "o@example.cn" || page.Steps[5].Until == nil || !page.Steps[5].Until.Equal(last) || page.Steps[0].State != org.Revoked {
		t.Errorf("the page's steps %+v, %v", page.Steps, err)
	}
	if err := h.store.MustBeAccredited(t.Context(), h.db.Pool(), h.province.ID); err != nil {
		t.Errorf("a department needs none: %v", err)
	}
	if err := h.store.Accredit(t.Context(), officer, h.employer.ID, everybody, org.Step{State: org.Applied}); code(err) != "not-accreditable" {
		t.Errorf("an employer: %v", err)
	}
	if err := h.store.Accredit(t.Context(), officer, school.ID, under(uuid.New()), org.Step{State: org.Applied}); code(err) != "not found" {
		t.Errorf("by a stranger: %v", err)
	}
	for _, sql := range []string{`UPDATE accreditations SET reason = 'x'`, `DELETE FROM accreditations`, `TRUNCATE accreditations`} {
		if _, err := h.db.Pool().Exec(t.Context(), sql); err == nil {
			t.Errorf("%s was let through", sql)
		}
	}
}

func TestTwoWhoDecideAtOnceAreToldApart(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	manager, officer := h.newPerson(t, "m@example.cn"), h.newPerson(t, "o@example.cn")
	school := h.made(t, org.New{Kind: org.TeachingInstitution, NameZh: "学院", ParentID: &h.province.ID})
	if err := h.store.Accredit(t.Context(), manager, school.ID, everybody, org.Step{State: org.Applied}); err != nil {
		t.Fatal(err)
	}
	results := make(chan error, 3)
	for range cap(results) {
		go func() {
			results <- h.store.Accredit(t.Context(), officer, school.ID, everybody, org.Step{State: org.Refused, Reason: "x"})
		}()
	}
	refused := 0
	for range cap(results) {
		if err := <-results; err == nil {
			refused++
		} else if code(err) != "no-application" {
			t.Error(err)
		}
	}
	if refused != 1 {
		t.Errorf("refused %d times", refused)
	}
}

func TestABranchShowsWhatStandsBelow(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	city := h.made(t, org.New{Kind: org.PersonnelDepartment, Level: org.Municipal, NameZh: "市局", ParentID: &h.province.ID})
	h.made(t, org.New{Kind: org.TeachingInstitution, NameZh: "学院", ParentID: &h.province.ID})
	into := h.made(t, org.New{Kind: org.Employer, NameZh: "新厂", ParentID: &city.ID})
	h.gives(t, h.person, h.employer.ID, org.Professional)
	h.gives(t, h.person, h.employer.ID, org.EmployerOfficer)
	branch := func(f org.BranchFilter) org.Branch {
		t.Helper()
		f.Parent = h.province.ID
		b, err := h.store.Branch(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	first := branch(org.BranchFilter{Filter: org.Filter{Limit: 2}})
	rest := branch(org.BranchFilter{Filter: org.Filter{Limit: 2, Cursor: *first.NextCursor}})
	found := map[string]org.Node{}
	for _, n := range append(first.Items, rest.Items...) {
		found[n.NameZh] = n
	}
	if len(found) != 3 || rest.NextCursor != nil || found["市局"].Below != 1 || found["工厂"].People != 1 || found["学院"].Accreditation.State != org.Never || found["工厂"].Accreditation != nil {
		t.Errorf("below the province %+v", found)
	}
	if b := branch(org.BranchFilter{Filter: org.Filter{Limit: 10, Query: "学", Kind: org.TeachingInstitution}}); len(b.Items) != 1 {
		t.Errorf("found %+v", b)
	}
	if err := h.store.Merge(t.Context(), h.person, h.employer.ID, into.ID, everybody, ""); err != nil {
		t.Fatal(err)
	}
	if b := branch(org.BranchFilter{Closed: true, Filter: org.Filter{Limit: 10}}); len(b.Items) != 1 || b.Items[0].Successor == nil || b.Items[0].Successor.NameZh != "新厂" {
		t.Errorf("closed %+v", b)
	}
}
