package httpapi

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// errUnwired answers for an operation whose store is not plugged in.
var errUnwired = errors.New("operation is not wired")

// ProblemDocument is an error as RFC 9457 writes it.
type ProblemDocument struct {
	Type     string         `json:"type" doc:"Stable name of the kind of problem, e.g. /problems/lease-held"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail,omitempty"`
	Instance string         `json:"instance,omitempty" doc:"Request id, for asking about it"`
	Errors   []InvalidField `json:"errors,omitempty" doc:"Every invalid field"`
	retry    int
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

// problemOf maps any error to what the caller may see. The unknown is hidden.
func problemOf(err error) *ProblemDocument {
	var ready *ProblemDocument
	if errors.As(err, &ready) {
		return ready
	}
	kind := fault.KindOf(err)
	p := &ProblemDocument{Status: statusOf[kind], Title: http.StatusText(statusOf[kind])}
	p.Type = "/problems/" + kindSlug[kind]
	if kind == fault.Internal {
		p.Detail = "Something went wrong on our side. It is in our log under the request id."
		return p
	}
	e, ok := fault.Of(err)
	if !ok {
		p.Detail = "A part of the service did not answer in time. Please try again."
		p.retry = 2
		return p
	}
	p.Detail = e.Msg
	if e.Code != "" {
		p.Type = "/problems/" + e.Code
	}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, InvalidField{Location: f.Path, Message: f.Message})
	}
	p.retry = retrySeconds(e)
	return p
}

func retrySeconds(e *fault.Error) int {
	if e.Kind != fault.Unavailable && e.Kind != fault.TooMany {
		return 0
	}
	return max(2, int(e.Retry.Seconds()+0.999))
}

var kindSlug = map[fault.Kind]string{
	fault.Internal: "internal", fault.Invalid: "invalid", fault.NotFound: "not-found", fault.Conflict: "conflict",
	fault.Forbidden: "forbidden", fault.Unauthenticated: "unauthenticated", fault.Precondition: "precondition-failed",
	fault.TooLarge: "too-large", fault.TooMany: "too-many-requests", fault.Unavailable: "unavailable", fault.Gone: "gone",
}

// writeProblem answers from a middleware, where huma has no error path.
func writeProblem(a huma.API, ctx huma.Context, err error) {
	p := problemOf(err)
	if p.retry > 0 {
		ctx.SetHeader("Retry-After", strconv.Itoa(p.retry))
	}
	_ = huma.WriteErr(a, ctx, p.Status, p.Detail, p)
}
