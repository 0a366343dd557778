package httpapi

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// CourseWork is a course that somebody works on, or that waits.
type CourseWork struct {
	CourseID  uuid.UUID `json:"course_id"`
	VersionID uuid.UUID `json:"version_id"`
	Title     Text      `json:"title"`
	Provider  OrgRef    `json:"provider"`
	State     string    `json:"state" enum:"draft,submitted,returned"`
	Subject   string    `json:"subject" enum:"professional,public"`
	At        time.Time `json:"at" doc:"Last changed; of one that waits: submitted"`
}

// MonthFigure is one month's completions.
type MonthFigure struct {
	Start       time.Time `json:"start" doc:"Where the organisation is"`
	Completions int       `json:"completions"`
}

// CourseLearners is a course with who studies it.
type CourseLearners struct {
	CourseID  uuid.UUID `json:"course_id"`
	Title     Text      `json:"title"`
	Learners  int       `json:"learners"`
	Completed int       `json:"completed"`
}

// TeachingFigures is how an institution's courses stand.
type TeachingFigures struct {
	Drafts      int              `json:"drafts" doc:"Courses whose newest version is one; the same of returned and waiting"`
	Returned    int              `json:"returned"`
	Waiting     int              `json:"waiting"`
	Published   int              `json:"published" doc:"In the catalogue"`
	Learners    int              `json:"learners" doc:"Who studied one of its courses this month"`
	Completions int              `json:"completions" doc:"This month"`
	Months      []MonthFigure    `json:"months" doc:"The last twelve, oldest first"`
	ToDo        []CourseWork     `json:"to_do" doc:"Returned ones first; at most 5"`
	Courses     []CourseLearners `json:"courses" doc:"Most learners first; at most 8"`
}

// WaitingFigures are submissions by how long they wait.
type WaitingFigures struct {
	ByAge  [4]int       `json:"by_age" doc:"Under 3 days, under 7, under 15, longer"`
	Oldest []CourseWork `json:"oldest" doc:"At most 5"`
}

// FlagFigures are open flags by severity.
type FlagFigures struct {
	Serious int `json:"serious"`
	Notice  int `json:"notice"`
}

// KindCount is how many organisations there are of a kind.
type KindCount struct {
	Kind  string `json:"kind" enum:"personnel_department,industry_department,teaching_institution,employer,association"`
	Count int    `json:"count"`
}

// TrailLine is one of the last deeds.
type TrailLine struct {
	ID      uuid.UUID `json:"id"`
	At      time.Time `json:"at"`
	Actor   string    `json:"actor,omitempty" doc:"Absent: the program itself"`
	Action  string    `json:"action"`
	Subject string    `json:"subject,omitempty" doc:"Whom it concerned"`
	Org     *OrgRef   `json:"org,omitempty"`
}

// SupervisionFigures is what waits at and below a department, as far as who
// asks may see it.
type SupervisionFigures struct {
	Waiting       *WaitingFigures `json:"waiting,omitempty" doc:"Absent for who does not review there"`
	Flags         *FlagFigures    `json:"flags,omitempty" doc:"Absent for who does not oversee there"`
	Deeds         []TrailLine     `json:"deeds,omitzero" doc:"The last of the audit trail, newest first; absent for who does not read it there"`
	Organisations []KindCount     `json:"organisations" doc:"Below"`
	Courses       int             `json:"courses" doc:"Published below"`
}

// TallyFigures counts people by their standing.
type TallyFigures struct {
	People   int     `json:"people"`
	Met      int     `json:"met"`
	Begun    int     `json:"begun" doc:"Something counts, not enough"`
	NotBegun int     `json:"not_begun" doc:"Nothing counts"`
	Counted  float64 `json:"counted" doc:"Hours of all together"`
	Required float64 `json:"required" doc:"Hours of all together"`
}

// DutyLine is one organisation's part.
type DutyLine struct {
	Org OrgRef `json:"org"`
	TallyFigures
}

// DutyFigures is how the people of an organisation, and of what stands below
// it, are with a year's duty.
type DutyFigures struct {
	Year int `json:"year"`
	TallyFigures
	Below []DutyLine `json:"below" doc:"Each organisation directly below with everything below that, and itself if people work there; by name"`
}

// DutyInput chooses a year.
type DutyInput struct {
	IDPath
	HoursInput
}

// StaffHours is one of an organisation's people with their year. The figure
// is the one of the person's own page.
type StaffHours struct {
	Person    PersonRef `json:"person"`
	Org       OrgRef    `json:"org"`
	Required  float64   `json:"required"`
	Counted   float64   `json:"counted"`
	Missing   float64   `json:"missing"`
	BySubject BySubject `json:"by_subject" doc:"Counted hours"`
	Standing  string    `json:"standing" enum:"met,begun,not-begun"`
}

// StaffHoursPage is one page of an organisation's people.
type StaffHoursPage struct {
	Year       int          `json:"year"`
	Items      []StaffHours `json:"items"`
	NextCursor *string      `json:"next_cursor" nullable:"true"`
}

// ListStaffHoursInput filters an organisation's people.
type ListStaffHoursInput struct {
	DutyInput
	ListInput
	Q        string `query:"q" maxLength:"100" doc:"Part of the name"`
	Standing string `query:"standing" enum:"met,begun,not-begun"`
	Sort     string `query:"sort" enum:"missing,name,hours" default:"missing" doc:"missing: who misses most first; hours: who has most first"`
}

// StudyFile is a person's year as an officer sees it.
type StudyFile struct {
	Person  PersonRef   `json:"person"`
	Org     OrgRef      `json:"org" doc:"Where the person works, or worked in that year"`
	Account YearAccount `json:"account"`
}

func (s *Server) registerWorkspaces(a huma.API) {
	tags := []string{"Workspaces"}
	register(a, identity.Author, huma.Operation{OperationID: "get-teaching", Method: http.MethodGet, Path: "/organisations/{id}/teaching", Tags: tags, Summary: "How an institution's courses stand"}, s.getTeaching)
	register(a, identity.Oversee, huma.Operation{OperationID: "get-supervision", Method: http.MethodGet, Path: "/organisations/{id}/supervision", Tags: tags, Summary: "What waits at and below a department"}, s.getSupervision)
	register(a, identity.SeePeople, huma.Operation{OperationID: "get-duty", Method: http.MethodGet, Path: "/organisations/{id}/duty", Tags: tags, Summary: "How its people are with a year's duty"}, s.getDuty)
	register(a, identity.SeePeople, huma.Operation{OperationID: "list-staff-hours", Method: http.MethodGet, Path: "/organisations/{id}/hours", Tags: tags, Summary: "Its people, and those of what is below it, with their hours of a year"}, s.listStaffHours)
	register(a, identity.SeePeople, huma.Operation{OperationID: "get-study-file", Method: http.MethodGet, Path: "/people/{id}/hours", Tags: tags, Summary: "A person's year; looking is noted in the audit trail"}, s.getStudyFile)
}
