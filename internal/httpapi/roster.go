package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/roster"
)

// Roster is what the operations on organisations' lists of people call.
type Roster interface {
	Lineage(ctx context.Context, org uuid.UUID) ([]uuid.UUID, error)
	Organisation(ctx context.Context, id uuid.UUID) (org.Ref, time.Time, error)

	Imports(ctx context.Context, org uuid.UUID, limit int, cursor string) ([]roster.Import, *string, error)
	Import(ctx context.Context, id uuid.UUID) (roster.Import, error)
	BeginImport(ctx context.Context, org, by uuid.UUID, filename string, size int64) (roster.Import, error)
	PutPart(ctx context.Context, i roster.Import, n int, data []byte) error
	Check(ctx context.Context, id uuid.UUID, columns roster.Columns) error
	Rows(ctx context.Context, id uuid.UUID, f roster.RowFilter) ([]roster.Row, *int, error)
	Apply(ctx context.Context, id, by uuid.UUID, chosen []int) error
	Drop(ctx context.Context, id uuid.UUID) error

	Members(ctx context.Context, f roster.MemberFilter) (items []roster.Member, next *string, total int, err error)
	Export(ctx context.Context, org, by uuid.UUID, format string, each func(roster.Member) error) error
	Invite(ctx context.Context, org, staff, by uuid.UUID) error
	// Invited is whose place a proof stands for; false for no proof.
	Invited(token string) (uuid.UUID, bool)
	Invitation(ctx context.Context, staff uuid.UUID) (roster.Invitation, error)
	Accept(ctx context.Context, staff, person uuid.UUID) (roster.Invitation, error)

	Groups(ctx context.Context, org uuid.UUID) ([]roster.Group, error)
	Group(ctx context.Context, id uuid.UUID) (roster.Group, error)
	CreateGroup(ctx context.Context, org, by uuid.UUID, name string) (roster.Group, error)
	RenameGroup(ctx context.Context, g roster.Group, by uuid.UUID, name string) error
	DeleteGroup(ctx context.Context, g roster.Group, by uuid.UUID) error
	AddToGroup(ctx context.Context, g roster.Group, by uuid.UUID, staff []uuid.UUID, pasted []string) (int, []string, error)
	RemoveFromGroup(ctx context.Context, g roster.Group, by, staff uuid.UUID) error

	Assignments(ctx context.Context, org uuid.UUID, limit int, cursor string) ([]roster.Assignment, *string, error)
	Assignment(ctx context.Context, id uuid.UUID) (roster.Assignment, error)
	Assign(ctx context.Context, n roster.NewAssignment) (roster.Assignment, error)
	Withdraw(ctx context.Context, a roster.Assignment, by uuid.UUID) error
	Takers(ctx context.Context, id uuid.UUID, limit int, cursor string) ([]roster.Taker, *string, error)
	Mine(ctx context.Context, person uuid.UUID) ([]roster.Mine, error)
}

// inOrg checks that the actor holds a right over an organisation.
func (s *Server) inOrg(ctx context.Context, right identity.Right, org uuid.UUID) (uuid.UUID, error) {
	lineage, err := s.svc.Roster.Lineage(ctx, org)
	if err != nil {
		return uuid.Nil, err
	}
	actor := identity.ActorFrom(ctx)
	return actor.PersonID, actor.RequireIn(right, lineage)
}

// StaffMember is one of an organisation's people as it lists them.
type StaffMember struct {
	ID         uuid.UUID `json:"id"`
	Name       string    `json:"name"`
	Email      string    `json:"email,omitempty" doc:"As the organisation wrote it"`
	EmployeeNo string    `json:"employee_no,omitempty"`
	Department string    `json:"department,omitempty"`
	Position   string    `json:"position,omitempty"`
	HiredOn    string    `json:"hired_on,omitempty" format:"date"`
	State      string    `json:"state" enum:"invited,joined,left"`
	Groups     []string  `json:"groups"`
}

func staffMemberOf(m roster.Member) StaffMember {
	out := StaffMember{ID: m.ID, Name: m.Name, Email: m.Email, EmployeeNo: m.EmployeeNo, Department: m.Department, Position: m.Position, State: string(m.State), Groups: m.Groups}
	if m.HiredOn != nil {
		out.HiredOn = m.HiredOn.Format(time.DateOnly)
	}
	return out
}

// StaffPage is one page of a list, the last to come first.
type StaffPage struct {
	Items      []StaffMember `json:"items"`
	NextCursor *string       `json:"next_cursor" nullable:"true"`
	Total      int           `json:"total"`
}

