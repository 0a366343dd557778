package httpapi

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// Authoring is what the operations on drafts call.
type Authoring interface {
	Organisation(ctx context.Context, id uuid.UUID) (org.Kind, []uuid.UUID, error)
	Latest(ctx context.Context, course uuid.UUID) (catalog.Version, error)
	Create(ctx context.Context, provider, by uuid.UUID, f catalog.Fields) (uuid.UUID, error)
	Update(ctx context.Context, course uuid.UUID, revision int64, f catalog.Fields) error
	ReplaceOutline(ctx context.Context, course uuid.UUID, revision int64, chapters []catalog.Chapter) error
	Delete(ctx context.Context, course uuid.UUID) error
	NewVersion(ctx context.Context, course uuid.UUID) error
	Submit(ctx context.Context, course, by uuid.UUID, revision int64) error
	Withdraw(ctx context.Context, course, by uuid.UUID) error
	ListDrafts(ctx context.Context, f catalog.DraftFilter) ([]catalog.Version, *string, error)
}

// ownCourse is a course's newest version if the actor holds the right in its organisation.
func (s *Server) ownCourse(ctx context.Context, right identity.Right, id uuid.UUID) (catalog.Version, error) {
	v, err := s.svc.Authoring.Latest(ctx, id)
	if err != nil {
		return v, err
	}
	return v, identity.ActorFrom(ctx).RequireIn(right, v.Lineage)
}

// draftAnswer reads the course anew and answers it with its entity tag.
func (s *Server) draftAnswer(ctx context.Context, id uuid.UUID) (*Tagged[Draft], error) {
	v, err := s.svc.Authoring.Latest(ctx, id)
	if err != nil {
		return nil, err
	}
	return &Tagged[Draft]{ETag: etagOf(v.Revision), Body: draftOf(v)}, nil
}

func (s *Server) listDrafts(ctx context.Context, in *ListDraftsInput) (*Body[DraftPage], error) {
	orgs := identity.ActorFrom(ctx).Orgs(identity.Instructor, identity.InstitutionManager, identity.DepartmentOfficer)
	if in.OrgID != "" {
		id, err := uuid.Parse(in.OrgID)
		if err != nil || !slices.Contains(orgs, id) {
			return nil, fault.New(fault.NotFound, "there is no such organisation of yours")
		}
		orgs = []uuid.UUID{id}
	}
	items, next, err := s.svc.Authoring.ListDrafts(ctx, catalog.DraftFilter{Orgs: orgs, State: in.State, Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return nil, err
	}
	page := DraftPage{Items: []DraftSummary{}, NextCursor: next}
	for _, v := range items {
		page.Items = append(page.Items, draftSummaryOf(v))
	}
	return &Body[DraftPage]{page}, nil
}

func (s *Server) createDraft(ctx context.Context, in *CreateDraftInput) (*Tagged[Draft], error) {
	kind, lineage, err := s.svc.Authoring.Organisation(ctx, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	actor := identity.ActorFrom(ctx)
	if err := actor.RequireIn(identity.Author, lineage); err != nil {
		return nil, err
	}
	f := catalog.Fields{Subject: catalog.Subject(in.Body.Subject), FieldID: in.Body.FieldID, Language: in.Body.Language, Title: catalog.Text(in.Body.Title)}
	if err := catalog.MayPublish(kind, f.Subject); err != nil {
		return nil, err
	}
	var bad fault.Fields
	f.Check("body", &bad)
	if err := bad.Err("the course cannot be kept like this"); err != nil {
		return nil, err
	}
	id, err := s.svc.Authoring.Create(ctx, in.Body.OrgID, actor.PersonID, f)
	if err != nil {
		return nil, err
	}
	return s.draftAnswer(ctx, id)
}

func (s *Server) getDraft(ctx context.Context, in *IDPath) (*Tagged[Draft], error) {
	v, err := s.ownCourse(ctx, identity.Author, in.ID)
	if err != nil {
		return nil, err
	}
	return &Tagged[Draft]{ETag: etagOf(v.Revision), Body: draftOf(v)}, nil
}

// editing checks the right and reads the entity tag.
func (s *Server) editing(ctx context.Context, right identity.Right, id uuid.UUID, in EditInput) (int64, error) {
	if _, err := s.ownCourse(ctx, right, id); err != nil {
		return 0, err
	}
	return in.Revision()
}

func (s *Server) updateDraft(ctx context.Context, in *UpdateDraftInput) (*Tagged[Draft], error) {
	revision, err := s.editing(ctx, identity.Author, in.ID, in.EditInput)
	if err != nil {
		return nil, err
	}
	f := fieldsFrom(in.Body)
	var bad fault.Fields
	f.Check("body", &bad)
	if err := bad.Err("the course cannot be kept like this"); err != nil {
		return nil, err
	}
	if err := s.svc.Authoring.Update(ctx, in.ID, revision, f); err != nil {
		return nil, err
	}
	return s.draftAnswer(ctx, in.ID)
}

func (s *Server) replaceOutline(ctx context.Context, in *OutlineInput) (*Tagged[Draft], error) {
	revision, err := s.editing(ctx, identity.Author, in.ID, in.EditInput)
	if err != nil {
		return nil, err
	}
	chapters := outlineFrom(in.Body.Chapters)
	var bad fault.Fields
	catalog.CheckOutline("body", chapters, &bad)
	if err := bad.Err("the outline cannot be kept like this"); err != nil {
		return nil, err
	}
	if err := s.svc.Authoring.ReplaceOutline(ctx, in.ID, revision, chapters); err != nil {
		return nil, err
	}
	return s.draftAnswer(ctx, in.ID)
}

func (s *Server) deleteDraft(ctx context.Context, in *IDPath) (*Empty, error) {
	if _, err := s.ownCourse(ctx, identity.Author, in.ID); err != nil {
		return nil, err
	}
	return &Empty{}, s.svc.Authoring.Delete(ctx, in.ID)
}

func (s *Server) newVersion(ctx context.Context, in *IDPath) (*Tagged[Draft], error) {
	if _, err := s.ownCourse(ctx, identity.Author, in.ID); err != nil {
		return nil, err
	}
	if err := s.svc.Authoring.NewVersion(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.draftAnswer(ctx, in.ID)
}

func (s *Server) submitDraft(ctx context.Context, in *TaggedIDPath) (*Tagged[Draft], error) {
	revision, err := s.editing(ctx, identity.Submit, in.ID, in.EditInput)
	if err != nil {
		return nil, err
	}
	if err := s.svc.Authoring.Submit(ctx, in.ID, identity.ActorFrom(ctx).PersonID, revision); err != nil {
		return nil, err
	}
	return s.draftAnswer(ctx, in.ID)
}

func (s *Server) withdrawDraft(ctx context.Context, in *IDPath) (*Tagged[Draft], error) {
	if _, err := s.ownCourse(ctx, identity.Submit, in.ID); err != nil {
		return nil, err
	}
	if err := s.svc.Authoring.Withdraw(ctx, in.ID, identity.ActorFrom(ctx).PersonID); err != nil {
		return nil, err
	}
	return s.draftAnswer(ctx, in.ID)
}
