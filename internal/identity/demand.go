package identity

import (
	"slices"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Demand says whether officers, managers and auditors must have a second factor.
type Demand string

// The demands. The zero value offers.
const (
	Offered  Demand = "offered"
	Required Demand = "required"
)

// answerable are the roles that act for others or see what is others'.
var answerable = []Role{InstitutionManager, DepartmentOfficer, EmployerOfficer, Auditor}

// asks says whether the demand asks a second factor of somebody with these roles.
func (d Demand) asks(roles []Role) bool {
	return d == Required && slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(answerable, r) })
}

// Apply lets the roles sleep that the demand asks a second factor of, when the
// actor has none: no list, scope or check of a right then knows of them.
func (d Demand) Apply(a *Actor) {
	if a == nil || d != Required || a.SecondFactor {
		return
	}
	awake := a.Memberships[:0:0]
	for _, m := range a.Memberships {
		if slices.Contains(answerable, m.Role) {
			a.Asleep = append(a.Asleep, m)
		} else {
			awake = append(awake, m)
		}
	}
	a.Memberships = awake
}

var errSecondFactorRequired = fault.Coded(fault.Forbidden, "second-factor-required",
	"Your role needs a second factor beside the password. Set one up in your security settings first.")

// Permits is Allows, and says so when it is a sleeping role that would allow it.
func (a *Actor) Permits(r Right) error {
	if a == nil || len(a.Asleep) == 0 {
		return a.Allows(r)
	}
	whole := *a
	whole.Memberships = append(slices.Clone(a.Memberships), a.Asleep...)
	if err := whole.Allows(r); err != nil {
		return err
	}
	if r != Learn && a.Allows(r) != nil {
		return errSecondFactorRequired
	}
	return nil
}
