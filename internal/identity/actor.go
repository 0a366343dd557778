// Package identity knows people, how they sign in, and what they may do.
package identity

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/org"
)

// Role is what a membership lets a person be. Roles belong to memberships, so
// internal/org defines them; here they are what rights are made of.
type Role = org.Role

// The roles, by the names this package's rules read best with.
const (
	Professional       = org.Professional
	Instructor         = org.Instructor
	InstitutionManager = org.InstitutionManager
	DepartmentOfficer  = org.DepartmentOfficer
	EmployerOfficer    = org.EmployerOfficer
	Auditor            = org.Auditor
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
	// Asleep are memberships that hold only once a second factor is set up (Demand).
	Asleep []Membership
	// SignIn names the sign-in that asks; uuid.Nil: none that is listed.
	SignIn uuid.UUID
	// ProvedAt is when its holder last proved to be the account's owner.
	ProvedAt time.Time
	// SecondFactor: the account has one, so every sign-in of it used one.
	SecondFactor bool
}

// Orgs lists the organisations in which the actor holds one of the roles.
func (a *Actor) Orgs(roles ...Role) []uuid.UUID {
	if a == nil {
		return nil
	}
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
