package httpapi

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// Reviews is what the operations on submissions call.
type Reviews interface {
	Version(ctx context.Context, id uuid.UUID) (catalog.Version, error)
	ListReviews(ctx context.Context, f catalog.ReviewFilter) (items []catalog.Version, next *string, waiting int, err error)
	Decide(ctx context.Context, d catalog.Decision) error
}

func (s *Server) listReviews(ctx context.Context, in *ListReviewsInput) (*Body[ReviewPage], error) {
	actor := identity.ActorFrom(ctx)
	f := catalog.ReviewFilter{Depts: actor.Orgs(identity.DepartmentOfficer), State: in.State, Subject: in.Subject, Limit: in.Limit, Cursor: in.Cursor}
	items, next, waiting, err := s.svc.Reviews.ListReviews(ctx, f)
	if err != nil {
		return nil, err
	}
	page := ReviewPage{Items: []ReviewItem{}, NextCursor: next, Waiting: waiting}
	for _, v := range items {
		page.Items = append(page.Items, reviewItemOf(v, actor))
	}
	return &Body[ReviewPage]{page}, nil
}

func (s *Server) getReview(ctx context.Context, in *IDPath) (*Body[ReviewDetail], error) {
	v, err := s.svc.Reviews.Version(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	actor := identity.ActorFrom(ctx)
	if err := actor.RequireIn(identity.Review, v.Lineage); err != nil {
		return nil, err
	}
	if v.SubmittedAt == nil {
		return nil, fault.Nothing()
	}
	return &Body[ReviewDetail]{ReviewDetail{ReviewItem: reviewItemOf(v, actor), Draft: draftOf(v)}}, nil
}

func (s *Server) decideReview(ctx context.Context, in *DecideInput) (*Body[ReviewDetail], error) {
	actor := identity.ActorFrom(ctx)
	d := catalog.Decision{
		Version: in.ID, By: actor.PersonID, Depts: actor.Orgs(identity.DepartmentOfficer),
		Approve: in.Body.Decision == "approve", Reason: strings.TrimSpace(in.Body.Reason),
	}
	var bad fault.Fields
	switch {
	case !d.Approve && d.Reason == "":
		bad.Add("body.reason", "is required to return a submission")
	case d.Approve && in.Body.Hours == nil:
		bad.Add("body.hours", "is required to approve")
	case d.Approve:
		d.Hours = *in.Body.Hours
		catalog.CheckHours("body.hours", d.Hours, &bad)
	}
	if err := bad.Err("the decision is not complete"); err != nil {
		return nil, err
	}
	if err := s.svc.Reviews.Decide(ctx, d); err != nil {
		return nil, err
	}
	return s.getReview(ctx, &in.IDPath)
}

func reviewItemOf(v catalog.Version, actor *identity.Actor) ReviewItem {
	r := ReviewItem{
		DraftSummary: draftSummaryOf(v), VersionID: v.VersionID, DurationS: v.DurationS, Lessons: v.Lessons, Questions: v.Questions, DecidedAt: v.DecidedAt,
		MayDecide: v.State == catalog.Submitted && v.SubmittedBy != nil && v.SubmittedBy.ID != actor.PersonID,
	}
	if v.SubmittedAt != nil {
		r.SubmittedAt = *v.SubmittedAt
	}
	if v.SubmittedBy != nil {
		r.SubmittedBy = PersonRef(*v.SubmittedBy)
	}
	if v.DecidedBy != nil {
		r.DecidedBy = new(PersonRef(*v.DecidedBy))
	}
	return r
}
