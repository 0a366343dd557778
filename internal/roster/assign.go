package roster

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// Group is some of an organisation's people, under a name.
type Group struct {
	ID      uuid.UUID
	OrgID   uuid.UUID
	Name    string
	Members int
}

// GroupName tidies the name of a group and says what is wrong with it.
func GroupName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if p := identity.NameProblem(name); p != "" {
		var bad fault.Fields
		bad.Add("body.name", "must be 1 to %d characters, without control characters", identity.MaxName)
		return "", bad.Err("the group is not valid")
	}
	return name, nil
}

// Member is one of an organisation's people as it lists them.
type Member struct {
	ID         uuid.UUID
	PersonID   *uuid.UUID
	Name       string
	Email      string
	EmployeeNo string
	Department string
	Position   string
	Role       org.Role
	HiredOn    *time.Time
	State      MemberState
	Groups     []string
}

// MemberState is how far somebody has come into the organisation.
type MemberState string

// The states.
const (
	Invited MemberState = "invited"
	Joined  MemberState = "joined"
	Gone    MemberState = "left"
)

// NewAssignment is a course that people are to take.
type NewAssignment struct {
	Org    uuid.UUID
	Course uuid.UUID
	Groups []uuid.UUID
	Staff  []uuid.UUID
	DueOn  time.Time // the day
	Note   string
	By     uuid.UUID
}

// MaxTargets bounds the groups and single people of one assignment.
const MaxTargets = 500

// Check judges it on a day, where the organisation is.
func (n NewAssignment) Check(today time.Time) error {
	var bad fault.Fields
	if len(n.Groups)+len(n.Staff) == 0 || len(n.Groups)+len(n.Staff) > MaxTargets {
		bad.Add("body.groups", "choose 1 to %d groups or people", MaxTargets)
	}
	if n.DueOn.Before(day(today)) || n.DueOn.After(today.AddDate(3, 0, 0)) {
		bad.Add("body.due_on", "must be today or later, within three years")
	}
	if utf8.RuneCountInString(n.Note) > 500 || !utf8.ValidString(n.Note) || strings.ContainsRune(n.Note, 0) {
		bad.Add("body.note", "must be at most 500 characters")
	}
	return bad.Err("the assignment is not valid")
}

func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// Stage is how far somebody is with what was assigned.
type Stage string

// The stages. Who is overdue may have begun or not.
const (
	Assigned Stage = "assigned"
	Begun    Stage = "begun"
	Finished Stage = "done"
	Overdue  Stage = "overdue"
)

// StageOf is how far one is on a day, where the organisation is. What was done
// late is done.
func StageOf(begun, done bool, due, today time.Time) Stage {
	switch {
	case done:
		return Finished
	case day(today).After(day(due)):
		return Overdue
	case begun:
		return Begun
	}
	return Assigned
}

// Title names a course in both languages.
type Title struct{ Zh, En string }

// Assignment is a course assigned by an organisation, with how it goes.
type Assignment struct {
	ID        uuid.UUID
	Org       org.Ref
	Course    uuid.UUID
	Title     Title
	DueOn     time.Time
	Note      string
	By        string
	CreatedAt time.Time
	Withdrawn bool
	Groups    []string
	Single    int // people named one by one
	Counts    map[Stage]int
	Waiting   int // not yet joined
}

// Mine is an assignment as the person it concerns sees it.
type Mine struct {
	ID        uuid.UUID
	Org       org.Ref
	Course    uuid.UUID
	Title     Title
	DueOn     time.Time
	Note      string
	By        string
	Stage     Stage
	Days      int // until it is due; negative: since
	Enrolment *uuid.UUID
}

// Taker is one of the people of an assignment.
type Taker struct {
	Member
	Stage   Stage
	DoneAt  *time.Time
	BegunAt *time.Time
}

// MemberFilter chooses of an organisation's list.
type MemberFilter struct {
	Org    uuid.UUID
	Query  string     // part of a name, an address or a department, or an employee number
	Group  *uuid.UUID // nil: of any
	Limit  int
	Cursor string
}
