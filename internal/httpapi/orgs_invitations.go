package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// Invitations asks people by mail to take a role.
type Invitations interface {
	Invite(ctx context.Context, n org.NewInvitation) (org.Invitation, error)
	Invitation(ctx context.Context, id uuid.UUID) (org.Invitation, error)
	Invitations(ctx context.Context, orgID uuid.UUID, all bool, limit int, cursor string) (org.InvitationList, error)
	Resend(ctx context.Context, by, id uuid.UUID) (org.Invitation, error)
	Revoke(ctx context.Context, by, id uuid.UUID) error
	// Proved is the invitation whose mail carried the proof; false: none.
	Proved(token string) (uuid.UUID, bool)
	Shown(ctx context.Context, id, viewer uuid.UUID) (org.Shown, error)
	Accept(ctx context.Context, id, person uuid.UUID, move bool) (org.Invitation, error)
}

// Invitation is one as whoever looks after the organisation sees it.
type Invitation struct {
	ID        uuid.UUID `json:"id"`
	Email     string    `json:"email"`
	Role      string    `json:"role" enum:"professional,instructor,institution_manager,department_officer,employer_officer,auditor"`
	State     string    `json:"state" enum:"open,expired,accepted,revoked"`
	InvitedBy PersonRef `json:"invited_by"`
	SentAt    time.Time `json:"sent_at" doc:"Last"`
	Sends     int       `json:"sends"`
	ExpiresAt time.Time `json:"expires_at"`
}

// InvitationPage is one page, the last first.
type InvitationPage struct {
	Items      []Invitation `json:"items"`
	NextCursor *string      `json:"next_cursor" nullable:"true"`
	Open       int          `json:"open" doc:"How many wait for an answer, expired ones too"`
}

// ListInvitationsInput filters invitations.
type ListInvitationsInput struct {
	IDPath
	ListInput
	State string `query:"state" enum:"waiting,all" default:"waiting"`
}

// InviteInput asks an address to take a role.
type InviteInput struct {
	IDPath
	Body struct {
		Email  string `json:"email" minLength:"3" maxLength:"254"`
		Role   string `json:"role" enum:"professional,instructor,institution_manager,department_officer,employer_officer,auditor"`
		Locale string `json:"locale,omitempty" enum:"zh-CN,en" default:"zh-CN" doc:"Of the mail"`
	}
}

// ShowInvitationInput carries the proof from the mail. It is no part of the address, so
// that no log keeps it.
type ShowInvitationInput struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"200"`
	}
}

// AcceptInput accepts an invitation.
type AcceptInput struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"200"`
		Move  bool   `json:"move,omitempty" doc:"Leave the staff of every other employer in the same moment"`
	}
}

// ShownInvitation is one as whoever holds its proof sees it.
type ShownInvitation struct {
	Org       OrgRef    `json:"org"`
	Role      string    `json:"role" enum:"professional,instructor,institution_manager,department_officer,employer_officer,auditor"`
	State     string    `json:"state" enum:"open,expired,accepted,revoked"`
	Email     string    `json:"email"`
	InvitedBy string    `json:"invited_by"`
	ExpiresAt time.Time `json:"expires_at"`
	Known     bool      `json:"known" doc:"Somebody signs in with the address"`
	Mine      bool      `json:"mine" doc:"Whoever asks is signed in with the address, or accepted it"`
	Employers []OrgRef  `json:"employers" doc:"Where who asks is on the staff now, and may leave"`
}

func (s *Server) registerInvitations(a huma.API) {
	tags := []string{"People of organisations"}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: tags, Summary: summary, MaxBodyBytes: 16 << 10}
	}
	register(a, identity.ManageMembers, op("list-invitations", http.MethodGet, "/organisations/{id}/invitations", "Whom an organisation has invited"), s.listInvitations)
	invite := op("invite", http.MethodPost, "/organisations/{id}/invitations", "Invite somebody by mail to take a role")
	invite.DefaultStatus = http.StatusCreated
	register(a, identity.ManageMembers, invite, s.invite)
	register(a, identity.ManageMembers, op("resend-invitation", http.MethodPost, "/invitations/{id}/resend", "Send an invitation again; it holds anew"), s.resendInvitation)
	register(a, identity.ManageMembers, op("revoke-invitation", http.MethodDelete, "/invitations/{id}", "Take an invitation back"), s.revokeInvitation)
	register(a, identity.Public, op("show-invitation", http.MethodPost, "/invitations/shown", "What the proof in a mail invites to"), s.showInvitation)
	register(a, identity.Own, op("accept-invitation", http.MethodPost, "/invitations/acceptance", "Take the role one is invited to; once, and with the address it was sent to"), s.acceptInvitation)
}

