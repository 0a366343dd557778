package identity_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
)

func actor(roles ...identity.Role) *identity.Actor {
	a := &identity.Actor{PersonID: uuid.New()}
	for _, r := range roles {
		a.Memberships = append(a.Memberships, identity.Membership{OrgID: uuid.New(), Role: r})
	}
	return a
}

const yes = fault.Kind(255)

// answer is yes, or the kind of the refusal.
func answer(err error) fault.Kind {
	if err == nil {
		return yes
	}
	return fault.KindOf(err)
}

func TestWhatEachRoleMayDo(t *testing.T) {
	t.Parallel()
	rights := []identity.Right{identity.Public, identity.Own, identity.Learn, identity.Author, identity.Submit, identity.Review, identity.Judge, identity.Oversee}
	for _, tc := range []struct {
		name  string
		actor *identity.Actor
		may   []identity.Right
	}{
		{"a visitor sees what is public", nil, rights[:1]},
		{"a person without a role learns", actor(), rights[:3]},
		{"a professional learns", actor(identity.Professional), rights[:3]},
		{"an instructor writes but does not submit", actor(identity.Instructor), rights[:4]},
		{"a manager submits but does not review", actor(identity.InstitutionManager), rights[:5]},
		{"a department's officer does it all", actor(identity.DepartmentOfficer), rights},
		{"an employer's officer learns", actor(identity.EmployerOfficer), rights[:3]},
		{"an auditor only looks", actor(identity.Auditor), []identity.Right{identity.Public, identity.Own, identity.Oversee}},
		{"an auditor who is a professional too learns", actor(identity.Auditor, identity.Professional), []identity.Right{identity.Public, identity.Own, identity.Learn, identity.Oversee}},
		{"a role nobody knows is none", actor("king"), rights[:2]},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, r := range rights {
				want := yes
				switch {
				case slices.Contains(tc.may, r):
				case tc.actor == nil:
					want = fault.Unauthenticated
				default:
					want = fault.Forbidden
				}
				if got := answer(tc.actor.Allows(r)); got != want {
					t.Errorf("%s: %v, want %v", r, got, want)
				}
			}
		})
	}
	if got := answer(actor(org.Roles...).Allows("rule")); got != fault.Forbidden {
		t.Errorf("a right nobody knows: %v", got)
	}
}

func TestARightHoldsInItsOwnPlace(t *testing.T) {
	t.Parallel()
	school, city, province, elsewhere := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	lineage := []uuid.UUID{school, city, province}
	in := func(place uuid.UUID, r identity.Role) *identity.Actor {
		return &identity.Actor{Memberships: []identity.Membership{{OrgID: elsewhere, Role: identity.Professional}, {OrgID: place, Role: r}}}
	}
	for _, tc := range []struct {
		name  string
		actor *identity.Actor
		right identity.Right
		want  fault.Kind
	}{
		{"an instructor writes in their school", in(school, identity.Instructor), identity.Author, yes},
		{"an instructor does not write elsewhere", in(elsewhere, identity.Instructor), identity.Author, fault.NotFound},
		{"a manager of a place above does not write below", in(city, identity.InstitutionManager), identity.Author, fault.NotFound},
		{"an officer above does not write below", in(city, identity.DepartmentOfficer), identity.Author, fault.NotFound},
		{"an officer above does not submit below", in(province, identity.DepartmentOfficer), identity.Submit, fault.NotFound},
		{"an officer of the department above reviews", in(city, identity.DepartmentOfficer), identity.Review, yes},
		{"an officer two levels above reviews", in(province, identity.DepartmentOfficer), identity.Review, yes},
		{"an officer of another department does not review", in(elsewhere, identity.DepartmentOfficer), identity.Review, fault.NotFound},
		{"a manager has no right to review at all, and does not learn what there is", in(school, identity.InstitutionManager), identity.Review, fault.NotFound},
		{"the right of one role and the place of another do not add up", &identity.Actor{Memberships: []identity.Membership{
			{OrgID: school, Role: identity.Professional}, {OrgID: elsewhere, Role: identity.Instructor}}}, identity.Author, fault.NotFound},
		{"a visitor is asked to sign in", nil, identity.Author, fault.Unauthenticated},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := answer(tc.actor.RequireIn(tc.right, lineage)); got != tc.want {
				t.Errorf("answered %v, want %v", got, tc.want)
			}
		})
	}
	if got := answer(in(school, identity.Instructor).RequireIn(identity.Author, nil)); got != fault.NotFound {
		t.Errorf("a place without lineage: %v", got)
	}
}

func TestTheOrganisationsOfARole(t *testing.T) {
	t.Parallel()
	a := actor(identity.Instructor, identity.Auditor, identity.Instructor)
	want := []uuid.UUID{a.Memberships[0].OrgID, a.Memberships[2].OrgID}
	if got := a.Orgs(identity.Instructor, identity.DepartmentOfficer); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	var nobody *identity.Actor
	if got := nobody.Orgs(org.Roles...); got != nil {
		t.Errorf("nobody holds %v", got)
	}
}

func TestAContextCarriesWhoAsks(t *testing.T) {
	t.Parallel()
	a := actor()
	if got := identity.ActorFrom(identity.WithActor(t.Context(), a)); got != a {
		t.Errorf("got %v", got)
	}
	if got := identity.ActorFrom(t.Context()); got != nil {
		t.Errorf("without one: %v", got)
	}
}

func TestWhoSupervisesWhat(t *testing.T) {
	t.Parallel()
	in := func(role identity.Role, kind org.Kind) *identity.Actor {
		return &identity.Actor{Memberships: []identity.Membership{{OrgID: uuid.New(), OrgKind: string(kind), Role: role}}}
	}
	for _, tc := range []struct {
		name          string
		actor         *identity.Actor
		judges, looks bool
	}{
		{"an officer of a personnel department judges", in(identity.DepartmentOfficer, org.PersonnelDepartment), true, true},
		{"an officer of an industry's department does not", in(identity.DepartmentOfficer, org.IndustryDepartment), false, false},
		{"an auditor looks", in(identity.Auditor, org.PersonnelDepartment), false, true},
		{"a manager has nothing to do with it", in(identity.InstitutionManager, org.TeachingInstitution), false, false},
		{"nor an employer", in(identity.EmployerOfficer, org.Employer), false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := len(tc.actor.Jurisdiction(identity.Judge)) == 1; got != tc.judges {
				t.Errorf("judges: %v", got)
			}
			if got := len(tc.actor.Jurisdiction(identity.Oversee)) == 1; got != tc.looks {
				t.Errorf("looks: %v", got)
			}
		})
	}
}
