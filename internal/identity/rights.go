package identity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// Right is what an operation asks of the person who calls it. Every operation
// names exactly one; the HTTP edge refuses to register one without.
type Right string

const (
	// Public operations answer anybody, signed in or not.
	Public Right = "public"
	// Own operations touch only what belongs to the person who asks.
	Own Right = "own"
	// Learn: enrol, study, take quizzes.
	Learn Right = "learn"
	// Author courses, questions and materials of one's own organisation.
	Author Right = "author"
	// Submit a course of one's own organisation for publication.
	Submit Right = "submit"
	// Review and approve courses within one's jurisdiction.
	Review Right = "review"
	// Oversee: see what was flagged in people's study within one's jurisdiction.
	Oversee Right = "oversee"
	// Judge a flag within one's jurisdiction.
	Judge Right = "judge"
)

// roleRights is the table of domain.md, "Who may do what", for the rights above.
var roleRights = map[Right][]Role{
	Author:  {Instructor, InstitutionManager, DepartmentOfficer},
	Submit:  {InstitutionManager, DepartmentOfficer},
	Review:  {DepartmentOfficer},
	Oversee: {DepartmentOfficer, Auditor},
	Judge:   {DepartmentOfficer},
	Learn:   {Professional, Instructor, InstitutionManager, DepartmentOfficer, EmployerOfficer},
}

// Allows says whether the actor holds the right at all, anywhere. Which
// organisation or record it holds for is decided by RequireIn and its kin.
func (a *Actor) Allows(r Right) error {
	if r == Public {
		return nil
	}
	if a == nil {
		return fault.New(fault.Unauthenticated, "sign in first")
	}
	// A person without any membership is still a learner of their own: hours
	// follow the person, not the employer.
	if r == Own || (r == Learn && len(a.Memberships) == 0) {
		return nil
	}
	for _, m := range a.Memberships {
		if slices.Contains(roleRights[r], m.Role) {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "your role does not include this")
}

// RequireIn checks that the actor holds the right over an organisation, given
// the organisation's lineage (itself and all ancestors, nearest first).
// Author and Submit hold in one's own organisation; Review holds for a
// department's officer over everything below the department.
func (a *Actor) RequireIn(r Right, lineage []uuid.UUID) error {
	if err := a.Allows(r); err != nil {
		return err
	}
	for _, m := range a.Memberships {
		if !slices.Contains(roleRights[r], m.Role) || len(lineage) == 0 {
			continue
		}
		if m.OrgID == lineage[0] || (r == Review && slices.Contains(lineage, m.OrgID)) {
			return nil
		}
	}
	// Not Forbidden: whether it exists is nobody else's business.
	return fault.New(fault.NotFound, "there is no such thing here, or it is not yours to see")
}

// Jurisdiction lists the organisations over which the actor holds a right of
// supervision, Oversee or Judge, and over all below them. Of departments only
// those of personnel supervise people's records.
func (a *Actor) Jurisdiction(r Right) (out []uuid.UUID) {
	for _, m := range a.Memberships {
		if slices.Contains(roleRights[r], m.Role) && (m.Role != DepartmentOfficer || m.OrgKind == string(org.PersonnelDepartment)) {
			out = append(out, m.OrgID)
		}
	}
	return out
}
