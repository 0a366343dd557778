package httpapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/roster"
)

// cabinet is one organisation's list, import, group and assignment.
type cabinet struct {
	httpapi.Roster
	lineage []uuid.UUID
	deeds   []string
}

func (c *cabinet) did(what string) { c.deeds = append(c.deeds, what) }

func (c *cabinet) Lineage(context.Context, uuid.UUID) ([]uuid.UUID, error) { return c.lineage, nil }

func (c *cabinet) Import(_ context.Context, id uuid.UUID) (roster.Import, error) {
	return roster.Import{ID: id, OrgID: c.lineage[0], Size: 10, State: roster.Checked, Columns: roster.Columns{roster.Email: 27}, CheckedAt: new(time.Now())}, nil
}

func (c *cabinet) PutPart(context.Context, roster.Import, int, []byte) error {
	c.did("part")
	return nil
}

func (c *cabinet) Check(context.Context, uuid.UUID, roster.Columns) error { c.did("check"); return nil }

func (c *cabinet) Apply(context.Context, uuid.UUID, uuid.UUID, []int) error {
	c.did("apply")
	return nil
}

func (c *cabinet) Drop(context.Context, uuid.UUID) error { c.did("drop"); return nil }

func (c *cabinet) Rows(context.Context, uuid.UUID, roster.RowFilter) ([]roster.Row, *int, error) {
	return []roster.Row{{Number: 3, Name: "=李雷", Problems: []roster.Problem{{Field: roster.Email, Code: "mail-bad"}}}}, nil, nil
}

func (c *cabinet) Members(context.Context, roster.MemberFilter) ([]roster.Member, *string, int, error) {
	return []roster.Member{{ID: uuid.New(), Name: "李雷", State: roster.Invited, Groups: []string{}}}, nil, 1, nil
}

func (c *cabinet) Export(_ context.Context, _, _ uuid.UUID, _ string, each func(roster.Member) error) error {
	c.did("export")
	return each(roster.Member{Name: "@李雷", Email: "li@example.cn", State: roster.Joined})
}

func (c *cabinet) Group(_ context.Context, id uuid.UUID) (roster.Group, error) {
	return roster.Group{ID: id, OrgID: c.lineage[0]}, nil
}

func (c *cabinet) DeleteGroup(context.Context, roster.Group, uuid.UUID) error {
	c.did("delete group")
	return nil
}

func (c *cabinet) Assignment(_ context.Context, id uuid.UUID) (roster.Assignment, error) {
	return roster.Assignment{ID: id, Org: org.Ref{ID: c.lineage[0], Kind: org.Employer}}, nil
}

func (c *cabinet) Withdraw(context.Context, roster.Assignment, uuid.UUID) error {
	c.did("withdraw")
	return nil
}

func TestOnlyTheOrganisationsOwnPeopleReachItsLists(t *testing.T) {
	t.Parallel()
	dept, company := uuid.New(), uuid.New()
	c := &cabinet{lineage: []uuid.UUID{company, dept}}
	kit := httptestkit.New(t, httpapi.Services{Roster: c})
	as := func(org uuid.UUID, kind org.Kind, role identity.Role) *httptestkit.Client {
		return kit.As(&identity.Actor{PersonID: uuid.New(), Memberships: []identity.Membership{{OrgID: org, OrgKind: string(kind), Role: role}}})
	}
	own, above := as(company, org.Employer, identity.EmployerOfficer), as(dept, org.PersonnelDepartment, identity.DepartmentOfficer)
	other, auditor := as(uuid.New(), org.Employer, identity.EmployerOfficer), as(dept, org.PersonnelDepartment, identity.Auditor)
	one := uuid.NewString()
	for _, o := range []struct {
		method, path string
		body         any
		deed         string
	}{
		{http.MethodGet, "/staff-imports/" + one, nil, ""},
		{http.MethodGet, "/staff-imports/" + one + "/rows", nil, ""},
		{http.MethodGet, "/staff-imports/" + one + "/problems.csv", nil, ""},
		{http.MethodPost, "/staff-imports/" + one + "/check", map[string]any{}, "check"},
		{http.MethodPost, "/staff-imports/" + one + "/apply", map[string]any{}, "apply"},
		{http.MethodDelete, "/staff-imports/" + one, nil, "drop"},
		{http.MethodGet, "/organisations/" + company.String() + "/staff", nil, ""},
		{http.MethodGet, "/organisations/" + company.String() + "/staff.csv", nil, "export"},
		{http.MethodGet, "/organisations/" + company.String() + "/staff.xlsx", nil, "export"},
		{http.MethodDelete, "/groups/" + one, nil, "delete group"},
		{http.MethodGet, "/assignments/" + one, nil, ""},
		{http.MethodDelete, "/assignments/" + one, nil, "withdraw"},
	} {
		c.deeds = nil
		other.Do(o.method, o.path, o.body).Problem(404, "not-found")
		if len(c.deeds) > 0 {
			t.Errorf("%s %s was done for another organisation: %v", o.method, o.path, c.deeds)
		}
		for _, client := range []*httptestkit.Client{own, above} {
			c.deeds = nil
			if a := client.Do(o.method, o.path, o.body); a.Status >= 300 {
				t.Errorf("%s %s answers %d to those it belongs to", o.method, o.path, a.Status)
			}
			if strings.Join(c.deeds, " ") != o.deed {
				t.Errorf("%s %s did %v", o.method, o.path, c.deeds)
			}
		}
	}
	auditor.Get("/organisations/" + company.String() + "/staff").OK(200)
	auditor.Delete("/groups/"+one).Problem(403, "forbidden")
}

func TestExportedCellsBeginNoFormulaAndProblemsNameTheirPlace(t *testing.T) {
	t.Parallel()
	company := uuid.New()
	c := &cabinet{lineage: []uuid.UUID{company}}
	own := httptestkit.New(t, httpapi.Services{Roster: c}).As(&identity.Actor{PersonID: uuid.New(), Memberships: []identity.Membership{{OrgID: company, OrgKind: "employer", Role: identity.EmployerOfficer}}})
	a := own.Get("/organisations/" + company.String() + "/staff.csv?lang=en").OK(200)
	if text := string(a.Body); !strings.HasPrefix(text, "\ufeffName,E-mail,") || !strings.Contains(text, "\r\n'@李雷,li@example.cn,") {
		t.Errorf("%q", text)
	}
	a = own.Get("/staff-imports/" + uuid.NewString() + "/problems.csv").OK(200)
	if text := string(a.Body); !strings.Contains(text, "3,AB,邮箱,不能,不是有效的邮箱地址。") {
		t.Errorf("%q", text)
	}
	put := func(data string) int {
		return own.With("Content-Type", "application/octet-stream").Do(http.MethodPut, "/staff-imports/"+uuid.NewString()+"/parts/0", data).Status
	}
	if put("0123456789") != 204 || put("012345678") != 422 || put("0123456789a") != 422 {
		t.Error("a part of another length is taken, or the right one is not")
	}
}
