package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// Members is who belongs to organisations.
type Members interface {
	Organisation(ctx context.Context, id uuid.UUID) (org.Organisation, error)
	Members(ctx context.Context, f org.MemberFilter) (org.MemberList, error)
	Membership(ctx context.Context, id uuid.UUID) (m org.Membership, lineage []uuid.UUID, err error)
	Give(ctx context.Context, by, person, orgID uuid.UUID, role org.Role) (org.Membership, error)
	End(ctx context.Context, e org.Ending) error
	Transfer(ctx context.Context, by, membership, to uuid.UUID) (org.Membership, error)
}

// Member is somebody's role in an organisation.
type Member struct {
	ID     uuid.UUID  `json:"id" doc:"Of the role"`
	Person PersonRef  `json:"person"`
	Email  string     `json:"email,omitempty" doc:"For whoever gives and ends roles"`
	Role   string     `json:"role" enum:"professional,instructor,institution_manager,department_officer,employer_officer,auditor"`
	Since  time.Time  `json:"since"`
	Until  *time.Time `json:"until,omitempty"`
}

// MemberPage is one page of people, the last to come first.
type MemberPage struct {
	Items      []Member       `json:"items"`
	NextCursor *string        `json:"next_cursor" nullable:"true"`
	Counts     map[string]int `json:"counts" doc:"How many hold each role now"`
}

// ListMembersInput filters an organisation's people.
type ListMembersInput struct {
	IDPath
	ListInput
	Role  string `query:"role" enum:"professional,instructor,institution_manager,department_officer,employer_officer,auditor"`
	Q     string `query:"q" maxLength:"100" doc:"Part of the name or the address"`
	State string `query:"state" enum:"current,past" default:"current"`
}

// GiveRoleInput gives one of an organisation's people one more role.
type GiveRoleInput struct {
	IDPath
	Body struct {
		PersonID uuid.UUID `json:"person_id" doc:"Who belongs to the organisation or did; others are invited"`
		Role     string    `json:"role" enum:"professional,instructor,institution_manager,department_officer,employer_officer,auditor"`
	}
}

// EndRoleInput ends a role.
type EndRoleInput struct {
	IDPath
	Body struct {
		Until  *time.Time `json:"until,omitempty" doc:"When it ended; absent: now. Not in the future"`
		Reason string     `json:"reason,omitempty" maxLength:"2000"`
	}
}

// TransferInput names a person's next employer.
type TransferInput struct {
	IDPath
	Body struct {
		OrgID uuid.UUID `json:"org_id"`
	}
}

func (s *Server) registerMembers(a huma.API) {
	tags := []string{"People of organisations"}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: tags, Summary: summary, MaxBodyBytes: 16 << 10}
	}
	register(a, identity.SeePeople, op("list-members", http.MethodGet, "/organisations/{id}/members", "An organisation's people"), s.listMembers)
	give := op("give-role", http.MethodPost, "/organisations/{id}/members", "Give one of an organisation's people a role")
	give.DefaultStatus = http.StatusCreated
	register(a, identity.ManageMembers, give, s.giveRole)
	end := op("end-role", http.MethodPost, "/memberships/{id}/end", "End a role; 409 when the last manager would leave")
	end.DefaultStatus = http.StatusNoContent
	register(a, identity.ManageMembers, end, s.endRole)
	register(a, identity.ManageMembers, op("transfer-member", http.MethodPost, "/memberships/{id}/transfer", "End a role and begin it in another organisation of one's jurisdiction, in one deed"), s.transferMember)
}

func (s *Server) listMembers(ctx context.Context, in *ListMembersInput) (*Body[MemberPage], error) {
	o, err := s.svc.Members.Organisation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	manages := requires(ctx, identity.ManageMembers)(o.Lineage) == nil
	if err := requires(ctx, identity.SeePeople)(o.Lineage); err != nil && !manages {
		return nil, err
	}
	list, err := s.svc.Members.Members(ctx, org.MemberFilter{Org: in.ID, Role: org.Role(in.Role), Query: in.Q, Mail: manages, Past: in.State == "past", Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return nil, err
	}
	page := MemberPage{Items: []Member{}, NextCursor: list.NextCursor, Counts: map[string]int{}}
	for _, m := range list.Items {
		item := memberOf(m)
		if !manages {
			item.Email = ""
		}
		page.Items = append(page.Items, item)
	}
	for role, n := range list.Counts {
		page.Counts[string(role)] = n
	}
	return &Body[MemberPage]{page}, nil
}

func memberOf(m org.Member) Member {
	return Member{ID: m.ID, Person: PersonRef{ID: m.PersonID, Name: m.Name}, Email: m.Email, Role: string(m.Role), Since: m.Since, Until: m.Until}
}

// manages is nil when who asks looks after an organisation's people.
func (s *Server) manages(ctx context.Context, id uuid.UUID) error {
	o, err := s.svc.Members.Organisation(ctx, id)
	if err != nil {
		return err
	}
	return requires(ctx, identity.ManageMembers)(o.Lineage)
}

// ownMembership is a membership of an organisation that who asks looks after.
func (s *Server) ownMembership(ctx context.Context, id uuid.UUID) (org.Membership, error) {
	m, lineage, err := s.svc.Members.Membership(ctx, id)
	if err != nil {
		return m, err
	}
	return m, requires(ctx, identity.ManageMembers)(lineage)
}

// RoleHeld is a role somebody has from now on.
type RoleHeld struct {
	ID       uuid.UUID `json:"id"`
	PersonID uuid.UUID `json:"person_id"`
	OrgID    uuid.UUID `json:"org_id"`
	Role     string    `json:"role"`
	Since    time.Time `json:"since"`
}

func heldOf(m org.Membership, err error) (*Body[RoleHeld], error) {
	if err != nil {
		return nil, inBody(err)
	}
	return &Body[RoleHeld]{RoleHeld{m.ID, m.PersonID, m.OrgID, string(m.Role), m.Since.UTC()}}, nil
}

func (s *Server) giveRole(ctx context.Context, in *GiveRoleInput) (*Body[RoleHeld], error) {
	if err := s.manages(ctx, in.ID); err != nil {
		return nil, err
	}
	return heldOf(s.svc.Members.Give(withOrigin(ctx), identity.ActorFrom(ctx).PersonID, in.Body.PersonID, in.ID, org.Role(in.Body.Role)))
}

func (s *Server) endRole(ctx context.Context, in *EndRoleInput) (*Empty, error) {
	if _, err := s.ownMembership(ctx, in.ID); err != nil {
		return nil, err
	}
	err := s.svc.Members.End(withOrigin(ctx), org.Ending{Membership: in.ID, By: identity.ActorFrom(ctx).PersonID, At: in.Body.Until, Reason: in.Body.Reason})
	return nil, inBody(err)
}

func (s *Server) transferMember(ctx context.Context, in *TransferInput) (*Body[RoleHeld], error) {
	if _, err := s.ownMembership(ctx, in.ID); err != nil {
		return nil, err
	}
	if err := s.manages(ctx, in.Body.OrgID); err != nil {
		return nil, err
	}
	return heldOf(s.svc.Members.Transfer(withOrigin(ctx), identity.ActorFrom(ctx).PersonID, in.ID, in.Body.OrgID))
}
