package httpapi

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// ProblemDocument is an error as RFC 9457 writes it.
type ProblemDocument struct {
	Type     string         `json:"type" doc:"Stable name of the kind of problem, e.g. /problems/lease-held"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail,omitempty"`
	Instance string         `json:"instance,omitempty" doc:"Request id, for asking about it"`
	Errors   []InvalidField `json:"errors,omitempty" doc:"Every invalid field"`
	// Where study is live; with lease-held alone.
	Device   string     `json:"device,omitempty" doc:"Of lease-held: e.g. Chrome on Android"`
	LessonID *uuid.UUID `json:"lesson_id,omitempty" doc:"Of lease-held"`
	SeenAt   *time.Time `json:"seen_at,omitempty" doc:"Of lease-held"`
	// What can be the second step; with second-step alone.
	Factors []string `json:"factors,omitempty" doc:"Of second-step: totp, passkey, recovery"`
	retry   int
}

// InvalidField is one place of the request that is not right.
type InvalidField struct {
	Location string `json:"location" doc:"E.g. body.spans[2].to_ms"`
	Message  string `json:"message"`
}

func (p *ProblemDocument) Error() string { return p.Title + ": " + p.Detail }

// GetStatus makes a ProblemDocument a huma.StatusError.
func (p *ProblemDocument) GetStatus() int { return p.Status }

// ContentType names the media type of RFC 9457.
func (p *ProblemDocument) ContentType(string) string { return "application/problem+json" }

var statusOf = map[fault.Kind]int{
	fault.Internal: http.StatusInternalServerError, fault.Invalid: http.StatusUnprocessableEntity,
	fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	fault.Forbidden: http.StatusForbidden, fault.Unauthenticated: http.StatusUnauthorized,
	fault.Precondition: http.StatusPreconditionFailed, fault.TooLarge: http.StatusRequestEntityTooLarge,
	fault.TooMany: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
	fault.Gone: http.StatusGone,
}

// slugOf names the kinds of problem nobody gave a code of their own.
var slugOf = map[int]string{
	http.StatusBadRequest: "malformed", http.StatusUnauthorized: "unauthenticated", http.StatusForbidden: "forbidden",
	http.StatusNotFound: "not-found", http.StatusMethodNotAllowed: "method-not-allowed", http.StatusNotAcceptable: "not-acceptable",
	http.StatusRequestTimeout: "request-timeout", http.StatusConflict: "conflict", http.StatusGone: "gone",
	http.StatusPreconditionFailed: "precondition-failed", http.StatusRequestEntityTooLarge: "too-large",
	http.StatusUnsupportedMediaType: "unsupported-media-type", http.StatusUnprocessableEntity: "invalid",
	http.StatusTooManyRequests: "too-many-requests", http.StatusRequestHeaderFieldsTooLarge: "headers-too-large",
	http.StatusInternalServerError: "internal", http.StatusServiceUnavailable: "unavailable",
}

const hiddenDetail = "Something went wrong on our side. It is in our log under the request id."

func problemWith(status int, detail string) *ProblemDocument {
	slug, ok := slugOf[status]
	if !ok {
		slug = strings.ReplaceAll(strings.ToLower(http.StatusText(status)), " ", "-")
	}
	return &ProblemDocument{Type: "/problems/" + slug, Title: http.StatusText(status), Status: status, Detail: detail}
}

// problemOf maps any error to what the caller may see. The unknown is hidden.
func problemOf(err error) *ProblemDocument {
	var ready *ProblemDocument
	if errors.As(err, &ready) {
		return ready
	}
	var routed *fiber.Error
	if errors.As(err, &routed) {
		return routedProblem(routed)
	}
	kind := fault.KindOf(err)
	if kind == fault.Internal {
		return problemWith(http.StatusInternalServerError, hiddenDetail)
	}
	e, ok := fault.Of(err)
	if !ok {
		p := problemWith(statusOf[kind], "A part of the service did not answer in time. Please try again.")
		p.retry = 2
		return p
	}
	p := problemWith(statusOf[kind], e.Msg)
	if e.Code != "" {
		p.Type = "/problems/" + e.Code
	}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, InvalidField{Location: f.Path, Message: f.Message})
	}
	p.retry = retrySeconds(e)
	return p
}

