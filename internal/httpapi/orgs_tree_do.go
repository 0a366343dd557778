package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// requires is the judge of an actor's right over a lineage.
func requires(ctx context.Context, r identity.Right) func(lineage []uuid.UUID) error {
	actor := identity.ActorFrom(ctx)
	return func(lineage []uuid.UUID) error { return actor.RequireIn(r, lineage) }
}

// inBody names invalid fields by their place in the request.
func inBody(err error) error {
	e, ok := fault.Of(err)
	if !ok || e.Kind != fault.Invalid || len(e.Fields) == 0 {
		return err
	}
	moved := *e
	moved.Fields = nil
	for _, f := range e.Fields {
		moved.Fields = append(moved.Fields, fault.Field{Path: "body." + f.Path, Message: f.Message})
	}
	return &moved
}

func (s *Server) branch(ctx context.Context, in *OrgBranchInput) (*Body[OrgBranch], error) {
	o, err := s.svc.Tree.Organisation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := requires(ctx, identity.ManageOrgs)(o.Lineage); err != nil {
		return nil, err
	}
	return branchOf(s.svc.Tree.Branch(ctx, org.BranchFilter{
		Parent: in.ID, Closed: in.State == "closed", Filter: org.Filter{Kind: org.Kind(in.Kind), Query: in.Q, Limit: in.Limit, Cursor: in.Cursor},
	}))
}

func (s *Server) applications(ctx context.Context, in *ListInput) (*Body[OrgBranch], error) {
	below := identity.ActorFrom(ctx).Scope(identity.ManageOrgs).Below
	return branchOf(s.svc.Tree.Applications(ctx, below, in.Limit, in.Cursor))
}

func branchOf(b org.Branch, err error) (*Body[OrgBranch], error) {
	if err != nil {
		return nil, err
	}
	page := OrgBranch{Items: []OrgNode{}, NextCursor: b.NextCursor}
	for _, n := range b.Items {
		item := OrgNode{OrgRef: orgRefOf(n.Ref), Ownership: string(n.Ownership), Below: n.Below, People: n.People, ClosedAt: n.ClosedAt, Successor: orgRefOrNil(n.Successor)}
		if n.Accreditation != nil {
			item.Accreditation = accreditationOf(*n.Accreditation, true)
		}
		page.Items = append(page.Items, item)
	}
	return &Body[OrgBranch]{page}, nil
}

func (s *Server) createOrg(ctx context.Context, in *CreateOrgInput) (*Body[Org], error) {
	b := in.Body
	parent, err := s.svc.Tree.Organisation(ctx, b.ParentID)
	if err == nil {
		err = requires(ctx, identity.ManageOrgs)(parent.Lineage)
	}
	if err != nil {
		return nil, err
	}
	made, err := s.svc.Tree.Create(withOrigin(ctx), identity.ActorFrom(ctx).PersonID, org.New{
		Kind: org.Kind(b.Kind), Level: org.Level(b.Level), Ownership: org.Ownership(b.Ownership), NameZh: b.NameZh, NameEn: b.NameEn, ParentID: &b.ParentID, TimeZone: b.TimeZone,
	})
	if err != nil {
		return nil, inBody(err)
	}
	return s.getOrg(ctx, &IDPath{made.ID})
}

// after answers with the organisation as it is after a deed.
func (s *Server) after(ctx context.Context, id uuid.UUID, err error) (*Body[Org], error) {
	if err != nil {
		return nil, inBody(err)
	}
	return s.getOrg(ctx, &IDPath{id})
}

func (s *Server) changeOrg(ctx context.Context, in *ChangeOrgInput) (*Body[Org], error) {
	c := org.Change{NameZh: in.Body.NameZh, NameEn: in.Body.NameEn, TimeZone: in.Body.TimeZone}
	if in.Body.Ownership != nil {
		c.Ownership = new(org.Ownership(*in.Body.Ownership))
	}
	return s.after(ctx, in.ID, s.svc.Tree.Change(withOrigin(ctx), identity.ActorFrom(ctx).PersonID, in.ID, requires(ctx, identity.ManageOrgs), c))
}

func (s *Server) moveOrg(ctx context.Context, in *MoveOrgInput) (*Body[Org], error) {
	return s.after(ctx, in.ID, s.svc.Tree.Move(withOrigin(ctx), identity.ActorFrom(ctx).PersonID, in.ID, in.Body.ParentID, requires(ctx, identity.ManageOrgs)))
}

func (s *Server) closeOrg(ctx context.Context, in *CloseOrgInput) (*Body[Org], error) {
	return s.after(ctx, in.ID, s.svc.Tree.Close(withOrigin(ctx), identity.ActorFrom(ctx).PersonID, in.ID, requires(ctx, identity.ManageOrgs), in.Body.Reason))
}

func (s *Server) mergeOrg(ctx context.Context, in *MergeOrgInput) (*Body[Org], error) {
	return s.after(ctx, in.ID, s.svc.Tree.Merge(withOrigin(ctx), identity.ActorFrom(ctx).PersonID, in.ID, in.Body.Into, requires(ctx, identity.ManageOrgs), in.Body.Reason))
}

func (s *Server) applyAccreditation(ctx context.Context, in *ApplyInput) (*Body[Org], error) {
	return s.accredit(ctx, in.ID, identity.Submit, org.Step{State: org.Applied, Reason: in.Body.Statement})
}

var decisions = map[string]org.Accreditation{"accredit": org.Accredited, "refuse": org.Refused, "suspend": org.Suspended, "revoke": org.Revoked}

func (s *Server) decideAccreditation(ctx context.Context, in *AccreditInput) (*Body[Org], error) {
	step := org.Step{State: decisions[in.Body.Decision], Reason: in.Body.Reason}
	if in.Body.Until != "" {
		until, err := time.Parse(time.DateOnly, in.Body.Until)
		if err != nil {
			return nil, fault.New(fault.Invalid, "the decision is not valid", fault.Field{Path: "body.until", Message: "must be a date"})
		}
		step.Until = &until
	}
	return s.accredit(ctx, in.ID, identity.ManageOrgs, step)
}

func (s *Server) accredit(ctx context.Context, id uuid.UUID, r identity.Right, step org.Step) (*Body[Org], error) {
	return s.after(ctx, id, s.svc.Tree.Accredit(withOrigin(ctx), identity.ActorFrom(ctx).PersonID, id, requires(ctx, r), step))
}
