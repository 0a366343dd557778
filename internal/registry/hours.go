// Package registry keeps the register of hours: policies, the append-only
// ledger, a year's account, certificates.
package registry

import (
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/quiz"
)

// Text is one text in both languages.
type Text = quiz.Text

// Hours are credit hours in hundredths: sums of them are exact.
type Hours int64

// HoursOf rounds to hundredths.
func HoursOf(h float64) Hours { return Hours(math.Round(h * 100)) }

// Float is for the wire, where hours are decimal numbers.
func (h Hours) Float() float64 { return float64(h) / 100 }

// String writes two decimals, as in the ledger's records.
func (h Hours) String() string {
	sign := ""
	if h < 0 {
		sign, h = "-", -h
	}
	return fmt.Sprintf("%s%d.%02d", sign, h/100, h%100)
}

// Subject says what kind of hours they are.
type Subject string

// The subjects.
const (
	Professional Subject = "professional"
	Public       Subject = "public"
)

// Policy is the rule a year is counted by: data, by jurisdiction and year.
type Policy struct {
	ID           uuid.UUID
	Title        Text
	Jurisdiction *org.Ref // nil: the founding policy
	Required     Hours
	// Public subjects count for at most PublicNum/PublicDen of Required.
	PublicNum, PublicDen int
	HourMinutes          int
	DayHours             Hours
}

// PublicCap is how many public hours count.
func (p Policy) PublicCap() Hours {
	return p.Required * Hours(p.PublicNum) / Hours(p.PublicDen)
}

// Entry is one line of the ledger.
type Entry struct {
	Index      int64
	ID         uuid.UUID
	Kind       string // registered or correction
	PersonID   uuid.UUID
	Year       int
	Subject    Subject
	Hours      Hours // of a correction: what it gives or, below zero, takes
	SourceKey  string
	CourseID   *uuid.UUID
	VersionID  *uuid.UUID
	Title      Text
	Provider   *org.Ref
	Corrects   *int64
	Reason     string
	EarnedAt   time.Time
	RecordedAt time.Time
	Serial     *string
	// Repeats says that another record of the same person was given hours for
	// the course before: what was put together counts a course once.
	Repeats bool
}

// Counted is an entry with what of it counts.
type Counted struct {
	Entry
	Counts Hours
}

// BySubject splits hours.
type BySubject struct{ Professional, Public Hours }

// Account is a person's year.
type Account struct {
	Year     int
	Policy   Policy
	Entries  []Counted // newest first
	Recorded BySubject // all that is registered
	Counted  BySubject // what counts under the policy
}

// Total is what counts of both subjects.
func (a Account) Total() Hours { return a.Duty().Total() }

// Missing is what is still to be earned.
func (a Account) Missing() Hours { return a.Duty().Missing() }

// Met says whether the year's duty is met.
func (a Account) Met() bool { return a.Duty().Met() }

// Count makes a year's account of its entries, which come in the ledger's
// order. Public hours above the cap are recorded and do not count (founding
// policy: at most a third of what is required); a correction counts for the
// entry it corrects, and neither counts where a course was registered before.
func Count(year int, p Policy, entries []Entry) Account {
	a := Account{Year: year, Policy: p}
	left := p.PublicCap()
	net, repeats := map[int64]Hours{}, map[int64]bool{}
	for _, e := range entries {
		if e.Repeats {
			repeats[e.Index] = true
		}
		if e.Corrects != nil {
			net[*e.Corrects] += e.Hours
		}
	}
	for _, e := range entries {
		c := Counted{Entry: e}
		again := e.Repeats || (e.Corrects != nil && repeats[*e.Corrects])
		switch {
		case again && e.Subject == Professional:
			a.Recorded.Professional += e.Hours
		case again:
			a.Recorded.Public += e.Hours
		case e.Subject == Professional:
			a.Recorded.Professional += e.Hours
			c.Counts = e.Hours
		case e.Corrects != nil:
			a.Recorded.Public += e.Hours // its effect stands at the entry it corrects
		default:
			a.Recorded.Public += e.Hours
			c.Counts = min(left, max(0, e.Hours+net[e.Index]))
			left -= c.Counts
		}
		if e.Subject == Professional {
			a.Counted.Professional += c.Counts
		} else {
			a.Counted.Public += c.Counts
		}
		a.Entries = append([]Counted{c}, a.Entries...)
	}
	a.Counted.Professional = max(0, a.Counted.Professional)
	return a
}
