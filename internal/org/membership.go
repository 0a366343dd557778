package org

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Role is what a membership lets a person be (domain.md, "Who may do what").
type Role string

// The roles.
const (
	Professional       Role = "professional"
	Instructor         Role = "instructor"
	InstitutionManager Role = "institution_manager"
	DepartmentOfficer  Role = "department_officer"
	EmployerOfficer    Role = "employer_officer"
	Auditor            Role = "auditor"
)

// Roles are all roles, in the order of domain.md.
var Roles = []Role{Professional, Instructor, InstitutionManager, DepartmentOfficer, EmployerOfficer, Auditor}

// heldIn is where a role can be held. Teaching institutions in the regulation's
// sense may be associations too.
var heldIn = map[Role][]Kind{
	Professional:       kinds,
	Instructor:         {TeachingInstitution, Association},
	InstitutionManager: {TeachingInstitution, Association},
	DepartmentOfficer:  {PersonnelDepartment, IndustryDepartment},
	EmployerOfficer:    {Employer},
	Auditor:            {PersonnelDepartment, IndustryDepartment},
}

// Membership is a person's role in an organisation, from a moment on and,
// once ended, until another.
type Membership struct {
	ID       uuid.UUID
	PersonID uuid.UUID
	OrgID    uuid.UUID
	Role     Role
	Since    time.Time
	Until    *time.Time
}

// CheckRole says whether a role can be held in an organisation of a kind.
func CheckRole(r Role, k Kind) error {
	places, known := heldIn[r]
	if !known {
		return fault.New(fault.Invalid, "the membership is not valid", fault.Field{Path: "role", Message: "is not a role"})
	}
	if !slices.Contains(places, k) {
		return fault.New(fault.Invalid, "the membership is not valid", fault.Field{Path: "role", Message: "cannot be held in an organisation of this kind"})
	}
	return nil
}

// managing is the role that looks after an organisation of a kind.
var managing = map[Kind]Role{
	PersonnelDepartment: DepartmentOfficer,
	IndustryDepartment:  DepartmentOfficer,
	TeachingInstitution: InstitutionManager,
	Association:         InstitutionManager,
	Employer:            EmployerOfficer,
}

// Manages says whether the role is the one that looks after an organisation of the kind.
func (r Role) Manages(k Kind) bool { return managing[k] == r }

// Ending is the wish to end a role.
type Ending struct {
	Membership uuid.UUID
	By         uuid.UUID  // uuid.Nil: the program
	At         *time.Time // a moment that has passed; nil: now
	Reason     string     // "": none given
}

// End is when the membership ends by a wish made now. It does not end in the
// future, since what has not happened may come otherwise.
func (m Membership) End(e Ending, now time.Time) (time.Time, error) {
	if m.Until != nil {
		return now, fault.Coded(fault.Conflict, "already-ended", "this membership has ended already")
	}
	if len(e.Reason) > 4*MaxReason {
		return now, invalid("reason", "is too long")
	}
	end := now.UTC()
	if e.At != nil {
		end = e.At.UTC()
	}
	switch {
	case end.After(now):
		return end, invalid("until", "must not lie in the future")
	case e.At != nil && !end.After(m.Since):
		return end, invalid("until", "must be after the role began")
	case !end.After(m.Since):
		// PostgreSQL keeps microseconds; a role ended in the moment it began still ends after it.
		end = m.Since.Add(time.Microsecond)
	}
	return end, nil
}

// ErrLastManager is the answer to whoever would leave an organisation that
// nobody else looks after.
var ErrLastManager = fault.Coded(fault.Conflict, "last-manager", "You are the last one who looks after this organisation. Give somebody else the role first, or ask the department above.")

// Member is a membership together with whose it is.
type Member struct {
	Membership
	Name  string
	Email string // "": none, or not to be seen
}

// MemberFilter chooses an organisation's people; its zero fields choose all.
type MemberFilter struct {
	Org    uuid.UUID
	Role   Role
	Query  string // part of the name
	Mail   bool   // Query may be part of the address too: for who may read it
	Past   bool   // roles that have ended instead of those that are held
	Limit  int    // 1 to 100
	Cursor string
}

// MemberList is one page of people, the last to come first.
type MemberList struct {
	Items      []Member
	NextCursor *string
	Counts     map[Role]int // of all that are held
}
