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

// Organisations reads the tree of organisations.
type Organisations interface {
	Page(ctx context.Context, id uuid.UUID) (org.Page, error)
	List(ctx context.Context, f org.Filter) (org.List, error)
}

// Org is an organisation's public page.
type Org struct {
	OrgRef
	Parent        *OrgRef        `json:"parent,omitempty"`
	Courses       int            `json:"courses" doc:"Published courses"`
	Ownership     string         `json:"ownership,omitempty" enum:"state,private,public_institution,social_organisation" doc:"Of an employer; absent: not said"`
	ClosedAt      *time.Time     `json:"closed_at,omitempty"`
	Successor     *OrgRef        `json:"successor,omitempty" doc:"Of one that was merged"`
	Accreditation *Accreditation `json:"accreditation,omitempty" doc:"Of a teaching institution"`
	Steps         []AccreditStep `json:"steps,omitempty" doc:"All there were of the accreditation, the newest first"`
	May           OrgMay         `json:"may" doc:"What who asks may do here"`
}

// OrgMay says what who asks may do with an organisation.
type OrgMay struct {
	Change  bool `json:"change" doc:"Rename it, and add below it"`
	Place   bool `json:"place" doc:"Move, close, merge and accredit it: for who stands above it"`
	People  bool `json:"people" doc:"See its people"`
	Members bool `json:"members" doc:"Invite people, give and end roles"`
	Apply   bool `json:"apply" doc:"Apply for its accreditation"`
}

// Accreditation is what a teaching institution is at this moment.
type Accreditation struct {
	State   string        `json:"state" enum:"never,accredited,refused,suspended,revoked,expired"`
	Until   string        `json:"until,omitempty" format:"date" doc:"The last day, where the institution is"`
	Since   *time.Time    `json:"since,omitempty"`
	Pending *AccreditStep `json:"pending,omitempty" doc:"An application nobody has decided on"`
}

// AccreditStep is one step of an accreditation. Who took it stands there for
// whoever manages the tree; the public sees what was decided.
type AccreditStep struct {
	State  string     `json:"state" enum:"applied,accredited,refused,suspended,revoked"`
	Until  string     `json:"until,omitempty" format:"date"`
	Reason string     `json:"reason,omitempty"`
	By     *PersonRef `json:"by,omitempty"`
	At     time.Time  `json:"at"`
}

// ListOrgsInput filters organisations.
type ListOrgsInput struct {
	ListInput
	Kind string `query:"kind" enum:"personnel_department,industry_department,teaching_institution,employer,association"`
	Q    string `query:"q" maxLength:"100" doc:"Part of the name"`
}

// OrgPage is one page of organisations.
type OrgPage struct {
	Items      []OrgRef `json:"items"`
	NextCursor *string  `json:"next_cursor" nullable:"true"`
}

func (s *Server) registerOrgs(a huma.API) {
	register(a, identity.Public, huma.Operation{OperationID: "list-organisations", Method: http.MethodGet, Path: "/organisations", Tags: []string{"Organisations"}, Summary: "Organisations by name"}, s.listOrgs)
	register(a, identity.Public, huma.Operation{OperationID: "get-organisation", Method: http.MethodGet, Path: "/organisations/{id}", Tags: []string{"Organisations"}, Summary: "One organisation's public page"}, s.getOrg)
	s.registerTree(a)
	s.registerMembers(a)
	s.registerInvitations(a)
}

func (s *Server) listOrgs(ctx context.Context, in *ListOrgsInput) (*Body[OrgPage], error) {
	list, err := s.svc.Organisations.List(ctx, org.Filter{Kind: org.Kind(in.Kind), Query: in.Q, Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return nil, err
	}
	page := OrgPage{Items: make([]OrgRef, 0, len(list.Items)), NextCursor: list.NextCursor}
	for _, o := range list.Items {
		page.Items = append(page.Items, orgRefOf(o))
	}
	return &Body[OrgPage]{page}, nil
}

func (s *Server) getOrg(ctx context.Context, in *IDPath) (*Body[Org], error) {
	p, err := s.svc.Organisations.Page(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := Org{
		OrgRef: orgRefOf(p.Ref), Courses: p.Courses, Ownership: string(p.Ownership), ClosedAt: p.ClosedAt,
		Parent: orgRefOrNil(p.Parent), Successor: orgRefOrNil(p.Successor), May: mayOf(identity.ActorFrom(ctx), p),
	}
	named := out.May.Place || out.May.Apply
	if p.Accreditation != nil {
		out.Accreditation = accreditationOf(*p.Accreditation, named)
	}
	for _, step := range p.Steps {
		out.Steps = append(out.Steps, stepOf(step, named))
	}
	return &Body[Org]{out}, nil
}

func mayOf(a *identity.Actor, p org.Page) OrgMay {
	in := func(r identity.Right, lineage []uuid.UUID) bool { return a.RequireIn(r, lineage) == nil }
	if a == nil || len(p.Lineage) == 0 {
		return OrgMay{}
	}
	open := p.ClosedAt == nil
	return OrgMay{
		Change: open && in(identity.ManageOrgs, p.Lineage), Place: open && in(identity.ManageOrgs, p.Lineage[1:]),
		People: in(identity.SeePeople, p.Lineage) || in(identity.ManageMembers, p.Lineage), Members: open && in(identity.ManageMembers, p.Lineage),
		Apply: open && p.Kind.Accreditable() && in(identity.Submit, p.Lineage),
	}
}

func orgRefOrNil(o *org.Ref) *OrgRef {
	if o == nil {
		return nil
	}
	return new(orgRefOf(*o))
}

func accreditationOf(s org.Standing, named bool) *Accreditation {
	out := &Accreditation{State: string(s.State), Until: dateOf(s.Until), Since: s.Since}
	if s.Pending != nil {
		out.Pending = new(stepOf(*s.Pending, named))
	}
	return out
}

// stepOf tells who took a step, and what an institution wrote of itself, to
// those concerned alone; why a department decided is for everybody.
func stepOf(s org.Step, named bool) AccreditStep {
	out := AccreditStep{State: string(s.State), Until: dateOf(s.Until), Reason: s.Reason, At: s.At.UTC()}
	if named && s.By != nil {
		out.By = new(PersonRef(*s.By))
	}
	if !named && s.State == org.Applied {
		out.Reason = ""
	}
	return out
}

func dateOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.DateOnly)
}

func orgRefOf(o org.Ref) OrgRef {
	return OrgRef{ID: o.ID, Kind: string(o.Kind), Level: string(o.Level), Name: Text{Zh: o.NameZh, En: o.NameEn}}
}
