package httpapi

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/integrity"
)

func (s *Server) listFlags(ctx context.Context, in *ListFlagsInput) (*Body[FlagPage], error) {
	actor := identity.ActorFrom(ctx)
	items, next, open, err := s.svc.Flags.List(ctx, integrity.Filter{
		Depts: actor.Jurisdiction(identity.Oversee), State: integrity.State(in.State), Kind: integrity.Kind(in.Kind), Severity: integrity.Severity(in.Severity), Limit: in.Limit, Cursor: in.Cursor,
	})
	if err != nil {
		return nil, err
	}
	page := FlagPage{Items: []FlagItem{}, NextCursor: next, Open: open}
	for _, f := range items {
		page.Items = append(page.Items, flagItemOf(f, actor))
	}
	return &Body[FlagPage]{page}, nil
}

// seenFlag is a flag in the jurisdiction of who asks, after the look at it was noted.
func (s *Server) seenFlag(ctx context.Context, id uuid.UUID, session *uuid.UUID) (integrity.Flag, error) {
	f, err := s.svc.Flags.Flag(ctx, id)
	if err != nil {
		return f, err
	}
	actor := identity.ActorFrom(ctx)
	if !within(f, actor.Jurisdiction(identity.Oversee)) || session != nil && !slices.Contains(f.Sessions, *session) {
		return f, errNotYours
	}
	return f, s.svc.Flags.Looked(ctx, actor.PersonID, f, session)
}

func within(f integrity.Flag, depts []uuid.UUID) bool {
	return slices.ContainsFunc(depts, func(id uuid.UUID) bool { return slices.Contains(f.Lineage, id) })
}

// withOrigin says in the audit trail where the request came from.
func withOrigin(ctx context.Context) context.Context {
	r := requestFrom(ctx)
	return audit.WithOrigin(ctx, audit.Origin{Address: r.address, UserAgent: r.userAgent, RequestID: r.id})
}

func (s *Server) getFlag(ctx context.Context, in *IDPath) (*Body[FlagDetail], error) {
	f, err := s.seenFlag(ctx, in.ID, nil)
	if err != nil {
		return nil, err
	}
	return s.flagDetail(ctx, f)
}

func (s *Server) flagDetail(ctx context.Context, f integrity.Flag) (*Body[FlagDetail], error) {
	records, err := s.svc.Evidence.RecordsOf(ctx, f.Sessions)
	if err != nil {
		return nil, err
	}
	e := f.Explain()
	return &Body[FlagDetail]{FlagDetail{FlagItem: flagItemOf(f, identity.ActorFrom(ctx)), Limit: Text(e.Limit), Doubt: Text(e.Doubt), SessionList: recordsOf(records)}}, nil
}

func (s *Server) getFlagSession(ctx context.Context, in *FlagSessionInput) (*Body[SessionEvidence], error) {
	if _, err := s.seenFlag(ctx, in.ID, &in.Session); err != nil {
		return nil, err
	}
	e, err := s.svc.Evidence.Evidence(ctx, in.Session)
	if err != nil {
		return nil, err
	}
	return &Body[SessionEvidence]{evidenceOf(e, in.BeatsInput)}, nil
}

func (s *Server) decideFlag(ctx context.Context, in *DecideFlagInput) (*Body[FlagDetail], error) {
	actor := identity.ActorFrom(ctx)
	err := s.svc.Flags.Decide(ctx, integrity.Decision{
		Flag: in.ID, By: actor.PersonID, Depts: actor.Jurisdiction(identity.Judge), Uphold: in.Body.Decision == "uphold", Reason: in.Body.Reason,
	})
	if err != nil {
		return nil, err
	}
	f, err := s.svc.Flags.Flag(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.flagDetail(ctx, f)
}

func flagItemOf(f integrity.Flag, actor *identity.Actor) FlagItem {
	item := FlagItem{
		ID: f.ID, Kind: string(f.Kind), Severity: string(f.Kind.Severity()), State: string(f.State), Person: PersonRef(f.Person), Org: orgRefOf(f.Org),
		FirstAt: time.UnixMilli(f.FromMS).UTC(), LastAt: time.UnixMilli(f.ToMS).UTC(), Sessions: len(f.Sessions), RaisedAt: f.RaisedAt.UTC(), Reason: f.Reason, Found: Text(f.Explain().Found),
		MayDecide: f.Decide(integrity.Decision{By: actor.PersonID}) == nil && within(f, actor.Jurisdiction(identity.Judge)),
	}
	if f.DecidedAt != nil {
		item.DecidedAt = new(f.DecidedAt.UTC())
	}
	if f.DecidedBy != nil {
		item.DecidedBy = new(PersonRef(*f.DecidedBy))
	}
	return item
}
