package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/roster"
)

// StaffGroup is some of an organisation's people, under a name.
type StaffGroup struct {
	ID      uuid.UUID `json:"id"`
	OrgID   uuid.UUID `json:"org_id"`
	Name    string    `json:"name"`
	Members int       `json:"members"`
}

// StaffGroups are an organisation's, by name.
type StaffGroups struct {
	Items []StaffGroup `json:"items"`
}

// NameGroupInput names a group; of an organisation to make one, of a group to rename it.
type NameGroupInput struct {
	IDPath
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"200"`
	}
}

// AddToGroupInput names people: by their places on the list, or by employee
// numbers and mail addresses.
type AddToGroupInput struct {
	IDPath
	Body struct {
		Staff []uuid.UUID `json:"staff,omitempty" maxItems:"500"`
		Known []string    `json:"known_by,omitempty" maxItems:"5000" doc:"Employee numbers and mail addresses"`
	}
}

// AddedToGroup says how many are new in it, and who is not on the organisation's list.
type AddedToGroup struct {
	Added   int      `json:"added"`
	Unknown []string `json:"unknown"`
}

func (s *Server) registerGroups(a huma.API) {
	op := func(id, method, path, summary string, status int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"Groups"}, Summary: summary, DefaultStatus: status}
	}
	register(a, identity.Assign, op("list-groups", http.MethodGet, "/organisations/{id}/groups", "An organisation's groups", 200), s.listGroups)
	register(a, identity.Assign, op("create-group", http.MethodPost, "/organisations/{id}/groups", "Make a group", 201), s.createGroup)
	register(a, identity.Assign, op("rename-group", http.MethodPut, "/groups/{id}", "Rename a group", 204), s.renameGroup)
	register(a, identity.Assign, op("delete-group", http.MethodDelete, "/groups/{id}", "Take a group away, with what was assigned to it alone", 204), s.deleteGroup)
	register(a, identity.Assign, op("add-to-group", http.MethodPost, "/groups/{id}/members", "Put people into a group", 200), s.addToGroup)
	register(a, identity.Assign, op("remove-from-group", http.MethodDelete, "/groups/{id}/members/{staff}", "Take somebody out of a group", 204), s.removeFromGroup)
}

func staffGroupOf(g roster.Group) StaffGroup { return StaffGroup(g) }

func (s *Server) ownGroup(ctx context.Context, id uuid.UUID) (roster.Group, uuid.UUID, error) {
	g, err := s.svc.Roster.Group(ctx, id)
	if err != nil {
		return g, uuid.Nil, err
	}
	by, err := s.inOrg(ctx, identity.Assign, g.OrgID)
	return g, by, err
}

func (s *Server) listGroups(ctx context.Context, in *IDPath) (*Body[StaffGroups], error) {
	if _, err := s.inOrg(ctx, identity.Assign, in.ID); err != nil {
		return nil, err
	}
	items, err := s.svc.Roster.Groups(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := StaffGroups{Items: []StaffGroup{}}
	for _, g := range items {
		out.Items = append(out.Items, staffGroupOf(g))
	}
	return &Body[StaffGroups]{out}, nil
}

func (s *Server) createGroup(ctx context.Context, in *NameGroupInput) (*Body[StaffGroup], error) {
	by, err := s.inOrg(ctx, identity.Assign, in.ID)
	if err != nil {
		return nil, err
	}
	g, err := s.svc.Roster.CreateGroup(withOrigin(ctx), in.ID, by, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return &Body[StaffGroup]{staffGroupOf(g)}, nil
}

func (s *Server) renameGroup(ctx context.Context, in *NameGroupInput) (*Empty, error) {
	g, by, err := s.ownGroup(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &Empty{}, s.svc.Roster.RenameGroup(withOrigin(ctx), g, by, in.Body.Name)
}

func (s *Server) deleteGroup(ctx context.Context, in *IDPath) (*Empty, error) {
	g, by, err := s.ownGroup(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &Empty{}, s.svc.Roster.DeleteGroup(withOrigin(ctx), g, by)
}

func (s *Server) addToGroup(ctx context.Context, in *AddToGroupInput) (*Body[AddedToGroup], error) {
	g, by, err := s.ownGroup(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	added, unknown, err := s.svc.Roster.AddToGroup(withOrigin(ctx), g, by, in.Body.Staff, in.Body.Known)
	if err != nil {
		return nil, err
	}
	if unknown == nil {
		unknown = []string{}
	}
	return &Body[AddedToGroup]{AddedToGroup{added, unknown}}, nil
}

func (s *Server) removeFromGroup(ctx context.Context, in *StaffPath) (*Empty, error) {
	g, by, err := s.ownGroup(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &Empty{}, s.svc.Roster.RemoveFromGroup(withOrigin(ctx), g, by, in.Staff)
}
