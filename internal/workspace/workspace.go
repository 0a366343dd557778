// Package workspace knows what stands on the first page of an organisation's
// workspace: what waits for somebody there, and how it goes. It owns nothing;
// its figures are read from what other domains keep.
package workspace

import (
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/quiz"
)

// Text is one text in both languages.
type Text = quiz.Text

// Teaching is how an institution's courses stand.
type Teaching struct {
	Drafts, Returned, Waiting, Published int // courses, by their newest version; Published: in the catalogue
	Learners                             int // who studied one of its courses this month
	Completions                          int // this month
	Months                               []Month
	ToDo                                 []Work    // returned ones first, then drafts; at most 5
	Courses                              []Learned // most learners first; at most 8
}

// Month is how many courses were completed in one, oldest first.
type Month struct {
	Start       time.Time // in UTC, of the month as the organisation has it
	Completions int
}

// Work is a course somebody works on, or that waits.
type Work struct {
	Course, Version uuid.UUID
	Title           Text
	Org             org.Ref
	State           string
	Subject         string
	At              time.Time // last changed, or submitted
}

// Learned is a course with who studies it.
type Learned struct {
	Course              uuid.UUID
	Title               Text
	Learners, Completed int
}

// Supervision is what waits for a department.
type Supervision struct {
	Waiting *Waiting       // nil: not this person's to decide
	Flags   *Flags         // nil: not this person's to see
	Below   map[string]int // organisations by kind
	Courses int            // published below, in all
	Deeds   []Deed         // newest first, at most 8; nil: not this person's to read
}

// Sees is what of a department's page a person may see.
type Sees struct{ Reviews, Flags, Trail bool }

// Ages are the bounds between the bands of waiting: under 3 days, to 7, to 15, more.
var Ages = []time.Duration{3 * 24 * time.Hour, 7 * 24 * time.Hour, 15 * 24 * time.Hour}

// Waiting are submissions by how long they wait.
type Waiting struct {
	ByAge  [4]int // by Ages
	Oldest []Work // at most 5
}

// Flags are open ones by severity.
type Flags struct{ Serious, Notice int }

// Deed is one line of the audit trail.
type Deed struct {
	ID      uuid.UUID
	At      time.Time
	Actor   string // "": the program itself
	Action  string
	Subject string // whom it concerned; "": nobody
	Org     *org.Ref
}
