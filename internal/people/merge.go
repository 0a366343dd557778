package people

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// MergeState is how far a request to put two records together has come.
type MergeState string

// The states.
const (
	MergeOpen      MergeState = "open"
	MergeDone      MergeState = "merged"
	MergeRefused   MergeState = "refused"
	MergeWithdrawn MergeState = "withdrawn"
)

// Merge is a request that was made when a number was entered that stands in
// another record. Keeper is the record that has the number and stays; Joining
// is the one whose owner entered it again.
type Merge struct {
	ID        uuid.UUID
	State     MergeState
	Kind      DocumentKind
	Org       *org.Ref // whose departments decide; nil: those at the root
	Note      string
	At        time.Time
	DecidedAt *time.Time
	DecidedBy string // name of the officer; "": nobody yet
	Reason    string
}

// Side is one of the two records, as an officer may see it.
type Side struct {
	PersonID uuid.UUID // told to nobody
	Document Held
	Address  string // of the account, masked
	Since    time.Time
	Roles    []HeldRole
	Years    []YearHours
	Open     int // courses under way
	Flags    int // open integrity flags
}

// HeldRole is a current membership.
type HeldRole struct {
	Role org.Role
	Org  org.Ref
}

// YearHours is what was registered in a year, in hundredths of an hour.
type YearHours struct {
	Year    int
	Hours   int64
	Courses int
}

// Review is a request with both records and what putting them together would mean.
type Review struct {
	Merge
	Keeper, Joining Side
	SameName        bool
	// Twice is how many courses both records have hours for: they count once.
	Twice int
}

// Decision is an officer's.
type Decision struct {
	Merge  uuid.UUID
	By     uuid.UUID
	Accept bool
	Reason string
}

const maxReason = 2000

// Checked is the decision with its reason tidied; none is Invalid.
func (d Decision) Checked() (Decision, error) {
	d.Reason = strings.TrimSpace(d.Reason)
	var bad fault.Fields
	if n := utf8.RuneCountInString(d.Reason); n == 0 || n > maxReason {
		bad.Add("body.reason", "is required, in at most %d characters", maxReason)
	}
	return d, bad.Err("the decision is not complete")
}

// Decidable says whether the officer may decide: it is open, and neither record is theirs.
func (r Review) Decidable(by uuid.UUID) error {
	if by == r.Keeper.PersonID || by == r.Joining.PersonID {
		return fault.Coded(fault.Forbidden, "own-merge", "This concerns your own record; another officer must decide.")
	}
	if r.State != MergeOpen {
		return fault.Coded(fault.Conflict, "already-decided", "This was decided before.")
	}
	return nil
}

// Common is the nearest organisation that two lineages share: its departments
// see both records. uuid.Nil when they share none; an empty lineage is of
// somebody who belongs nowhere, and then the other's own organisation it is.
func Common(a, b []uuid.UUID) uuid.UUID {
	switch {
	case len(a) == 0 && len(b) == 0:
		return uuid.Nil
	case len(a) == 0:
		return b[0]
	case len(b) == 0:
		return a[0]
	}
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return x
			}
		}
	}
	return uuid.Nil
}

// MaskAddress leaves the first letter and the domain of an address.
func MaskAddress(address string) string {
	local, domain, ok := strings.Cut(address, "@")
	if !ok || local == "" {
		return ""
	}
	first, _ := utf8.DecodeRuneInString(local)
	return string(first) + "***@" + domain
}
