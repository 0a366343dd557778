package catalog

import (
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/org"
)

// Card is a published course in a list.
type Card struct {
	ID          uuid.UUID
	Number      int64
	Subject     Subject
	Field       *Field
	Title       Text
	Summary     Text
	Provider    org.Ref
	Language    string
	Captions    []string
	Hours       float64
	DurationS   int
	HasVideo    bool
	HasDocument bool
	PublishedAt time.Time
	VersionID   uuid.UUID
	Version     int
}

// Filter chooses published courses. Values in a list are or-ed, fields and-ed.
type Filter struct {
	Query        Query
	Subjects     []string
	Fields       []string // a field includes what is below it
	Institutions []uuid.UUID
	Languages    []string
	HoursMin     float64
	HoursMax     float64 // 0: no bound
	Sort         string  // relevance, newest, hours, -hours, title
	Limit        int
	Cursor       string
}

// Facet is how many courses a value of a filter would leave.
type Facet struct {
	Group string // subject, field, institution, language, hours
	Value string
	Name  Text
	Count int
}

// Found is one page of the catalogue.
type Found struct {
	Items  []Card
	Next   *string
	Total  int
	Facets []Facet
}

// Page is a published course's page.
type Page struct {
	Card
	Description Text
	Outcomes    []Text
	Chapters    []Chapter
	Learners    int
	EnrolmentID *uuid.UUID // of the person who asks
}
