package httpapi_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/registry"
	"github.com/hourglass-lms/hourglass/internal/search"
	"github.com/hourglass-lms/hourglass/internal/workspace"
)

// ministry answers for workspaces, staff and search, and remembers what it was asked.
type ministry struct {
	httpapi.Catalogue
	lineages map[uuid.UUID][]uuid.UUID
	sees     workspace.Sees
	filter   registry.StaffFilter
	scope    identity.Scope
	worksAt  uuid.UUID
	looks    []look
	query    search.Query
	broken   error
}

func (m *ministry) Lineage(_ context.Context, id uuid.UUID) ([]uuid.UUID, error) {
	if m.broken != nil {
		return nil, m.broken
	}
	if l := m.lineages[id]; l != nil {
		return l, nil
	}
	return nil, fault.New(fault.NotFound, "none")
}

func (m *ministry) Teaching(context.Context, uuid.UUID) (workspace.Teaching, error) {
	return workspace.Teaching{Drafts: 2, Months: []workspace.Month{{Completions: 3}}, ToDo: []workspace.Work{{Title: workspace.Text{Zh: "水"}, State: "returned"}}}, nil
}

func (m *ministry) Supervision(_ context.Context, _ uuid.UUID, sees workspace.Sees) (v workspace.Supervision, err error) {
	m.sees = sees
	if sees.Flags {
		v.Flags = &workspace.Flags{Serious: 1}
	}
	if sees.Trail {
		v.Deeds = []workspace.Deed{}
	}
	v.Below = map[string]int{"employer": 2, "association": 1}
	return v, nil
}

func (m *ministry) Roll(_ context.Context, _ uuid.UUID, year int) (registry.Roll, error) {
	return registry.Roll{Year: year, Tally: registry.Tally{People: 5, Met: 2, Begun: 1, Counted: 150}}, nil
}

func (m *ministry) Staff(_ context.Context, f registry.StaffFilter) (registry.Staff, error) {
	m.filter = f
	d := registry.Duty{Required: 7200, Counted: registry.BySubject{Professional: 350}}
	return registry.Staff{Year: 2026, Items: []registry.Member{{Name: "李雷", Duty: d}}}, nil
}

func (m *ministry) File(_ context.Context, person uuid.UUID, scope identity.Scope, year int) (f registry.File, err error) {
	m.scope, f.ID, f.Org.ID = scope, person, m.worksAt
	f.Name, f.Account.Year, f.Account.Policy, f.Years = "李雷", year, registry.Policy{Required: 7200, PublicNum: 1, PublicDen: 3}, []int{2026, 2024}
	return f, nil
}

func (m *ministry) Find(_ context.Context, _ uuid.UUID, q search.Query) (search.Found, error) {
	m.query = q
	return search.Found{People: []search.Person{{Name: "李雷"}}}, nil
}

func (m *ministry) Search(context.Context, catalog.Filter) (catalog.Found, error) {
	return catalog.Found{Items: []catalog.Card{{Title: catalog.Text{Zh: "灌溉"}}}, Total: 1}, nil
}

// look is one that was noted: who, of whom, where, and from which address.
type look struct {
	reader, subject, place uuid.UUID
	address                string
}

// watch notes looks, unless it is broken.
type watch struct {
	httpapi.Trail
	m *ministry
}

func (w watch) Viewed(ctx context.Context, reader, subject, place uuid.UUID) error {
	w.m.looks = append(w.m.looks, look{reader, subject, place, audit.OriginFrom(ctx).Address})
	return w.m.broken
}

type building struct {
	kit                                      *httptestkit.Kit
	m                                        *ministry
	province, city, industry, factory, other uuid.UUID
}

// newBuilding is a province with a city, an industry department and a factory
// below it, and a factory elsewhere.
func newBuilding(t *testing.T) building {
	t.Helper()
	b := building{province: uuid.New(), city: uuid.New(), industry: uuid.New(), factory: uuid.New(), other: uuid.New()}
	b.m = &ministry{lineages: map[uuid.UUID][]uuid.UUID{
		b.province: {b.province}, b.city: {b.city, b.province}, b.industry: {b.industry, b.province}, b.factory: {b.factory, b.city, b.province}, b.other: {b.other},
	}}
	b.kit = httptestkit.New(t, httpapi.Services{Workspaces: b.m, Staff: b.m, Search: b.m, Catalogue: b.m, Trail: watch{m: b.m}})
	return b
}

