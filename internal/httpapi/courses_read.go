package httpapi

import (
	"context"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// Catalogue is what the operations on published courses call.
type Catalogue interface {
	Fields(ctx context.Context) ([]catalog.Field, error)
	Search(ctx context.Context, f catalog.Filter) (catalog.Found, error)
	// Page is a published course's page; person is uuid.Nil for a visitor.
	Page(ctx context.Context, course, person uuid.UUID) (catalog.Page, error)
	// Cards are the cards of versions that are or were published, by version.
	Cards(ctx context.Context, versions []uuid.UUID) (map[uuid.UUID]catalog.Card, error)
	Outline(ctx context.Context, version uuid.UUID) ([]catalog.Chapter, error)
}

func (s *Server) listFields(ctx context.Context, _ *struct{}) (*Body[[]FieldNode], error) {
	fields, err := s.svc.Catalogue.Fields(ctx)
	if err != nil {
		return nil, err
	}
	out := []FieldNode{}
	at := map[string]int{}
	for _, f := range fields {
		node := FieldNode{ID: f.ID, Name: Text(f.Name), Children: []FieldNode{}}
		if f.ParentID == nil {
			at[f.ID] = len(out)
			out = append(out, node)
			continue
		}
		parent := &out[at[*f.ParentID]]
		parent.Children = append(parent.Children, node)
	}
	return &Body[[]FieldNode]{out}, nil
}

func (s *Server) searchCourses(ctx context.Context, in *SearchCoursesInput) (*Body[CoursePage], error) {
	if in.HoursMax > 0 && in.HoursMax < in.HoursMin {
		return nil, fault.New(fault.Invalid, "the bounds of the hours are the wrong way round", fault.Field{Path: "query.hours_max", Message: "must not be less than hours_min"})
	}
	f := catalog.Filter{
		Query: catalog.ParseQuery(in.Q), Subjects: some(in.Subject), Fields: some(in.Field), Institutions: some(in.Institution), Languages: some(in.Language),
		HoursMin: in.HoursMin, HoursMax: in.HoursMax, Sort: in.Sort, Limit: in.Limit, Cursor: in.Cursor,
	}
	found, err := s.svc.Catalogue.Search(ctx, f)
	if err != nil {
		return nil, err
	}
	page := CoursePage{Items: []CourseCard{}, NextCursor: found.Next, Total: found.Total, Facets: facetsOf(found.Facets), Terms: some(f.Query.Terms)}
	for _, c := range found.Items {
		page.Items = append(page.Items, cardOf(c))
	}
	return &Body[CoursePage]{page}, nil
}

// some is the list, empty rather than nil: PostgreSQL and JSON tell them apart.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func facetsOf(facets []catalog.Facet) CourseFacets {
	out := CourseFacets{Subject: []FacetCount{}, Field: []FacetCount{}, Institution: []FacetCount{}, Language: []FacetCount{}, Hours: []FacetCount{}}
	groups := map[string]*[]FacetCount{"subject": &out.Subject, "field": &out.Field, "institution": &out.Institution, "language": &out.Language, "hours": &out.Hours}
	for _, f := range facets {
		c := FacetCount{Value: f.Value, Count: f.Count}
		if !f.Name.Empty() {
			c.Name = new(Text(f.Name))
		}
		*groups[f.Group] = append(*groups[f.Group], c)
	}
	return out
}

func (s *Server) getCourse(ctx context.Context, in *IDPath) (*Body[Course], error) {
	person := uuid.Nil
	if a := identity.ActorFrom(ctx); a != nil {
		person = a.PersonID
	}
	p, err := s.svc.Catalogue.Page(ctx, in.ID, person)
	if err != nil {
		return nil, err
	}
	return &Body[Course]{Course{
		CourseCard: cardOf(p.Card), VersionID: p.VersionID, Version: p.Version, Description: Text(p.Description), Outcomes: textsOf(p.Outcomes),
		Chapters: chaptersOf(p.Chapters), Learners: p.Learners, EnrolmentID: p.EnrolmentID,
	}}, nil
}

func textsOf(list []catalog.Text) []Text {
	out := []Text{}
	for _, t := range list {
		out = append(out, Text(t))
	}
	return out
}

func cardOf(c catalog.Card) CourseCard {
	return CourseCard{
		ID: c.ID, Number: c.Number, Subject: string(c.Subject), Field: fieldRefOf(c.Field), Title: Text(c.Title.Or()), Summary: Text(c.Summary.Or()),
		Provider: orgRefOf(c.Provider), Language: c.Language, Captions: some(c.Captions), Hours: c.Hours, DurationS: c.DurationS,
		HasVideo: c.HasVideo, HasDocument: c.HasDocument, PublishedAt: c.PublishedAt,
	}
}

func fieldRefOf(f *catalog.Field) *FieldRef {
	if f == nil {
		return nil
	}
	return &FieldRef{ID: f.ID, Root: f.Root, Name: Text(f.Name)}
}

func chaptersOf(chapters []catalog.Chapter) []ChapterOutline {
	out := []ChapterOutline{}
	for _, c := range chapters {
		o := ChapterOutline{ID: c.ID, Title: Text(c.Title.Or()), Lessons: []LessonOutline{}}
		for _, l := range c.Lessons {
			o.Lessons = append(o.Lessons, lessonOutlineOf(l))
		}
		out = append(out, o)
	}
	return out
}

func readingTimeOf(p *catalog.Plan) *ReadingTime {
	if p == nil {
		return nil
	}
	return new(ReadingTime(*p))
}

func lessonOutlineOf(l catalog.Lesson) LessonOutline {
	o := LessonOutline{ID: l.ID, Kind: string(l.Kind), Title: Text(l.Title.Or()), Required: l.Required, DurationMS: l.DurationMS, Reading: readingTimeOf(l.Reading)}
	if q := l.Quiz; q != nil {
		o.Quiz = new(quizSummaryOf(*q))
	}
	return o
}
