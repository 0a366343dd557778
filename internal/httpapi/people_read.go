package httpapi

import (
	"context"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/people"
)

func (s *Server) getIdentity(ctx context.Context, _ *struct{}) (*Body[MyIdentity], error) {
	held, merge, err := s.svc.People.Mine(ctx, identity.ActorFrom(ctx).PersonID)
	if err != nil {
		return nil, err
	}
	out := MyIdentity{Document: maskedOf(held)}
	if merge != nil {
		out.Merge = &MyMerge{State: string(merge.State), CreatedAt: merge.At, DecidedAt: merge.DecidedAt, Reason: merge.Reason}
	}
	return &Body[MyIdentity]{out}, nil
}

func maskedOf(h *people.Held) *MaskedDocument {
	if h == nil || h.Kind == "" {
		return nil
	}
	return &MaskedDocument{Kind: string(h.Kind), Name: h.Name, Number: h.Number, EnteredAt: h.At.UTC()}
}

func (s *Server) enterIdentity(ctx context.Context, in *EnterDocumentInput) (*Body[MyIdentity], error) {
	b := in.Body
	_, err := s.svc.People.Enter(withOrigin(ctx), identity.ActorFrom(ctx).PersonID, people.Document{Kind: people.DocumentKind(b.Kind), Name: b.Name, Number: b.Number}, b.Note, b.ConsentVersion)
	if err != nil {
		return nil, err
	}
	return s.getIdentity(ctx, nil)
}

func (s *Server) revealIdentity(ctx context.Context, _ *struct{}) (*Body[FullDocument], error) {
	d, err := s.svc.People.Full(withOrigin(ctx), identity.ActorFrom(ctx).PersonID)
	if err != nil {
		return nil, err
	}
	return &Body[FullDocument]{FullDocument{Kind: string(d.Kind), Name: d.Name, Number: d.Number}}, nil
}

func (s *Server) withdrawMerge(ctx context.Context, _ *struct{}) (*Empty, error) {
	return nil, s.svc.People.Withdraw(withOrigin(ctx), identity.ActorFrom(ctx).PersonID)
}

func (s *Server) listMerges(ctx context.Context, in *ListMergesInput) (*Body[MergePage], error) {
	var cursor *uuid.UUID
	if in.Cursor != "" {
		id, err := uuid.Parse(in.Cursor)
		if err != nil {
			return nil, fault.New(fault.Invalid, "the cursor is not one of ours", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before"})
		}
		cursor = &id
	}
	items, more, err := s.svc.People.Merges(ctx, identity.ActorFrom(ctx).Scope(identity.MergePeople), people.MergeState(in.State), in.Limit, cursor)
	if err != nil {
		return nil, err
	}
	page := MergePage{Items: []MergeItem{}}
	for _, m := range items {
		page.Items = append(page.Items, mergeItemOf(m))
	}
	if more {
		page.NextCursor = new(items[len(items)-1].ID.String())
	}
	return &Body[MergePage]{page}, nil
}

func mergeItemOf(m people.Merge) MergeItem {
	item := MergeItem{ID: m.ID, State: string(m.State), Kind: string(m.Kind), Note: m.Note, CreatedAt: m.At.UTC(), DecidedAt: m.DecidedAt, DecidedBy: m.DecidedBy, Reason: m.Reason}
	if m.Org != nil {
		item.Org = new(orgRefOf(*m.Org))
	}
	return item
}

func (s *Server) getMerge(ctx context.Context, in *IDPath) (*Body[MergeReview], error) {
	actor := identity.ActorFrom(ctx)
	r, err := s.svc.People.Review(ctx, actor.Scope(identity.MergePeople), in.ID)
	if err != nil {
		return nil, err
	}
	return &Body[MergeReview]{MergeReview{
		MergeItem: mergeItemOf(r.Merge), Keeper: sideOf(r.Keeper), Joining: sideOf(r.Joining), SameName: r.SameName, Twice: r.Twice, MayDecide: r.Decidable(actor.PersonID) == nil,
	}}, nil
}

func sideOf(x people.Side) MergeSide {
	out := MergeSide{Document: maskedOf(&x.Document), Address: x.Address, Since: x.Since.UTC(), Roles: []MyRole{}, Years: []MergeYear{}, OpenCount: x.Open, Flags: x.Flags}
	for _, r := range x.Roles {
		out.Roles = append(out.Roles, MyRole{Role: string(r.Role), Org: orgRefOf(r.Org)})
	}
	for _, y := range x.Years {
		out.Years = append(out.Years, MergeYear{Year: y.Year, Hours: float64(y.Hours) / 100, Courses: y.Courses})
	}
	return out
}

func (s *Server) decideMerge(ctx context.Context, in *DecideMergeInput) (*Body[MergeReview], error) {
	actor := identity.ActorFrom(ctx)
	d := people.Decision{Merge: in.ID, By: actor.PersonID, Accept: in.Body.Decision == "merge", Reason: in.Body.Reason}
	if err := s.svc.People.Decide(withOrigin(ctx), actor.Scope(identity.MergePeople), d); err != nil {
		return nil, err
	}
	return s.getMerge(ctx, &in.IDPath)
}
