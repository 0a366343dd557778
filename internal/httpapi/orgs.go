package httpapi

import (
	"context"
	"net/http"

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
	Parent  *OrgRef `json:"parent,omitempty"`
	Courses int     `json:"courses" doc:"Published courses"`
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
	out := Org{OrgRef: orgRefOf(p.Ref), Courses: p.Courses}
	if p.Parent != nil {
		parent := orgRefOf(*p.Parent)
		out.Parent = &parent
	}
	return &Body[Org]{out}, nil
}

func orgRefOf(o org.Ref) OrgRef {
	return OrgRef{ID: o.ID, Kind: string(o.Kind), Level: string(o.Level), Name: Text{Zh: o.NameZh, En: o.NameEn}}
}
