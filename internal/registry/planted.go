package registry

import (
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Elsewhere are hours that another register vouches for.
type Elsewhere struct {
	Person  uuid.UUID
	Source  string // what that register calls them; unique
	Subject Subject
	Hours   Hours
	Title   Text
	Earned  time.Time
}

// Key is the entry's source.
func (e Elsewhere) Key() string { return "elsewhere:" + e.Source }

// Entry is the ledger's line for them, in the year they were earned where the person works.
func (e Elsewhere) Entry(zone *time.Location, now time.Time) (Entry, error) {
	if e.Source == "" || e.Hours <= 0 || e.Earned.After(now) || e.Title.Or().Zh == "" {
		return Entry{}, fault.New(fault.Invalid, "hours from elsewhere have a source, a title and a number above zero, and were earned before now")
	}
	return Entry{
		Kind: "registered", PersonID: e.Person, Year: e.Earned.In(zone).Year(), Subject: e.Subject, Hours: e.Hours, SourceKey: e.Key(),
		Title: e.Title.Or(), EarnedAt: e.Earned.UTC().Truncate(time.Microsecond), RecordedAt: now.UTC().Truncate(time.Microsecond),
	}, nil
}
