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