// routedProblem words what the router or the server below it refused; their
// own texts repeat the request.
func routedProblem(e *fiber.Error) *ProblemDocument {
	switch {
	case e.Code >= http.StatusInternalServerError:
		return problemWith(e.Code, hiddenDetail)
	case e.Code == http.StatusNotFound:
		return problemWith(e.Code, "There is nothing at this address.")
	case e.Code == http.StatusMethodNotAllowed:
		return problemWith(e.Code, "This address does not take this method; see the Allow header.")
	case e.Code == http.StatusRequestEntityTooLarge:
		return problemWith(e.Code, "The request is larger than this server takes at once.")
	case e.Code == http.StatusRequestHeaderFieldsTooLarge:
		return problemWith(e.Code, "The request's headers are larger than this server takes.")
	}
	return problemWith(e.Code, "The request could not be read.")
}

func retrySeconds(e *fault.Error) int {
	if e.Kind != fault.Unavailable && e.Kind != fault.TooMany {
		return 0
	}
	return max(2, int(e.Retry.Seconds()+0.999))
}

// newProblem replaces huma.NewError.
func newProblem(status int, msg string, errs ...error) huma.StatusError {
	if status >= http.StatusInternalServerError {
		msg = hiddenDetail
	}
	p := problemWith(status, msg)
	for _, err := range errs {
		if field, ok := fieldOf(err); ok && status < http.StatusInternalServerError {
			p.Errors = append(p.Errors, field)
		}
	}
	return p
}

// newProblemIn replaces huma.NewErrorWithContext: what validation found loses
// the echoed values (passwords!), and what a handler returned is mapped from
// its fault, noted for the log, and given the request's id.
func newProblemIn(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	p := newProblem(status, msg, errs...).(*ProblemDocument)
	var cause error
	if len(errs) == 1 {
		cause = errs[0]
		var detail *huma.ErrorDetail
		if !errors.As(cause, &detail) {
			p = problemOf(cause)
		}
	}
	if ctx == nil {
		return p
	}
	p = p.in(requestFrom(ctx.Context()), cause)
	if asked := challenge(p); asked != "" {
		ctx.SetHeader("WWW-Authenticate", asked)
	}
	if p.retry > 0 {
		ctx.SetHeader("Retry-After", strconv.Itoa(p.retry))
	}
	return p
}

// in returns a copy that carries the request's id, and leaves the cause of a
// failure of ours for the access log.
func (p *ProblemDocument) in(r *request, cause error) *ProblemDocument {
	q := *p
	q.Instance = r.id
	if q.Status >= http.StatusInternalServerError {
		r.cause = cause
	}
	return &q
}

func fieldOf(err error) (InvalidField, bool) {
	var d *huma.ErrorDetail
	if !errors.As(err, &d) {
		return InvalidField{}, false
	}
	return InvalidField{Location: d.Location, Message: d.Message}, true
}

// writeProblem answers from a huma middleware, which has no error to return.
func writeProblem(a huma.API, ctx huma.Context, err error) {
	p := problemOf(err)
	_ = huma.WriteErr(a, ctx, p.Status, p.Detail, err)
}

// answerProblem answers from a Fiber handler or the router itself.
func answerProblem(c *fiber.Ctx, err error) error {
	p := problemOf(err).in(requestFrom(c.UserContext()), err)
	if asked := challenge(p); asked != "" {
		c.Set("WWW-Authenticate", asked)
	}
	if p.retry > 0 {
		c.Set("Retry-After", strconv.Itoa(p.retry))
	}
	c.Status(p.Status)
	return c.JSON(p, p.ContentType(""))
}
