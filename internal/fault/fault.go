// Package fault names the kinds of error Hourglass tells apart. It knows no
// HTTP: the edge (internal/httpapi) maps kinds to status codes in one place.
package fault

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Kind says what went wrong in terms a caller can act on.
type Kind uint8

const (
	// Internal is every error nobody named; its text never leaves the server.
	Internal Kind = iota
	// Invalid input: the caller must change what was sent.
	Invalid
	// NotFound covers both what does not exist and what the caller may not know exists.
	NotFound
	// Conflict with the present state; reading again and deciding anew may help.
	Conflict
	// Forbidden to this person, whoever asks again.
	Forbidden
	// Unauthenticated: sign in first.
	Unauthenticated
	// Precondition failed: somebody else changed it since it was read.
	Precondition
	// TooLarge for the bound stated in the message.
	TooLarge
	// TooMany requests; see RetryAfter.
	TooMany
	// Unavailable: a part Hourglass needs is away; retrying later helps.
	Unavailable
	// Gone for good, where NotFound would send the caller looking.
	Gone
)

var kindNames = [...]string{
	"internal", "invalid", "not found", "conflict", "forbidden", "unauthenticated",
	"precondition failed", "too large", "too many", "unavailable", "gone",
}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Field is one invalid place of an input, e.g. {"body.spans[2].to_ms", "must be after from_ms"}.
type Field struct {
	Path    string
	Message string
}

// Error carries a kind, a message fit for the caller's eyes, and, for the
// log only, its cause.
type Error struct {
	Kind   Kind
	Msg    string
	Code   string
	Fields []Field
	Retry  time.Duration
	cause  error
}

func (e *Error) Error() string {
	if e.cause == nil {
		return e.Msg
	}
	return e.Msg + ": " + e.cause.Error()
}

func (e *Error) Unwrap() error { return e.cause }

// New makes an error of kind k. The message is shown to the caller.
func New(k Kind, msg string, fields ...Field) error {
	return &Error{Kind: k, Msg: msg, Fields: fields}
}

// NothingHere is what is said of what does not exist and of what somebody may
// not know of, in the same words: two texts would tell them apart.
const NothingHere = "there is no such thing here, or it is not yours to see"

// Nothing is the NotFound error of these words.
func Nothing() error { return New(NotFound, NothingHere) }

// Wrap gives err the kind k and a message for the caller; err itself stays in the log.
func Wrap(k Kind, err error, msg string) error {
	if err == nil {
		return nil
	}
	return &Error{Kind: k, Msg: msg, cause: err}
}

// Coded is New with a stable machine-readable code, which becomes the last
// part of the problem document's type, e.g. "lease-held".
func Coded(k Kind, code, msg string, fields ...Field) error {
	return &Error{Kind: k, Code: code, Msg: msg, Fields: fields}
}

// Later is an Unavailable or TooMany error that says when to come back.
func Later(k Kind, after time.Duration, msg string) error {
	return &Error{Kind: k, Msg: msg, Retry: after}
}

// Away says that a part Hourglass needs does not answer, why (for the log),
// and when to come back.
func Away(err error, after time.Duration, msg string) error {
	return &Error{Kind: Unavailable, Msg: msg, Retry: after, cause: err}
}

// Of finds the outermost *Error in err's chain.
func Of(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// KindOf is the kind of err; an expired deadline counts as Unavailable
// because the part that was waited for did not answer in time.
func KindOf(err error) Kind {
	if e, ok := Of(err); ok {
		return e.Kind
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Unavailable
	}
	return Internal
}

// FieldsOf lists the invalid fields err names, if any.
func FieldsOf(err error) []Field {
	if e, ok := Of(err); ok {
		return e.Fields
	}
	return nil
}

// Fields collects every invalid field of an input, so that one answer names them all.
type Fields []Field

// Add records a problem at path.
func (f *Fields) Add(path, format string, a ...any) {
	*f = append(*f, Field{Path: path, Message: fmt.Sprintf(format, a...)})
}

// Err is nil when nothing was recorded, else one Invalid error naming every field.
func (f Fields) Err(msg string) error {
	if len(f) == 0 {
		return nil
	}
	return New(Invalid, msg, f...)
}
