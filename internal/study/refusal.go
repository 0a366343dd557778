package study

import (
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// The refusals. A beat that is refused credits nothing and leaves the session
// able to go on with the same sequence and token.
var (
	errWrongSequence = fault.Coded(fault.Conflict, "wrong-sequence", "This is not the beat that comes next.", fault.Field{Path: "body.seq", Message: "is not the next one"})
	errWrongToken    = fault.Coded(fault.Conflict, "wrong-token", "The token does not belong to this beat.", fault.Field{Path: "body.token", Message: "is not the one the last answer gave"})
	errFenced        = fault.Coded(fault.Conflict, "fenced", "Study went on elsewhere: another session took over.")
	errClosed        = fault.Coded(fault.Conflict, "session-closed", "This session is closed. Open a new one to go on.")
	errTooFast       = fault.Coded(fault.Invalid, "too-fast", "More is claimed than can have been played since the last beat.", fault.Field{Path: "body.spans", Message: "add up to more than the time that passed allows"})
	errCheckFirst    = fault.Coded(fault.Conflict, "presence-required", "Study is paused. Say that you are there to go on.", fault.Field{Path: "body.presence", Message: "must answer the open check first"})
	errUnknownCheck  = fault.Coded(fault.Invalid, "presence-unknown", "This is not the check that is open.", fault.Field{Path: "body.presence.id", Message: "is not the open check"})
	errEnough        = fault.Coded(fault.Invalid, "enough", "The time that this lesson gives for reading is used up.", fault.Field{Path: "body.spans", Message: "are more than the lesson's reading time"})
	errNotVisible    = fault.Coded(fault.Invalid, "not-visible", "Reading counts only while the page is in the foreground.", fault.Field{Path: "body.visible", Message: "must be true where reading is claimed"})
	errNotDelivered  = fault.Coded(fault.Invalid, "not-delivered", "Part of what is claimed was never sent to this session.", fault.Field{Path: "body.spans", Message: "hold media that was not delivered"})
)

// Refusal is the error of a verdict; nil for one that is no refusal.
func (v Verdict) Refusal() error {
	switch v {
	case WrongSequence:
		return errWrongSequence
	case WrongToken:
		return errWrongToken
	case Fenced:
		return errFenced
	case Closed:
		return errClosed
	case TooFast:
		return errTooFast
	case NotDelivered:
		return errNotDelivered
	case CheckFirst:
		return errCheckFirst
	case UnknownCheck:
		return errUnknownCheck
	case Enough:
		return errEnough
	case TooEarly, Missing, Accepted, Repeated:
	}
	return nil
}

// TooEarlyError refuses a segment for now.
func TooEarlyError(after time.Duration) error {
	return fault.Later(fault.TooMany, after, "This part is further ahead than may be delivered yet.")
}

// LeaseHeld refuses a second live session: where the first one is.
type LeaseHeld struct {
	Device   string
	LessonID uuid.UUID
	SeenAt   time.Time
}

var errLeaseHeld = fault.Coded(fault.Conflict, "lease-held", "You are studying somewhere else. Take over to go on here.")

func (e *LeaseHeld) Error() string { return "another session is live on " + e.Device }

// Unwrap gives the error its kind and code.
func (e *LeaseHeld) Unwrap() error { return errLeaseHeld }
