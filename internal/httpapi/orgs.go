package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

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
	return nil, errUnwired
}
func (s *Server) getOrg(ctx context.Context, in *IDPath) (*Body[Org], error) { return nil, errUnwired }
