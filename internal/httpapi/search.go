package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/search"
)

// Search finds names. It refuses for a moment whoever searches too often.
type Search interface {
	Find(ctx context.Context, by uuid.UUID, q search.Query) (search.Found, error)
}

// FoundPerson is somebody whose records one may see.
type FoundPerson struct {
	Person PersonRef `json:"person"`
	Org    OrgRef    `json:"org"`
}

// FoundCourse is a course in the catalogue.
type FoundCourse struct {
	ID       uuid.UUID `json:"id"`
	Title    Text      `json:"title"`
	Provider OrgRef    `json:"provider"`
	Hours    float64   `json:"hours"`
}

// FoundDraft is a course of an organisation one writes for.
type FoundDraft struct {
	ID       uuid.UUID `json:"id"`
	Title    Text      `json:"title"`
	Provider OrgRef    `json:"provider"`
	State    string    `json:"state" enum:"draft,submitted,returned"`
}

// Findings are what was found, the best first. Nothing tells how many there
// are of what one may not see.
type Findings struct {
	People        []FoundPerson `json:"people"`
	Courses       []FoundCourse `json:"courses"`
	Drafts        []FoundDraft  `json:"drafts"`
	Organisations []OrgRef      `json:"organisations"`
}

// SearchInput is what is searched for.
type SearchInput struct {
	Q     string `query:"q" required:"true" maxLength:"200" doc:"Part of a name or title"`
	Limit int    `query:"limit" minimum:"1" maximum:"20" default:"5" doc:"Of each kind"`
}

func (s *Server) registerSearch(a huma.API) {
	register(a, identity.Own, huma.Operation{OperationID: "search", Method: http.MethodGet, Path: "/search", Tags: []string{"Search"}, Summary: "People, courses and organisations, as far as one may see them"}, s.search)
}

func (s *Server) search(ctx context.Context, in *SearchInput) (*Body[Findings], error) {
	out := Findings{People: []FoundPerson{}, Courses: []FoundCourse{}, Drafts: []FoundDraft{}, Organisations: []OrgRef{}}
	text := search.Tidy(in.Q)
	if text == "" {
		return &Body[Findings]{out}, nil
	}
	actor := identity.ActorFrom(ctx)
	found, err := s.svc.Search.Find(ctx, actor.PersonID, search.Query{Text: text, People: actor.Scope(identity.SeePeople), Drafts: actor.Scope(identity.Author), Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	courses, err := s.svc.Catalogue.Search(ctx, catalog.Filter{Query: catalog.ParseQuery(text), Sort: "relevance", Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	for _, p := range found.People {
		out.People = append(out.People, FoundPerson{PersonRef{p.ID, p.Name}, orgRefOf(p.Org)})
	}
	for _, c := range courses.Items {
		out.Courses = append(out.Courses, FoundCourse{c.ID, Text(c.Title.Or()), orgRefOf(c.Provider), c.Hours})
	}
	for _, d := range found.Drafts {
		out.Drafts = append(out.Drafts, FoundDraft{d.ID, Text(d.Title.Or()), orgRefOf(d.Org), d.State})
	}
	for _, o := range found.Organisations {
		out.Organisations = append(out.Organisations, orgRefOf(o))
	}
	return &Body[Findings]{out}, nil
}
