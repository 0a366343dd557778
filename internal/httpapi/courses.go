package httpapi

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// FieldNode is one field of the knowledge-updating programme and what is below it.
type FieldNode struct {
	ID       string      `json:"id"`
	Name     Text        `json:"name"`
	Children []FieldNode `json:"children"`
}

// FieldRef names a field; Root is the top of its branch, which draws the cover.
type FieldRef struct {
	ID   string `json:"id"`
	Root string `json:"root" enum:"agriculture,manufacturing,information,energy,management"`
	Name Text   `json:"name"`
}

// CourseCard is a course in a list.
type CourseCard struct {
	ID          uuid.UUID `json:"id"`
	Number      int64     `json:"number" doc:"Running number; seeds the drawn cover"`
	Subject     string    `json:"subject" enum:"professional,public"`
	Field       *FieldRef `json:"field,omitempty"`
	Title       Text      `json:"title"`
	Summary     Text      `json:"summary"`
	Provider    OrgRef    `json:"provider"`
	Language    string    `json:"language" enum:"zh,en" doc:"Of the lectures"`
	Captions    []string  `json:"captions" doc:"Languages of captions"`
	Hours       float64   `json:"hours" doc:"Credit hours"`
	DurationS   int       `json:"duration_s" doc:"Seconds of all lectures, and of reading at least"`
	HasVideo    bool      `json:"has_video"`
	HasDocument bool      `json:"has_document"`
	PublishedAt time.Time `json:"published_at"`
}

// SearchCoursesInput is the catalogue's filter. Values in a list are or-ed, parameters and-ed.
type SearchCoursesInput struct {
	ListInput
	Q           string      `query:"q" maxLength:"200" doc:"Words in Chinese or English"`
	Subject     []string    `query:"subject" enum:"professional,public" maxItems:"2"`
	Field       []string    `query:"field" maxItems:"20" doc:"Field ids; a field includes what is below it"`
	Institution []uuid.UUID `query:"institution" maxItems:"20" doc:"Publishing organisations"`
	Language    []string    `query:"language" enum:"zh,en" maxItems:"2"`
	HoursMin    float64     `query:"hours_min" minimum:"0" maximum:"200"`
	HoursMax    float64     `query:"hours_max" minimum:"0" maximum:"200" doc:"0: no bound"`
	Sort        string      `query:"sort" enum:"relevance,newest,hours,-hours,title" default:"relevance" doc:"relevance without q is newest"`
}

// FacetCount is how many courses a filter value would leave, the other filters standing.
type FacetCount struct {
	Value string `json:"value"`
	Name  *Text  `json:"name,omitempty"`
	Count int    `json:"count"`
}

// CourseFacets are the counts beside the catalogue's filters.
type CourseFacets struct {
	Subject     []FacetCount `json:"subject"`
	Field       []FacetCount `json:"field" doc:"Top fields"`
	Institution []FacetCount `json:"institution"`
	Language    []FacetCount `json:"language"`
	Hours       []FacetCount `json:"hours" doc:"Bands: 0-1, 1-4, 4-8, 8-12, 12-"`
}

// CoursePage is one page of the catalogue.
type CoursePage struct {
	Items      []CourseCard `json:"items"`
	NextCursor *string      `json:"next_cursor" nullable:"true"`
	Total      int          `json:"total"`
	Facets     CourseFacets `json:"facets"`
	Terms      []string     `json:"terms" doc:"What was searched for, to mark it in titles"`
}

// LessonOutline is a lesson in an outline.
type LessonOutline struct {
	ID         uuid.UUID    `json:"id"`
	Kind       string       `json:"kind" enum:"video,document,quiz"`
	Title      Text         `json:"title"`
	Required   bool         `json:"required"`
	DurationMS int64        `json:"duration_ms" doc:"Of a video; of a document what reading it takes at least"`
	Reading    *ReadingTime `json:"reading,omitempty" doc:"Of a document"`
	Quiz       *QuizSummary `json:"quiz,omitempty"`
}

// ReadingTime is how a document is read: page by page, each for so long.
type ReadingTime struct {
	Pages    int `json:"pages" doc:"Of a PDF; of a text units of about 1,500 characters"`
	PageMinS int `json:"page_min_s" doc:"Seconds of reading that complete a page"`
	PageMaxS int `json:"page_max_s" doc:"Seconds of a page that count at most"`
}

// QuizSummary is what one may know of a quiz beforehand.
type QuizSummary struct {
	ID              uuid.UUID `json:"id"`
	Questions       int       `json:"questions"`
	PassMark        int       `json:"pass_mark" doc:"Percent of the points"`
	AttemptsAllowed *int      `json:"attempts_allowed,omitempty" doc:"Absent: as often as one likes"`
	TimeLimitS      *int      `json:"time_limit_s,omitempty"`
}

// ChapterOutline is a chapter and its lessons in order.
type ChapterOutline struct {
	ID      uuid.UUID       `json:"id"`
	Title   Text            `json:"title"`
	Lessons []LessonOutline `json:"lessons"`
}

// Course is a published course's page.
type Course struct {
	CourseCard
	VersionID   uuid.UUID        `json:"version_id"`
	Version     int              `json:"version"`
	Description Text             `json:"description" doc:"Markdown"`
	Outcomes    []Text           `json:"outcomes"`
	Chapters    []ChapterOutline `json:"chapters"`
	Learners    int              `json:"learners" doc:"People enrolled"`
	EnrolmentID *uuid.UUID       `json:"enrolment_id,omitempty" doc:"Of the signed-in person"`
}

func (s *Server) registerCourses(a huma.API) {
	register(a, identity.Public, huma.Operation{OperationID: "list-fields", Method: http.MethodGet, Path: "/fields", Tags: []string{"Catalogue"}, Summary: "The tree of fields"}, s.listFields)
	register(a, identity.Public, huma.Operation{OperationID: "search-courses", Method: http.MethodGet, Path: "/courses", Tags: []string{"Catalogue"}, Summary: "Search the catalogue"}, s.searchCourses)
	register(a, identity.Public, huma.Operation{OperationID: "get-course", Method: http.MethodGet, Path: "/courses/{id}", Tags: []string{"Catalogue"}, Summary: "A course's page"}, s.getCourse)
}
