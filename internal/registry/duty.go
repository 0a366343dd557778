package registry

import (
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/org"
)

// Duty is what a year asks of a person and what counts towards it.
type Duty struct {
	Required Hours
	Counted  BySubject
}

// Total is what counts of both subjects.
func (d Duty) Total() Hours { return d.Counted.Professional + d.Counted.Public }

// Missing is what is still to be earned.
func (d Duty) Missing() Hours { return max(0, d.Required-d.Total()) }

// Met says whether the year's duty is met.
func (d Duty) Met() bool { return d.Missing() == 0 }

// Duty is the account without its entries.
func (a Account) Duty() Duty { return Duty{a.Policy.Required, a.Counted} }

// Standing is how far a person is with a year's duty.
type Standing string

// The standings.
const (
	DutyMet  Standing = "met"
	Begun    Standing = "begun"     // something counts, not enough
	NotBegun Standing = "not-begun" // nothing counts
)

// Standing is how far the duty is met.
func (d Duty) Standing() Standing {
	switch {
	case d.Met():
		return DutyMet
	case d.Total() > 0:
		return Begun
	}
	return NotBegun
}

// Member is one of an organisation's people with their year.
type Member struct {
	ID   uuid.UUID
	Name string
	Org  org.Ref // where they work, or worked in that year
	Duty
}

// File is what an officer sees of a person: who and where they are or were in
// a year, the year's account, and which other years the officer may open.
type File struct {
	Member
	Account Account
	Years   []int // newest first
}

// StaffSort orders a list of people.
type StaffSort string

// The orders: who misses most, by name, who has most.
const (
	ByMissing StaffSort = "missing"
	ByName    StaffSort = "name"
	ByHours   StaffSort = "hours"
)

// StaffFilter chooses people of an organisation and of what stands below it.
type StaffFilter struct {
	Org      uuid.UUID
	Year     int       // 0: the present one of the organisation
	Query    string    // part of a name
	Standing Standing  // "": all
	Sort     StaffSort // "": ByMissing
	Limit    int       // 1 to 100
	Cursor   string
}

// Staff is one page of people.
type Staff struct {
	Year  int
	Items []Member
	Next  *string
}

// Tally counts people by their standing.
type Tally struct {
	People, Met, Begun int
	Counted, Required  Hours // of all together
}

// Roll is how a jurisdiction stands with a year's duty: in all, and for each
// organisation directly below with everything below that.
type Roll struct {
	Year int
	Tally
	Below []RollLine // by name
}

// RollLine is one organisation's part of a roll.
type RollLine struct {
	Org org.Ref
	Tally
}
