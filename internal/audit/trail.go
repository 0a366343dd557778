package audit

import (
	"encoding/json"
	"regexp"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Actions of the trail itself.
const (
	// RecordView: somebody looked at another person's record; once an hour a reader.
	RecordView = "record.view"
	// Export: somebody took a part of the trail with them.
	Export = "audit-trail.export"
	// AdminRun: somebody with access to the server ran an administration command.
	AdminRun = "admin-command.run"
)

// Looks are the actions that were a look at a person's record.
var Looks = []string{RecordView, "study-file.read", "identity-document.reveal", "integrity-flag.read", "study-session.read"}

// Entry is one deed as the trail shows it. Names are those of today.
type Entry struct {
	ID         uuid.UUID
	At         time.Time
	Actor      *Person // nil: the program itself
	Action     string
	ObjectKind string
	Object     uuid.UUID
	Subject    *Person
	Org        *Org
	Origin     Origin
	Before     json.RawMessage
	After      json.RawMessage
}

// Person names who did something, or whom it concerned.
type Person struct {
	ID   uuid.UUID
	Name string
}

// Org names whose jurisdiction a deed belongs to.
type Org struct {
	ID                          uuid.UUID
	Kind, Level, NameZh, NameEn string
}

// Scope is where the reader may read: deeds of the organisations of Here, of
// those of Below with everything below them, and deeds that concern people who
// are members there now; or everything.
type Scope struct {
	Here, Below []uuid.UUID
	Everywhere  bool
}

// Filter chooses deeds, the last first. Its zero fields choose all.
type Filter struct {
	Scope      Scope
	From, To   time.Time // [From, To); see Window
	Actor      uuid.UUID
	Subject    uuid.UUID
	Action     string // "object.verb", or "object." for all of an object's
	ObjectKind string
	Object     uuid.UUID
	Org        uuid.UUID // with all below it
	Limit      int       // 1 to 1000
	Cursor     string
}

// List is one page of deeds.
type List struct {
	Items      []Entry
	NextCursor *string
}

const (
	// usualWindow is how far back one looks who does not say since when.
	usualWindow = 30 * 24 * time.Hour
	// longest is the longest stretch of one search: it bounds what a search that
	// finds nothing reads.
	longest = 366 * 24 * time.Hour
)

// Window fills in and judges the stretch of time that is searched.
func (f *Filter) Window(now time.Time) error {
	if f.To.IsZero() {
		f.To = now.UTC().Add(time.Minute) // clocks of several servers
	}
	if f.From.IsZero() {
		f.From = f.To.Add(-usualWindow)
	}
	var bad fault.Fields
	if !f.From.Before(f.To) {
		bad.Add("query.to", "must be after from")
	}
	if f.To.Sub(f.From) > longest {
		bad.Add("query.from", "must be at most 366 days before to")
	}
	if f.Action != "" && !actionForm.MatchString(f.Action) {
		bad.Add("query.action", "is an object and a verb, object.verb, or object. for all of them")
	}
	return bad.Err("the search is not valid")
}

var actionForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)*\.([a-z]+(-[a-z]+)*)?$`)
