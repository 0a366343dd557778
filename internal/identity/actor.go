// Package identity knows people, how they sign in, and what they may do.
package identity

import (
	"context"
	"slices"

	"github.com/google/uuid"
)

// Role is what a membership lets a person be (domain.md, "Who may do what").
type Role string

const (
	Professional       Role = "professional"
	Instructor         Role = "instructor"
	InstitutionManager Role = "institution_manager"
	DepartmentOfficer  Role = "department_officer"
	EmployerOfficer    Role = "employer_officer"
	Auditor            Role = "auditor"
)

// Membership is one current role of a person in one organisation.
type Membership struct {
	OrgID   uuid.UUID
	OrgKind string
	Role    Role
}

// Actor is who asks: a signed-in person with the roles held at this moment.
type Actor struct {
	PersonID    uuid.UUID
	Name        string
	Locale      string
	Memberships []Membership
}

// Orgs lists the organisations in which the actor holds one of the roles.
func (a *Actor) Orgs(roles ...Role) []uuid.UUID {
	var out []uuid.UUID
	for _, m := range a.Memberships {
		if slices.Contains(roles, m.Role) {
			out = append(out, m.OrgID)
		}
	}
	return out
}

type actorKey struct{}

// WithActor returns a context that carries who asks.
func WithActor(ctx context.Context, a *Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorFrom is who asks, or nil for a visitor who has not signed in.
func ActorFrom(ctx context.Context) *Actor {
	a, _ := ctx.Value(actorKey{}).(*Actor)
	return a
}
