package httpapi

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/registry"
	"github.com/hourglass-lms/hourglass/internal/workspace"
)

// Workspaces is what the operations on first pages call.
type Workspaces interface {
	Teaching(ctx context.Context, org uuid.UUID) (workspace.Teaching, error)
	Supervision(ctx context.Context, org uuid.UUID, sees workspace.Sees) (workspace.Supervision, error)
}

// StaffRecords is what the operations on an organisation's people call.
type StaffRecords interface {
	// Lineage is NotFound when there is no such organisation.
	Lineage(ctx context.Context, org uuid.UUID) ([]uuid.UUID, error)
	Roll(ctx context.Context, org uuid.UUID, year int) (registry.Roll, error)
	Staff(ctx context.Context, f registry.StaffFilter) (registry.Staff, error)
	File(ctx context.Context, person uuid.UUID, scope identity.Scope, year int) (registry.File, error)
}

// mayIn refuses whoever does not hold the right over the organisation.
func (s *Server) mayIn(ctx context.Context, right identity.Right, orgID uuid.UUID) error {
	lineage, err := s.lineage(ctx, orgID)
	if err != nil {
		return err
	}
	return identity.ActorFrom(ctx).RequireIn(right, lineage)
}

// lineage says of what is not there the same as of what is not one's own.
func (s *Server) lineage(ctx context.Context, orgID uuid.UUID) ([]uuid.UUID, error) {
	lineage, err := s.svc.Staff.Lineage(ctx, orgID)
	if fault.KindOf(err) == fault.NotFound {
		return nil, errNotYours
	}
	return lineage, err
}

func (s *Server) getTeaching(ctx context.Context, in *IDPath) (*Body[TeachingFigures], error) {
	if err := s.mayIn(ctx, identity.Author, in.ID); err != nil {
		return nil, err
	}
	t, err := s.svc.Workspaces.Teaching(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := TeachingFigures{
		Drafts: t.Drafts, Returned: t.Returned, Waiting: t.Waiting, Published: t.Published, Learners: t.Learners, Completions: t.Completions,
		Months: []MonthFigure{}, ToDo: workOf(t.ToDo), Courses: []CourseLearners{},
	}
	for _, m := range t.Months {
		out.Months = append(out.Months, MonthFigure(m))
	}
	for _, c := range t.Courses {
		out.Courses = append(out.Courses, CourseLearners{c.Course, Text(c.Title.Or()), c.Learners, c.Completed})
	}
	return &Body[TeachingFigures]{out}, nil
}

func workOf(all []workspace.Work) []CourseWork {
	out := []CourseWork{}
	for _, w := range all {
		out = append(out, CourseWork{w.Course, w.Version, Text(w.Title.Or()), orgRefOf(w.Org), w.State, w.Subject, w.At.UTC()})
	}
	return out
}

func (s *Server) getSupervision(ctx context.Context, in *IDPath) (*Body[SupervisionFigures], error) {
	actor := identity.ActorFrom(ctx)
	lineage, err := s.lineage(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	sees := workspace.Sees{Reviews: actor.Scope(identity.Review).Holds(lineage), Flags: actor.Scope(identity.Oversee).Holds(lineage), Trail: actor.Scope(identity.ReadTrail).Holds(lineage)}
	if sees == (workspace.Sees{}) {
		return nil, errNotYours
	}
	v, err := s.svc.Workspaces.Supervision(ctx, in.ID, sees)
	if err != nil {
		return nil, err
	}
	return &Body[SupervisionFigures]{supervisionOf(v)}, nil
}

func supervisionOf(v workspace.Supervision) SupervisionFigures {
	out := SupervisionFigures{Courses: v.Courses, Organisations: []KindCount{}}
	for kind, n := range v.Below {
		out.Organisations = append(out.Organisations, KindCount{kind, n})
	}
	slices.SortFunc(out.Organisations, func(a, b KindCount) int { return strings.Compare(a.Kind, b.Kind) })
	if v.Waiting != nil {
		out.Waiting = &WaitingFigures{v.Waiting.ByAge, workOf(v.Waiting.Oldest)}
	}
	if v.Flags != nil {
		out.Flags = new(FlagFigures(*v.Flags))
	}
	if v.Deeds != nil {
		out.Deeds = []TrailLine{}
	}
	for _, d := range v.Deeds {
		out.Deeds = append(out.Deeds, TrailLine{d.ID, d.At.UTC(), d.Actor, d.Action, d.Subject, orgOrNil(d.Org)})
	}
	return out
}

func orgOrNil(o *org.Ref) *OrgRef {
	if o == nil {
		return nil
	}
	return new(orgRefOf(*o))
}

func (s *Server) getDuty(ctx context.Context, in *DutyInput) (*Body[DutyFigures], error) {
	if err := s.mayIn(ctx, identity.SeePeople, in.ID); err != nil {
		return nil, err
	}
	r, err := s.svc.Staff.Roll(ctx, in.ID, in.Year)
	if err != nil {
		return nil, err
	}
	out := DutyFigures{Year: r.Year, TallyFigures: tallyOf(r.Tally), Below: []DutyLine{}}
	for _, l := range r.Below {
		out.Below = append(out.Below, DutyLine{orgRefOf(l.Org), tallyOf(l.Tally)})
	}
	return &Body[DutyFigures]{out}, nil
}

func tallyOf(t registry.Tally) TallyFigures {
	return TallyFigures{t.People, t.Met, t.Begun, t.People - t.Met - t.Begun, t.Counted.Float(), t.Required.Float()}
}

func (s *Server) listStaffHours(ctx context.Context, in *ListStaffHoursInput) (*Body[StaffHoursPage], error) {
	if err := s.mayIn(ctx, identity.SeePeople, in.ID); err != nil {
		return nil, err
	}
	page, err := s.svc.Staff.Staff(ctx, registry.StaffFilter{
		Org: in.ID, Year: in.Year, Query: in.Q, Standing: registry.Standing(in.Standing), Sort: registry.StaffSort(in.Sort), Limit: in.Limit, Cursor: in.Cursor,
	})
	if err != nil {
		return nil, err
	}
	out := StaffHoursPage{Year: page.Year, Items: []StaffHours{}, NextCursor: page.Next}
	for _, m := range page.Items {
		out.Items = append(out.Items, StaffHours{
			Person: PersonRef{m.ID, m.Name}, Org: orgRefOf(m.Org), Required: m.Required.Float(), Counted: m.Total().Float(), Missing: m.Missing().Float(),
			BySubject: BySubject{m.Counted.Professional.Float(), m.Counted.Public.Float()}, Standing: string(m.Standing()),
		})
	}
	return &Body[StaffHoursPage]{out}, nil
}

func (s *Server) getStudyFile(ctx context.Context, in *DutyInput) (*Body[StudyFile], error) {
	f, err := s.svc.Staff.File(ctx, in.ID, identity.ActorFrom(ctx).Scope(identity.SeePeople), in.Year)
	if err != nil {
		return nil, err
	}
	if err := s.viewed(ctx, f.ID, f.Org.ID); err != nil {
		return nil, err
	}
	out := StudyFile{Person: PersonRef{f.ID, f.Name}, Org: orgRefOf(f.Org), Account: accountOf(f.Account)}
	out.Account.DaysLeft, out.Account.Years = daysLeft(f.Account.Year, s.now()), f.Years
	return &Body[StudyFile]{out}, nil
}