func (s *Server) listInvitations(ctx context.Context, in *ListInvitationsInput) (*Body[InvitationPage], error) {
	if err := s.manages(ctx, in.ID); err != nil {
		return nil, err
	}
	list, err := s.svc.Invitations.Invitations(ctx, in.ID, in.State == "all", in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	page := InvitationPage{Items: []Invitation{}, NextCursor: list.NextCursor, Open: list.Open}
	for _, i := range list.Items {
		page.Items = append(page.Items, s.invitationOf(i))
	}
	return &Body[InvitationPage]{page}, nil
}

func (s *Server) invitationOf(i org.Invitation) Invitation {
	return Invitation{
		ID: i.ID, Email: i.Email, Role: string(i.Role), State: string(i.State(s.now())), InvitedBy: PersonRef(i.InvitedBy), SentAt: i.Sent.UTC(), Sends: i.Sends, ExpiresAt: i.Expires.UTC(),
	}
}

func (s *Server) invite(ctx context.Context, in *InviteInput) (*Body[Invitation], error) {
	if err := s.manages(ctx, in.ID); err != nil {
		return nil, err
	}
	b := in.Body
	i, err := s.svc.Invitations.Invite(withOrigin(ctx), org.NewInvitation{Org: in.ID, Role: org.Role(b.Role), Email: b.Email, Locale: b.Locale, By: identity.ActorFrom(ctx).PersonID})
	if err != nil {
		return nil, inBody(err)
	}
	return &Body[Invitation]{s.invitationOf(i)}, nil
}

// mayHandle is nil for an invitation to an organisation that who asks looks after.
func (s *Server) mayHandle(ctx context.Context, id uuid.UUID) error {
	i, err := s.svc.Invitations.Invitation(ctx, id)
	if err != nil {
		return err
	}
	return requires(ctx, identity.ManageMembers)(i.Lineage)
}

func (s *Server) resendInvitation(ctx context.Context, in *IDPath) (*Body[Invitation], error) {
	if err := s.mayHandle(ctx, in.ID); err != nil {
		return nil, err
	}
	i, err := s.svc.Invitations.Resend(withOrigin(ctx), identity.ActorFrom(ctx).PersonID, in.ID)
	if err != nil {
		return nil, err
	}
	return &Body[Invitation]{s.invitationOf(i)}, nil
}

func (s *Server) revokeInvitation(ctx context.Context, in *IDPath) (*Empty, error) {
	if err := s.mayHandle(ctx, in.ID); err != nil {
		return nil, err
	}
	return nil, s.svc.Invitations.Revoke(withOrigin(ctx), identity.ActorFrom(ctx).PersonID, in.ID)
}

var errNoInvitation = fault.Coded(fault.NotFound, "no-invitation", "This is not the address of an invitation. Open the link in the mail as a whole.")

func (s *Server) showInvitation(ctx context.Context, in *ShowInvitationInput) (*Body[ShownInvitation], error) {
	id, ok := s.svc.Invitations.Proved(in.Body.Token)
	if !ok {
		return nil, errNoInvitation
	}
	viewer, address := uuid.Nil, ""
	if actor := identity.ActorFrom(ctx); actor != nil {
		p, err := s.svc.Accounts.Profile(ctx, actor.PersonID)
		if err != nil {
			return nil, err
		}
		viewer, address = actor.PersonID, p.Email
	}
	v, err := s.svc.Invitations.Shown(ctx, id, viewer)
	if err != nil {
		return nil, err
	}
	folded, _ := identity.MailAddress(address)
	out := ShownInvitation{
		Org: orgRefOf(v.Org), Role: string(v.Role), State: string(v.State(s.now())), Email: v.Email, InvitedBy: v.InvitedBy.Name, ExpiresAt: v.Expires.UTC(),
		Known: v.Known, Mine: folded != "" && folded == v.Folded || v.AcceptedBy != nil && *v.AcceptedBy == viewer, Employers: []OrgRef{},
	}
	for _, o := range v.Employers {
		out.Employers = append(out.Employers, orgRefOf(o))
	}
	return &Body[ShownInvitation]{out}, nil
}

func (s *Server) acceptInvitation(ctx context.Context, in *AcceptInput) (*Body[MyRole], error) {
	id, ok := s.svc.Invitations.Proved(in.Body.Token)
	if !ok {
		return nil, errNoInvitation
	}
	i, err := s.svc.Invitations.Accept(withOrigin(ctx), id, identity.ActorFrom(ctx).PersonID, in.Body.Move)
	if err != nil {
		return nil, err
	}
	return &Body[MyRole]{MyRole{string(i.Role), orgRefOf(i.Org)}}, nil
}