// ListStaffInput chooses of an organisation's list.
type ListStaffInput struct {
	IDPath
	ListInput
	Q     string `query:"q" maxLength:"100" doc:"Part of a name, an address or a department, or an employee number"`
	Group string `query:"group" format:"uuid"`
}

// StaffPath is somebody on an organisation's list.
type StaffPath struct {
	IDPath
	Staff uuid.UUID `path:"staff"`
}

// TokenInput carries the proof of a mailed link.
type TokenInput struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"200"`
	}
}

// StaffInvitation is a place that waits for somebody.
type StaffInvitation struct {
	Org   OrgRef `json:"org"`
	Role  string `json:"role" enum:"professional,instructor"`
	Email string `json:"email"`
	State string `json:"state" enum:"open,used,expired,revoked"`
}

func (s *Server) registerRoster(a huma.API) {
	tags := []string{"Staff"}
	register(a, identity.SeePeople, huma.Operation{OperationID: "list-staff", Method: http.MethodGet, Path: "/organisations/{id}/staff", Tags: tags, Summary: "An organisation's list of its people"}, s.listStaff)
	register(a, identity.ManageMembers, huma.Operation{OperationID: "invite-staff-again", Method: http.MethodPost, Path: "/organisations/{id}/staff/{staff}/invitation", Tags: tags, Summary: "Send somebody the invitation once more", DefaultStatus: http.StatusNoContent}, s.inviteStaff)
	register(a, identity.Public, huma.Operation{OperationID: "show-staff-invitation", Method: http.MethodPost, Path: "/staff-invitations/shown", Tags: tags, Summary: "What a mailed invitation is to; 404 for no proof"}, s.showStaffInvitation)
	register(a, identity.Own, huma.Operation{OperationID: "accept-staff-invitation", Method: http.MethodPost, Path: "/staff-invitations/acceptance", Tags: tags, Summary: "Take the place; 409 with another address than it was sent to, 410 when it no longer holds"}, s.acceptStaffInvitation)
	s.registerRosterFiles(a)
	s.registerStaffImports(a)
	s.registerGroups(a)
	s.registerAssignments(a)
}

func (s *Server) listStaff(ctx context.Context, in *ListStaffInput) (*Body[StaffPage], error) {
	if _, err := s.inOrg(ctx, identity.SeePeople, in.ID); err != nil {
		return nil, err
	}
	f := roster.MemberFilter{Org: in.ID, Query: in.Q, Limit: in.Limit, Cursor: in.Cursor}
	if in.Group != "" {
		f.Group = new(uuid.MustParse(in.Group))
	}
	items, next, total, err := s.svc.Roster.Members(ctx, f)
	if err != nil {
		return nil, err
	}
	page := StaffPage{Items: []StaffMember{}, NextCursor: next, Total: total}
	for _, m := range items {
		page.Items = append(page.Items, staffMemberOf(m))
	}
	return &Body[StaffPage]{page}, nil
}

func (s *Server) inviteStaff(ctx context.Context, in *StaffPath) (*Empty, error) {
	by, err := s.inOrg(ctx, identity.ManageMembers, in.ID)
	if err != nil {
		return nil, err
	}
	return &Empty{}, s.svc.Roster.Invite(withOrigin(ctx), in.ID, in.Staff, by)
}

func (s *Server) showStaffInvitation(ctx context.Context, in *TokenInput) (*Body[StaffInvitation], error) {
	staff, ok := s.svc.Roster.Invited(in.Body.Token)
	if !ok {
		return nil, errNotYours
	}
	i, err := s.svc.Roster.Invitation(ctx, staff)
	if err != nil {
		return nil, err
	}
	return &Body[StaffInvitation]{staffInvitationOf(i, s.now())}, nil
}

func staffInvitationOf(i roster.Invitation, now time.Time) StaffInvitation {
	return StaffInvitation{Org: orgRefOf(i.Org), Role: string(i.Role), Email: i.Email, State: i.State(now)}
}

func (s *Server) acceptStaffInvitation(ctx context.Context, in *TokenInput) (*Body[StaffInvitation], error) {
	staff, ok := s.svc.Roster.Invited(in.Body.Token)
	if !ok {
		return nil, errNotYours
	}
	i, err := s.svc.Roster.Accept(withOrigin(ctx), staff, identity.ActorFrom(ctx).PersonID)
	if err != nil {
		return nil, err
	}
	i.Joined = true
	return &Body[StaffInvitation]{staffInvitationOf(i, s.now())}, nil
}
