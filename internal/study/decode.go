package study

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Report is a beat as a client sends it.
type Report struct {
	Token   string
	Seq     int64
	State   uint8
	Visible bool
	Spans   []Span
	Reply   *Reply // to a presence check; Right is not the client's to say
}

// ErrMalformed says that a body is not JSON at all, or more than one value of it.
var ErrMalformed = errors.New("the body is not JSON")

const maxDepth = 16

// DecodeBeat reads the body of a beat strictly: exactly the known fields, once
// each, of the right type. The error is ErrMalformed for what is not JSON, and
// Invalid, naming every field that is wrong, for what is not a beat. It is
// written by hand because it runs for every beat of everybody.
func DecodeBeat(body []byte) (Report, error) {
	p := parser{data: body}
	var r Report
	seen := p.report(&r)
	if p.space(); p.broken || p.at != len(p.data) {
		return Report{}, ErrMalformed
	}
	p.require(seen)
	if err := p.bad.Err("the beat is not valid"); err != nil {
		return Report{}, err
	}
	return r, nil
}

const (
	hasToken = 1 << iota
	hasSeq
	hasState
	hasVisible
	hasSpans
	hasPresence
)

func (p *parser) require(seen int) {
	if seen < 0 {
		return
	}
	for _, f := range []struct {
		bit  int
		name string
	}{{hasToken, "token"}, {hasSeq, "seq"}, {hasState, "state"}, {hasVisible, "visible"}, {hasSpans, "spans"}} {
		if seen&f.bit == 0 {
			p.bad.Add("body."+f.name, "is required")
		}
	}
}

// report reads the object and tells which fields it had; -1 when it is no object.
func (p *parser) report(r *Report) (seen int) {
	if p.space(); p.peek() != '{' {
		p.skip(0)
		p.bad.Add("body", "must be an object")
		return -1
	}
	p.object(func(name []byte) {
		bit := 0
		switch string(name) {
		case "token":
			bit, r.Token = hasToken, p.token()
		case "seq":
			bit, r.Seq = hasSeq, p.seq()
		case "state":
			bit, r.State = hasState, p.state()
		case "visible":
			bit, r.Visible = hasVisible, p.boolean("body.visible")
		case "spans":
			bit, r.Spans = hasSpans, p.spans()
		case "presence":
			bit, r.Reply = hasPresence, p.reply()
		default:
			p.unexpected("body", name)
			return
		}
		if seen&bit != 0 {
			p.bad.Add("body."+string(name), "stands twice")
		}
		seen |= bit
	})
	return seen
}

func (p *parser) token() string {
	text, ok := p.text("body.token")
	if ok && len(text) > 200 {
		p.bad.Add("body.token", "must have at most 200 characters")
	}
	return text
}

func (p *parser) seq() int64 {
	n, ok := p.integer("body.seq")
	if ok && (n < 1 || n > math.MaxInt32) {
		p.bad.Add("body.seq", "must be between 1 and %d", math.MaxInt32)
	}
	return n
}

func (p *parser) state() uint8 {
	text, ok := p.text("body.state")
	for i, name := range stateNames {
		if text == name {
			return uint8(i)
		}
	}
	if ok {
		p.bad.Add("body.state", "must be playing, paused, buffering or ended")
	}
	return 0
}

func (p *parser) spans() (out []Span) {
	if p.peek() != '[' {
		p.skip(0)
		p.bad.Add("body.spans", "must be a list")
		return nil
	}
	count := 0
	p.array(func() {
		if count++; count > MaxSpans {
			p.skip(1)
			return
		}
		out = append(out, p.span(count-1))
	})
	if count > MaxSpans {
		p.bad.Add("body.spans", "must have at most %d items", MaxSpans)
	}
	return out
}

const (
	hasFrom = 1 << iota
	hasTo
	hasRate
)

func (p *parser) span(i int) (s Span) {
	if p.peek() != '{' {
		p.skip(1)
		p.bad.Add(spanPath(i, ""), "must be an object")
		return s
	}
	seen := 0
	p.object(func(name []byte) {
		bit := 0
		switch string(name) {
		case "from_ms":
			bit, s.FromMS = hasFrom, p.position(i, "from_ms")
		case "to_ms":
			bit, s.ToMS = hasTo, p.position(i, "to_ms")
		case "rate":
			bit, s.Rate = hasRate, p.rate(i)
		default:
			p.unexpected(spanPath(i, ""), name)
			return
		}
		if seen&bit != 0 {
			p.bad.Add(spanPath(i, string(name)), "stands twice")
		}
		seen |= bit
	})
	if seen != hasFrom|hasTo|hasRate && !p.broken {
		p.requireSpan(i, seen)
	}
	return s
}

func (p *parser) requireSpan(i, seen int) {
	for bit, name := range []string{"from_ms", "to_ms", "rate"} {
		if seen&(1<<bit) == 0 {
			p.bad.Add(spanPath(i, name), "is required")
		}
	}
}

// position reads a place in the media; where it may lie is for NewClaim to judge.
func (p *parser) position(i int, name string) int64 {
	start := p.at
	n, ok := p.number()
	if !ok {
		p.wrong(start, spanPath(i, name), "must be an integer")
		return 0
	}
	v, err := strconv.ParseInt(string(n), 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange) || (err == nil && (v > math.MaxInt32 || v < math.MinInt32)):
		p.bad.Add(spanPath(i, name), "is beyond what a lesson can hold")
	case err != nil:
		p.bad.Add(spanPath(i, name), "must be an integer")
	case v < 0:
		p.bad.Add(spanPath(i, name), "must not be negative")
	}
	return v
}

func (p *parser) rate(i int) Rate {
	start := p.at
	n, ok := p.number()
	if !ok {
		p.wrong(start, spanPath(i, "rate"), "must be a number")
		return 0
	}
	if string(n) == "1" { // nearly always
		return 100
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || f <= 0 || f > 100 {
		p.bad.Add(spanPath(i, "rate"), "must be above 0 and at most 100")
		return 0
	}
	return RateOf(f)
}

func (p *parser) unexpected(path string, name []byte) {
	p.skip(1)
	p.bad.Add(path, "has an unexpected field %q", clip(name))
}

func clip(name []byte) string {
	if len(name) > 40 {
		name = name[:40]
	}
	return string(name)
}

func spanPath(i int, field string) string {
	if field == "" {
		return fmt.Sprintf("body.spans[%d]", i)
	}
	return fmt.Sprintf("body.spans[%d].%s", i, field)
}

// wrong notes a value of another type and steps over it.
func (p *parser) wrong(start int, path, msg string) {
	p.at = start
	p.skip(1)
	p.bad.Add(path, "%s", msg)
}

// parser walks over JSON once. broken is set at the first place that is not
// JSON; from there on nothing is read any more.
type parser struct {
	data   []byte
	at     int
	broken bool
	bad    fault.Fields
}