func (b building) as(role identity.Role, in uuid.UUID, kind org.Kind) *httptestkit.Client {
	return b.kit.As(&identity.Actor{PersonID: uuid.New(), Memberships: []identity.Membership{{OrgID: in, OrgKind: string(kind), Role: role}}})
}

func TestAnOrganisationsPeopleAreSeenByWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	b := newBuilding(t)
	for name, tc := range map[string]struct {
		who  *httptestkit.Client
		sees []uuid.UUID
	}{
		"the employer's officer sees the own staff alone":  {b.as(identity.EmployerOfficer, b.factory, org.Employer), []uuid.UUID{b.factory}},
		"the city's officer sees what is below":            {b.as(identity.DepartmentOfficer, b.city, org.PersonnelDepartment), []uuid.UUID{b.city, b.factory}},
		"the auditor sees what is below":                   {b.as(identity.Auditor, b.province, org.PersonnelDepartment), []uuid.UUID{b.province, b.city, b.industry, b.factory}},
		"an industry department does not see people":       {b.as(identity.DepartmentOfficer, b.industry, org.IndustryDepartment), nil},
		"a manager of an institution that is not above it": {b.as(identity.InstitutionManager, uuid.New(), org.TeachingInstitution), nil},
	} {
		for _, place := range []uuid.UUID{b.province, b.city, b.industry, b.factory, b.other, uuid.New()} {
			for _, what := range []string{"/duty", "/hours"} {
				a := tc.who.Get("/organisations/" + place.String() + what)
				if slices.Contains(tc.sees, place) {
					a.OK(200)
				} else {
					a.Problem(404, "not-found")
				}
			}
		}
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

func TestADepartmentsPageShowsWhatTheRoleSees(t *testing.T) {
	t.Parallel()
	b := newBuilding(t)
	for _, tc := range []struct {
		name string
		who  *httptestkit.Client
		at   uuid.UUID
		sees workspace.Sees
	}{
		{"a personnel officer sees all of it", b.as(identity.DepartmentOfficer, b.province, org.PersonnelDepartment), b.city, workspace.Sees{Reviews: true, Flags: true, Trail: true}},
		{"an industry officer reviews alone", b.as(identity.DepartmentOfficer, b.industry, org.IndustryDepartment), b.industry, workspace.Sees{Reviews: true}},
		{"an auditor reviews nothing", b.as(identity.Auditor, b.province, org.PersonnelDepartment), b.city, workspace.Sees{Flags: true, Trail: true}},
		{"elsewhere the auditor reads the trail alone", b.as(identity.Auditor, b.province, org.PersonnelDepartment), b.other, workspace.Sees{Trail: true}},
	} {
		var got httpapi.SupervisionFigures
		tc.who.Get("/organisations/" + tc.at.String() + "/supervision").OK(200).Into(&got)
		if b.m.sees != tc.sees || (got.Flags != nil) != tc.sees.Flags || (got.Deeds != nil) != tc.sees.Trail || len(got.Organisations) != 2 || got.Organisations[1].Count != 2 {
			t.Errorf("%s: %+v, %+v", tc.name, b.m.sees, got)
		}
	}
	b.as(identity.DepartmentOfficer, b.city, org.PersonnelDepartment).Get("/organisations/"+b.province.String()+"/supervision").Problem(404, "not-found")
	b.as(identity.DepartmentOfficer, b.city, org.PersonnelDepartment).Get("/organisations/"+uuid.NewString()+"/supervision").Problem(404, "not-found")
	b.m.broken = errors.New("cut")
	b.as(identity.DepartmentOfficer, b.city, org.PersonnelDepartment).Get("/organisations/"+b.city.String()+"/supervision").Problem(500, "internal")
}

func TestAnInstitutionsPageIsItsOwn(t *testing.T) {
	t.Parallel()
	b := newBuilding(t)
	var got httpapi.TeachingFigures
	author := b.as(identity.Instructor, b.factory, org.TeachingInstitution)
	author.Get("/organisations/" + b.factory.String() + "/teaching").OK(200).Into(&got)
	if got.Drafts != 2 || got.Months[0].Completions != 3 || got.ToDo[0].Title.En != "水" || got.Courses == nil {
		t.Errorf("%+v", got)
	}
	author.Get("/organisations/"+b.other.String()+"/teaching").Problem(404, "not-found")
}

func TestAStaffListAsksForWhatTheAddressSays(t *testing.T) {
	t.Parallel()
	b := newBuilding(t)
	who := b.as(identity.EmployerOfficer, b.factory, org.Employer)
	var page httpapi.StaffHoursPage
	who.Get("/organisations/" + b.factory.String() + "/hours?year=2025&q=%E6%9D%8E&standing=begun&sort=name&limit=7").OK(200).Into(&page)
	want := registry.StaffFilter{Org: b.factory, Year: 2025, Query: "李", Standing: registry.Begun, Sort: registry.ByName, Limit: 7}
	if b.m.filter != want || page.Items[0].Missing != 68.5 || page.Items[0].Standing != "begun" || page.Items[0].BySubject.Professional != 3.5 {
		t.Errorf("asked %+v, answered %+v", b.m.filter, page)
	}
	for _, bad := range []string{"year=1", "sort=age", "standing=late", "limit=0", "q=" + strings.Repeat("x", 101), "sql=1"} {
		who.Get("/organisations/" + b.factory.String() + "/hours?" + bad).OK(422)
	}
	var duty httpapi.DutyFigures
	who.Get("/organisations/" + b.factory.String() + "/duty?year=2025").OK(200).Into(&duty)
	if duty.Year != 2025 || duty.NotBegun != 2 || duty.Counted != 1.5 {
		t.Errorf("duty %+v", duty)
	}
}

func TestAStudyFileIsAskedForWithinTheScope(t *testing.T) {
	t.Parallel()
	b := newBuilding(t)
	var file httpapi.StudyFile
	officer, person := uuid.New(), uuid.New()
	b.m.worksAt = b.factory
	who := b.kit.As(&identity.Actor{PersonID: officer, Memberships: []identity.Membership{{OrgID: b.factory, OrgKind: string(org.Employer), Role: identity.EmployerOfficer}}})
	who.Get("/people/" + person.String() + "/hours?year=2024").OK(200).Into(&file)
	if !slices.Equal(b.m.scope.Here, []uuid.UUID{b.factory}) || b.m.scope.Below != nil || b.m.scope.Everywhere {
		t.Errorf("asked within %+v", b.m.scope)
	}
	if len(b.m.looks) != 1 || b.m.looks[0].address == "" || b.m.looks[0] != (look{officer, person, b.factory, b.m.looks[0].address}) {
		t.Errorf("looks noted: %+v", b.m.looks)
	}
	if file.Account.Year != 2024 || !slices.Equal(file.Account.Years, []int{2026, 2024}) || file.Account.Missing != 72 || file.Account.DaysLeft != 0 {
		t.Errorf("file %+v", file)
	}
	b.m.broken = errors.New("cut") // no look without a trace
	who.Get("/people/"+person.String()+"/hours").Problem(500, "internal")
}

func TestASearchIsBoundToTheScopesOfWhoSearches(t *testing.T) {
	t.Parallel()
	b := newBuilding(t)
	var got httpapi.Findings
	learner := b.as(identity.Professional, b.factory, org.Employer)
	learner.Get("/search?q=%E6%9D%8E%00%20").OK(200).Into(&got)
	if b.m.query.Text != "李" || b.m.query.People.Here != nil || b.m.query.People.Below != nil || b.m.query.Drafts.Here != nil || len(got.Courses) != 1 || got.Courses[0].Title.En != "灌溉" || got.Drafts == nil {
		t.Errorf("a learner asked %+v, got %+v", b.m.query, got)
	}
	b.as(identity.DepartmentOfficer, b.city, org.PersonnelDepartment).Get("/search?q=a&limit=3").OK(200)
	if !slices.Equal(b.m.query.People.Below, []uuid.UUID{b.city}) || !slices.Equal(b.m.query.Drafts.Here, []uuid.UUID{b.city}) || b.m.query.Limit != 3 {
		t.Errorf("an officer asked %+v", b.m.query)
	}
	b.m.query = search.Query{}
	learner.Get("/search?q=%20%09").OK(200).Into(&got)
	if b.m.query.Limit != 0 || len(got.Courses) != 0 {
		t.Errorf("blanks were searched for: %+v", b.m.query)
	}
	for _, bad := range []string{"", "?limit=3", "?q=" + strings.Repeat("x", 201), "?q=a&limit=21"} {
		learner.Get("/search" + bad).OK(422)
	}
}
