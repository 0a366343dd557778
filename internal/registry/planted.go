package registry

import (
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Planted are hours of a demonstration: nobody studied for them, and nothing
// proves them. The register says so in the entry's source, and takes them for
// people that cannot be real alone (registrydb.Plant).
type Planted struct {
	Person  uuid.UUID
	Source  string // unique
	Subject Subject
	Hours   Hours
	Title   Text
	Earned  time.Time
}

// Key is the entry's source.
func (p Planted) Key() string { return "planted:" + p.Source }

// Entry is the ledger's line for them, in the year they were earned where the person works.
func (p Planted) Entry(zone *time.Location, now time.Time) (Entry, error) {
	if p.Source == "" || p.Hours <= 0 || p.Earned.After(now) || p.Title.Or().Zh == "" {
		return Entry{}, fault.New(fault.Invalid, "planted hours have a source, a title and a number above zero, and were earned before now")
	}
	return Entry{
		Kind: "registered", PersonID: p.Person, Year: p.Earned.In(zone).Year(), Subject: p.Subject, Hours: p.Hours, SourceKey: p.Key(),
		Title: p.Title.Or(), EarnedAt: p.Earned.UTC().Truncate(time.Microsecond), RecordedAt: now.UTC().Truncate(time.Microsecond),
	}, nil
}
