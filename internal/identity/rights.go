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
	// ManageOrgs: add, change, move and accredit organisations within one's jurisdiction.
	ManageOrgs Right = "manage-orgs"
	// ManageMembers: invite, import, give and end roles in an organisation.
	ManageMembers Right = "manage-members"
	// SeePeople: lists and records of the people of an organisation.
	SeePeople Right = "see-people"
	// Assign: groups of an organisation's people, and courses they are to take.
	Assign Right = "assign"
	// ReadTrail: search and export what was done to whom.
	ReadTrail Right = "read-trail"
	// MergePeople: put two records of one person together.
	MergePeople Right = "merge-people"
)

// reach is how far a role's right goes from the organisation the role is held in.
type reach int

const (
	here       reach = iota // that organisation alone
	below                   // and everything below it in the tree
	everywhere              // every organisation
)

// grant gives a right to whoever holds a role.
type grant struct {
	role  Role
	reach reach
	kinds []org.Kind // in organisations of these kinds alone; nil: of any
}

var personnel = []org.Kind{org.PersonnelDepartment}

// table is domain.md's "Who may do what", for all rights that are held by a
// role in a place. It is the only place where a right is given.
var table = map[Right][]grant{
	Learn:         {{role: Professional}, {role: Instructor}, {role: InstitutionManager}, {role: DepartmentOfficer}, {role: EmployerOfficer}},
	Author:        {{role: Instructor}, {role: InstitutionManager}, {role: DepartmentOfficer}},
	Submit:        {{role: InstitutionManager}, {role: DepartmentOfficer}},
	Review:        {{role: DepartmentOfficer, reach: below}},
	Oversee:       {{role: DepartmentOfficer, reach: below, kinds: personnel}, {role: Auditor, reach: below}},
	Judge:         {{role: DepartmentOfficer, reach: below, kinds: personnel}},
	ManageOrgs:    {{role: DepartmentOfficer, reach: below}},
	ManageMembers: {{role: InstitutionManager}, {role: EmployerOfficer}, {role: DepartmentOfficer, reach: below}},
	SeePeople:     {{role: InstitutionManager}, {role: EmployerOfficer}, {role: DepartmentOfficer, reach: below, kinds: personnel}, {role: Auditor, reach: below}},
	Assign:        {{role: InstitutionManager}, {role: EmployerOfficer}, {role: DepartmentOfficer, reach: below}},
	ReadTrail:     {{role: DepartmentOfficer, reach: below, kinds: personnel}, {role: Auditor, reach: everywhere}},
	MergePeople:   {{role: DepartmentOfficer, reach: below, kinds: personnel}},
}

// gives says whether a membership has the right of the grant.
func (g grant) gives(m Membership) bool {
	return g.role == m.Role && (g.kinds == nil || slices.Contains(g.kinds, org.Kind(m.OrgKind)))
}

// reaches says whether what is held in a place covers an organisation of this lineage.
func (g grant) reaches(place uuid.UUID, lineage []uuid.UUID) bool {
	switch g.reach {
	case here:
		return place == lineage[0]
	case below:
		return slices.Contains(lineage, place)
	}
	return true
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
		if slices.ContainsFunc(table[r], func(g grant) bool { return g.role == m.Role }) {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "your role does not include this")
}

// RequireIn checks that the actor holds the right over an organisation, given
// the organisation's lineage (itself and all ancestors, nearest first).
func (a *Actor) RequireIn(r Right, lineage []uuid.UUID) error {
	if a == nil {
		return a.Allows(r)
	}
	// Never Forbidden: whether it exists is nobody else's business. Who does not
	// hold the right anywhere was refused by the operation, before it looked.
	// Without making the scope: this is asked of every object, by people with many roles.
	if len(lineage) > 0 {
		grants := table[r]
		for _, m := range a.Memberships {
			for _, g := range grants {
				if g.gives(m) && g.reaches(m.OrgID, lineage) {
					return nil
				}
			}
		}
	}
	return fault.Nothing()
}

// Scope is where a right is held, as a query can ask for it: the organisations
// of Here, those of Below with everything below them, or all.
type Scope struct {
	Here, Below []uuid.UUID
	Everywhere  bool
}

// Holds says whether an organisation of this lineage lies within the scope.
func (s Scope) Holds(lineage []uuid.UUID) bool {
	return s.Everywhere || slices.Contains(s.Here, lineage[0]) ||
		slices.ContainsFunc(s.Below, func(root uuid.UUID) bool { return slices.Contains(lineage, root) })
}

// Scope is where the actor holds a right.
func (a *Actor) Scope(r Right) (s Scope) {
	if a == nil {
		return s
	}
	for _, m := range a.Memberships {
		for _, g := range table[r] {
			switch {
			case !g.gives(m):
			case g.reach == here:
				s.Here = append(s.Here, m.OrgID)
			case g.reach == below:
				s.Below = append(s.Below, m.OrgID)
			default:
				s.Everywhere = true
			}
		}
	}
	return s
}

// Jurisdiction lists the organisations over which the actor holds a right of
// supervision, Oversee or Judge, and over all below them.
func (a *Actor) Jurisdiction(r Right) []uuid.UUID { return a.Scope(r).Below }
