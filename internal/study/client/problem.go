package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Codes of problems that a client decides by.
const (
	Unauthenticated = "unauthenticated"
	NotEnrolled     = "not-enrolled"
	NotFound        = "not-found"
	LeaseHeld       = "lease-held"
	Fenced          = "fenced"
	SessionClosed   = "session-closed"
	WrongSequence   = "wrong-sequence"
	WrongToken      = "wrong-token"
	TooFast         = "too-fast"
	NotDelivered    = "not-delivered"
	CheckFirst      = "presence-required"
	UnknownCheck    = "presence-unknown"
	Invalid         = "invalid"
	TooMany         = "too-many-requests"
	Unavailable     = "unavailable"
)

// Problem is a refusal (RFC 9457).
type Problem struct {
	Status     int           `json:"status"`
	Code       string        `json:"-"` // last part of the type; empty when the answer was no problem document
	Title      string        `json:"title"`
	Detail     string        `json:"detail"`
	Instance   string        `json:"instance"` // request id
	Errors     []Field       `json:"errors"`
	RetryAfter time.Duration `json:"-"` // zero: none was named
	// Where study is live; with LeaseHeld alone.
	Device   string    `json:"device"`
	LessonID string    `json:"lesson_id"`
	SeenAt   time.Time `json:"seen_at"`
}

// Field is one place of the request that is not right.
type Field struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

func (p *Problem) Error() string {
	return fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail)
}

// CodeOf is the code of the problem in err, or empty.
func CodeOf(err error) string {
	var p *Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// problemOf reads a refusal. What is no problem document, such as the answer
// of a proxy in between, keeps its status.
func problemOf(res *http.Response) *Problem {
	p := &Problem{}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
		var doc struct {
			Type string `json:"type"`
			*Problem
		}
		doc.Problem = p
		data, err := io.ReadAll(io.LimitReader(res.Body, maxJSON))
		if err == nil && json.Unmarshal(data, &doc) == nil {
			p.Code = doc.Type[strings.LastIndex(doc.Type, "/")+1:]
		}
	}
	p.Status = res.StatusCode
	if s, err := strconv.ParseUint(res.Header.Get("Retry-After"), 10, 31); err == nil {
		p.RetryAfter = time.Duration(s) * time.Second
	}
	return p
}
