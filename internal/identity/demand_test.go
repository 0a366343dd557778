package identity_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

var allRights = []identity.Right{identity.Public, identity.Own, identity.Learn, identity.Author, identity.Submit, identity.Review, identity.Oversee, identity.Judge,
	identity.ManageOrgs, identity.ManageMembers, identity.SeePeople, identity.Assign, identity.ReadTrail, identity.MergePeople}

var allRoles = []identity.Role{identity.Professional, identity.Instructor, identity.InstitutionManager, identity.DepartmentOfficer, identity.EmployerOfficer, identity.Auditor}

func holding(role identity.Role) *identity.Actor {
	return &identity.Actor{PersonID: uuid.New(), Memberships: []identity.Membership{{OrgID: uuid.New(), OrgKind: "personnel_department", Role: role}}}
}

func TestWithoutASecondFactorNothingIsAllowedThatTheRoleAloneGives(t *testing.T) {
	t.Parallel()
	for _, role := range allRoles {
		trusted := role == identity.Professional || role == identity.Instructor
		for _, right := range allRights {
			whole, bare := holding(role), holding(role)
			identity.Required.Apply(bare)
			want := fault.KindOf(whole.Allows(right))
			allowed := whole.Allows(right) == nil
			got := bare.Permits(right)
			e, _ := fault.Of(got)
			switch {
			case !allowed && fault.KindOf(got) != want:
				t.Errorf("%s, %s: %v, without the demand it is %v", role, right, got, want)
			case allowed && (trusted || right == identity.Public || right == identity.Own || right == identity.Learn) && got != nil:
				t.Errorf("%s, %s: %v", role, right, got)
			case allowed && !trusted && right != identity.Public && right != identity.Own && right != identity.Learn && (e == nil || e.Code != "second-factor-required"):
				t.Errorf("%s, %s: %v", role, right, got)
			}
			if s := bare.Scope(right); !trusted && (s.Everywhere || len(s.Here)+len(s.Below) > 0) {
				t.Errorf("%s, %s: a sleeping role reaches %+v", role, right, s)
			}
		}
	}
}

func TestWithASecondFactorOrWithoutTheDemandEveryRoleIsAwake(t *testing.T) {
	t.Parallel()
	for _, role := range allRoles {
		strong, offered := holding(role), holding(role)
		strong.SecondFactor = true
		identity.Required.Apply(strong)
		identity.Offered.Apply(offered)
		for _, a := range []*identity.Actor{strong, offered} {
			if len(a.Memberships) != 1 || len(a.Asleep) != 0 {
				t.Errorf("%s: %+v", role, a)
			}
		}
	}
	identity.Required.Apply(nil)
	var nobody *identity.Actor
	if fault.KindOf(nobody.Permits(identity.Own)) != fault.Unauthenticated {
		t.Error("nobody is somebody")
	}
}
