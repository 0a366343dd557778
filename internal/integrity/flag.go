package integrity

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// Kind is what a flag is raised for.
type Kind string

// The kinds of flags, one a rule.
const (
	FastAnswers   Kind = "fast-answers"
	Metronome     Kind = "metronome"
	RoundTheClock Kind = "round-the-clock"
	Guessing      Kind = "guessing"
	FailedChecks  Kind = "failed-checks"
	SharedDevice  Kind = "shared-device"
)

// Kinds are all of them.
var Kinds = []Kind{FastAnswers, Metronome, RoundTheClock, Guessing, FailedChecks, SharedDevice}

// Severity says how much room a rule leaves for an ordinary explanation.
type Severity string

// The severities.
const (
	// Serious: people cannot do this by themselves.
	Serious Severity = "serious"
	// Notice: there may well be an ordinary explanation.
	Notice Severity = "notice"
)

// Severity is the kind's.
func (k Kind) Severity() Severity {
	switch k {
	case FastAnswers, RoundTheClock:
		return Serious
	}
	return Notice
}

// State is where a flag is.
type State string

// The states of a flag.
const (
	Open      State = "open"
	Upheld    State = "upheld"    // an officer found that it was not study
	Dismissed State = "dismissed" // an officer found nothing wrong
)

// Finding is what a rule found in somebody's evidence.
type Finding struct {
	Kind     Kind
	FromMS   int64
	ToMS     int64
	Sessions []uuid.UUID
	Figures  Figures
}

// Figures are what a finding rests on, with the limits of the policy they
// were held against. Each kind fills its own.
type Figures struct {
	Answers   int     `json:"answers,omitempty"`
	Fast      int     `json:"fast,omitempty"`
	FastestMS int64   `json:"fastest_ms,omitempty"`
	Wrong     int     `json:"wrong,omitempty"`
	Checks    int     `json:"checks,omitempty"`
	Missed    int     `json:"missed,omitempty"`
	Chance    float64 `json:"chance,omitempty"` // of so many for somebody at the policy's share
	Intervals int     `json:"intervals,omitempty"`
	MeanMS    int64   `json:"mean_ms,omitempty"`
	SpreadMS  int64   `json:"spread_ms"`
	CreditS   int64   `json:"credit_s,omitempty"`
	Hours     int     `json:"hours,omitempty"`
	Days      int     `json:"days,omitempty"`
	People    int     `json:"people,omitempty"`
	Device    string  `json:"device,omitempty"`
	LimitMS   int64   `json:"limit_ms,omitempty"`
	LimitS    int64   `json:"limit_s,omitempty"`
	Limit     int     `json:"limit,omitempty"`
}

// Person names somebody.
type Person struct {
	ID   uuid.UUID
	Name string
}

// Flag is a finding that was put before the officers of a jurisdiction.
type Flag struct {
	ID uuid.UUID
	Finding
	Person    Person
	Org       org.Ref     // where the person worked when it was raised, else whose course it was
	Lineage   []uuid.UUID // of Org
	RaisedAt  time.Time
	State     State
	DecidedAt *time.Time
	DecidedBy *Person
	Reason    string
}

// MaxSessions bounds the sessions of one flag: the newest are kept.
const MaxSessions = 100

// Decision is an officer's decision on a flag.
type Decision struct {
	Flag   uuid.UUID
	By     uuid.UUID
	Depts  []uuid.UUID // the departments the officer decides for
	Uphold bool
	Reason string
}

// MaxReason bounds a reason, in characters.
const MaxReason = 2000

// Check says whether the decision is whole.
func (d *Decision) Check() error {
	d.Reason = strings.TrimSpace(d.Reason)
	var bad fault.Fields
	switch n := utf8.RuneCountInString(d.Reason); {
	case n == 0:
		bad.Add("body.reason", "is required")
	case n > MaxReason:
		bad.Add("body.reason", "must have at most %d characters", MaxReason)
	}
	return bad.Err("the decision is not complete")
}

// State is what the decision makes of the flag.
func (d Decision) State() State {
	if d.Uphold {
		return Upheld
	}
	return Dismissed
}

// Filter chooses flags for a queue, the oldest first while they are open and
// the last decided first afterwards.
type Filter struct {
	Depts    []uuid.UUID
	State    State
	Kind     Kind     // "": all
	Severity Severity // "": all
	Limit    int
	Cursor   string
}

// Decide says whether the decision may be made on the flag as it stands.
func (f Flag) Decide(d Decision) error {
	if f.State != Open {
		return fault.Coded(fault.Conflict, "already-decided", "This flag has been decided already.")
	}
	if f.Person.ID == d.By {
		return fault.Coded(fault.Forbidden, "own-flag", "Nobody decides on a flag about themselves.")
	}
	return nil
}
