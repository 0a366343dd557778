package org

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Accreditation is one step in a teaching institution's accreditation, and what
// the steps so far make of it.
type Accreditation string

// The steps. Whoever has only applied, was refused or revoked is not
// accredited; neither is anybody after the last day of Until.
const (
	Applied    Accreditation = "applied"
	Accredited Accreditation = "accredited"
	Refused    Accreditation = "refused"
	Suspended  Accreditation = "suspended"
	Revoked    Accreditation = "revoked"
)

// Never and Expired are standings that no step says.
const (
	Never   Accreditation = "never"
	Expired Accreditation = "expired"
)

// Step is one row of the history; no row is ever changed.
type Step struct {
	State  Accreditation
	Until  *time.Time // the last day of Accredited, at midnight UTC
	Reason string
	By     *Person // nil: the program, for what it found
	At     time.Time
}

// Person names somebody.
type Person struct {
	ID   uuid.UUID
	Name string
}

// Standing is what an institution is at a moment.
type Standing struct {
	State   Accreditation // of the last decision: never, accredited, refused, suspended, revoked, expired
	Until   *time.Time    // the last day, of accredited and expired
	Since   *time.Time    // when that decision was made
	Pending *Step         // an application nobody has decided on
}

// InForce says whether the institution may hand in courses.
func (s Standing) InForce() bool { return s.State == Accredited }

// Accreditable says whether organisations of a kind are accredited.
func (k Kind) Accreditable() bool { return k == TeachingInstitution }

// StandingOf folds the steps, oldest first, as of a moment in the
// institution's time zone. An application does not touch what is in force.
func StandingOf(steps []Step, now time.Time, zone *time.Location) Standing {
	s := Standing{State: Never}
	for _, step := range steps {
		s = s.after(step)
	}
	if s.State == Accredited && s.Until != nil && s.Until.Before(day(now, zone)) {
		s.State = Expired
	}
	return s
}

// after is the standing that a step makes of one. Only what is decided on an
// application takes it off the table, and to refuse a renewal revokes nothing.
func (s Standing) after(step Step) Standing {
	pending := s.Pending
	switch step.State {
	case Applied:
		s.Pending = &step
		return s
	case Accredited:
		return Standing{State: Accredited, Since: &step.At, Until: step.Until}
	case Refused:
		if s.Pending = nil; s.State != Never && s.State != Refused {
			return s
		}
		pending = nil
	}
	return Standing{State: step.State, Since: &step.At, Pending: pending}
}

// day is the date at a place, at midnight UTC, as dates are kept.
func day(now time.Time, zone *time.Location) time.Time {
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// follows are the standings after which a decision can be made.
var follows = map[Accreditation][]Accreditation{
	Accredited: {Never, Refused, Accredited, Suspended, Revoked, Expired},
	Suspended:  {Accredited},
	Revoked:    {Accredited, Suspended},
}

// maxAccredited bounds for how long somebody can be accredited.
const maxAccredited = 10 * 366 * 24 * time.Hour

// Next judges a step that is to follow. Whoever handed an application in does
// not decide on it.
func (s Standing) Next(step Step, now time.Time, zone *time.Location) (Step, error) {
	step.Reason = strings.TrimSpace(step.Reason)
	var bad fault.Fields
	if utf8.RuneCountInString(step.Reason) > MaxReason || !utf8.ValidString(step.Reason) {
		bad.Add("reason", "must be at most %d characters", MaxReason)
	}
	if step.Reason == "" && step.State != Applied && step.State != Accredited {
		bad.Add("reason", "is required")
	}
	checkUntil(step, now, zone, &bad)
	if err := bad.Err("the decision is not valid"); err != nil {
		return step, err
	}
	return step, s.admits(step)
}

func checkUntil(step Step, now time.Time, zone *time.Location, bad *fault.Fields) {
	switch today := day(now, zone); {
	case step.State != Accredited && step.Until != nil:
		bad.Add("until", "is given with an accreditation alone")
	case step.State != Accredited:
	case step.Until == nil:
		bad.Add("until", "is required")
	case step.Until.Before(today):
		bad.Add("until", "must not lie in the past")
	case step.Until.After(today.Add(maxAccredited)):
		bad.Add("until", "must be within ten years")
	}
}

func (s Standing) admits(step Step) error {
	onPending := step.State == Accredited || step.State == Refused
	if p := s.Pending; onPending && p != nil && p.By != nil && step.By != nil && p.By.ID == step.By.ID {
		return fault.Coded(fault.Forbidden, "own-application", "Nobody decides on an application of their own.")
	}
	switch step.State {
	case Applied:
		if s.Pending != nil {
			return fault.Coded(fault.Conflict, "already-applied", "An application is waiting for a decision already.")
		}
		return nil
	case Refused:
		if s.Pending == nil {
			return fault.Coded(fault.Conflict, "no-application", "There is no application to refuse.")
		}
		return nil
	}
	states, known := follows[step.State]
	if !known {
		return invalid("decision", "is not a decision")
	}
	for _, state := range states {
		if state == s.State {
			return nil
		}
	}
	return fault.Coded(fault.Conflict, "not-accredited", "The institution is not accredited, so there is nothing to take away.")
}

// ErrNotAccredited is the answer to handing in a course of an institution that
// is not accredited at the moment.
var ErrNotAccredited = fault.Coded(fault.Conflict, "not-accredited", "The institution is not accredited at present, so nothing new can be published. Its manager applies on the organisation's page; what is published stays.")
