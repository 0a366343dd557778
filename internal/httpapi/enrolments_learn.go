package httpapi

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/learning"
)

// Learning is what the operations on enrolments call. Another person's
// enrolment is NotFound.
type Learning interface {
	Enrol(ctx context.Context, person, course uuid.UUID) (id uuid.UUID, made bool, err error)
	Enrolment(ctx context.Context, person, id uuid.UUID) (learning.Enrolment, error)
	// EnrolmentOfLesson is Forbidden, coded not-enrolled, for a published lesson one is not enrolled in.
	EnrolmentOfLesson(ctx context.Context, person, lesson uuid.UUID) (learning.Enrolment, error)
	List(ctx context.Context, person uuid.UUID, state string, limit int, cursor *uuid.UUID) (items []learning.Enrolment, more bool, err error)
	Progress(ctx context.Context, enrolment uuid.UUID) (map[uuid.UUID]learning.Progress, error)
}

func (s *Server) enrol(ctx context.Context, in *IDPath) (*Body[Enrolment], error) {
	person := identity.ActorFrom(ctx).PersonID
	id, _, err := s.svc.Learning.Enrol(ctx, person, in.ID)
	if err != nil {
		return nil, err
	}
	return s.getEnrolment(ctx, &IDPath{ID: id})
}

func (s *Server) listEnrolments(ctx context.Context, in *ListEnrolmentsInput) (*Body[EnrolmentPage], error) {
	var cursor *uuid.UUID
	if in.Cursor != "" {
		id, err := uuid.Parse(in.Cursor)
		if err != nil {
			return nil, fault.New(fault.Invalid, "the cursor is not one of ours", fault.Field{Path: "query.cursor", Message: "must be next_cursor of the page before"})
		}
		cursor = &id
	}
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	items, more, err := s.svc.Learning.List(ctx, identity.ActorFrom(ctx).PersonID, in.State, in.Limit, cursor)
	if err != nil {
		return nil, err
	}
	versions := []uuid.UUID{}
	for _, e := range items {
		versions = append(versions, e.VersionID)
	}
	cards, err := s.svc.Catalogue.Cards(ctx, versions)
	if err != nil {
		return nil, err
	}
	page := EnrolmentPage{Items: []EnrolmentSummary{}}
	for _, e := range items {
		page.Items = append(page.Items, enrolmentSummaryOf(e, cards[e.VersionID]))
	}
	if more {
		page.NextCursor = new(items[len(items)-1].ID.String())
	}
	return &Body[EnrolmentPage]{page}, nil
}

// refresh lets what is shown of one's progress be as of this moment.
func (s *Server) refresh(ctx context.Context) error {
	return s.svc.Study.Refresh(ctx, identity.ActorFrom(ctx).PersonID)
}

func (s *Server) getEnrolment(ctx context.Context, in *IDPath) (*Body[Enrolment], error) {
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	e, err := s.svc.Learning.Enrolment(ctx, identity.ActorFrom(ctx).PersonID, in.ID)
	if err != nil {
		return nil, err
	}
	plan, card, err := s.plan(ctx, e)
	if err != nil {
		return nil, err
	}
	out := Enrolment{EnrolmentSummary: enrolmentSummaryOf(e, card), Chapters: chaptersOf(plan.Chapters), Progress: []LessonProgress{}}
	for _, p := range plan.Ordered() {
		out.Progress = append(out.Progress, progressOf(p))
	}
	return &Body[Enrolment]{out}, nil
}

// plan is an enrolment's outline with its progress, and the course's card.
func (s *Server) plan(ctx context.Context, e learning.Enrolment) (p learning.Plan, card catalog.Card, err error) {
	if p.Chapters, err = s.svc.Catalogue.Outline(ctx, e.VersionID); err != nil {
		return p, card, err
	}
	if p.Progress, err = s.svc.Learning.Progress(ctx, e.ID); err != nil {
		return p, card, err
	}
	cards, err := s.svc.Catalogue.Cards(ctx, []uuid.UUID{e.VersionID})
	return p, cards[e.VersionID], err
}

func (s *Server) getLesson(ctx context.Context, in *IDPath) (*Body[Lesson], error) {
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	e, err := s.svc.Learning.EnrolmentOfLesson(ctx, identity.ActorFrom(ctx).PersonID, in.ID)
	if err != nil {
		return nil, err
	}
	plan, card, err := s.plan(ctx, e)
	if err != nil {
		return nil, err
	}
	out := Lesson{EnrolmentID: e.ID, Course: cardOf(card), Captions: []CaptionTrack{}}
	for _, l := range plan.Lessons() {
		if l.ID == in.ID {
			out.LessonOutline = lessonOutlineOf(l)
			if err := s.fillLesson(ctx, &out, l); err != nil {
				return nil, err
			}
		}
	}
	for _, p := range plan.Ordered() {
		if p.LessonID == in.ID {
			out.Progress = progressOf(p)
		}
	}
	out.PreviousID, out.NextID = plan.Neighbours(in.ID)
	return &Body[Lesson]{out}, nil
}

// fillLesson adds what the kind of lesson shows.
func (s *Server) fillLesson(ctx context.Context, out *Lesson, l catalog.Lesson) error {
	switch {
	case l.Kind == catalog.DocumentLesson:
		if !l.Body.Empty() {
			out.Text = new(Text(l.Body.Or()))
		}
		if l.AssetID != nil {
			out.FileURL = fmt.Sprintf("%s/lessons/%s/file", Base, l.ID)
		}
		return nil
	case l.Kind != catalog.VideoLesson || l.AssetID == nil:
		return nil
	}
	out.PosterURL = posterURL(*l.AssetID)
	tracks, err := s.svc.Media.Captions(ctx, *l.AssetID)
	for _, t := range tracks {
		track := CaptionTrack{Language: t.Language, URL: fmt.Sprintf("%s/lessons/%s/captions/%s.vtt", Base, l.ID, t.Language), Cues: []Cue{}}
		for _, c := range t.Cues {
			track.Cues = append(track.Cues, Cue(c))
		}
		out.Captions = append(out.Captions, track)
	}
	return err
}

func enrolmentSummaryOf(e learning.Enrolment, card catalog.Card) EnrolmentSummary {
	return EnrolmentSummary{
		ID: e.ID, Course: cardOf(card), EnrolledAt: e.EnrolledAt, StudiedAt: e.StudiedAt, CompletedAt: e.CompletedAt, LessonsDone: e.LessonsDone,
		LessonsTotal: e.LessonsTotal, CoveredS: e.CoveredS, VerifiedS: e.VerifiedS, NextLessonID: e.NextLessonID, Serial: e.Serial,
	}
}

func progressOf(p learning.Progress) LessonProgress {
	out := LessonProgress{
		LessonID: p.LessonID, Covered: []SpanS{}, CoveredS: p.CoveredS, VerifiedS: p.VerifiedS, ResumeAtMS: p.ResumeAtMS,
		CompletedAt: p.CompletedAt, Open: p.Open, QuizBest: p.QuizBest,
	}
	for _, c := range p.Covered {
		out.Covered = append(out.Covered, SpanS(c))
	}
	return out
}
