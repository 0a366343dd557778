package study

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Rate is a playback rate in hundredths: 1.25 is 125.
type Rate uint16

// RateOf rounds a rate to hundredths; what no player knows becomes 0 or the largest Rate.
func RateOf(f float64) Rate {
	if !(f > 0) {
		return 0
	}
	return Rate(math.Min(math.Round(f*100), math.MaxUint16))
}

// Float is the rate as people write it.
func (r Rate) Float() float64 { return float64(r) / 100 }

// Span is media played: [FromMS, ToMS) at a rate.
type Span struct {
	FromMS, ToMS int64
	Rate         Rate
}

// Run is an interval of media milliseconds: [From, To).
type Run struct{ From, To int64 }

// Claim is what a beat says was played, in the form it is judged in.
type Claim struct {
	Runs     []Run // sorted, apart from each other: the union of the spans
	MediaMS  int64 // sum of all spans, the same second played twice counted twice
	WallMS   int64 // how long the playing took, by the rates
	Playhead int64 // where the last span ended; -1 without spans
}

// NewClaim checks what a beat reports against the lesson's length and the
// policy. Its error is Invalid and names every span that cannot be.
func NewClaim(r Report, m Meta, p Policy) (Claim, error) {
	c := Claim{Playhead: -1}
	spans, durationMS := r.Spans, m.DurationMS
	if m.Reading() {
		if len(spans) > 0 && !r.Visible {
			return c, errNotVisible
		}
		p.MaxRate = 100 // nobody reads a second in less
	}
	if len(spans) > MaxSpans {
		return c, fault.New(fault.Invalid, "the beat cannot be credited", fault.Field{Path: "body.spans", Message: fmt.Sprintf("must have at most %d items", MaxSpans)})
	}
	var bad fault.Fields
	fast := false
	for i, s := range spans {
		fast = checkSpan(&bad, i, s, durationMS, p) || fast
	}
	if err := bad.Err("the beat cannot be credited"); err != nil {
		if fast {
			err.(*fault.Error).Code = "too-fast"
		}
		return c, err
	}
	return claimOf(spans, durationMS), nil
}

// claimOf joins spans that are known to be good.
func claimOf(spans []Span, durationMS int64) Claim {
	c := Claim{Playhead: -1}
	for _, s := range spans {
		run := Run{s.FromMS, toTheEnd(s.ToMS, durationMS)}
		length := s.ToMS - s.FromMS
		c.MediaMS += length
		c.WallMS += (length*100 + int64(s.Rate) - 1) / int64(s.Rate)
		c.Playhead = run.To
		c.Runs = append(c.Runs, run)
	}
	c.Runs = union(c.Runs)
	return c
}

// checkSpan says whether the span was refused for its rate.
func checkSpan(bad *fault.Fields, i int, s Span, durationMS int64, p Policy) (fast bool) {
	at := func(field string) string { return fmt.Sprintf("body.spans[%d].%s", i, field) }
	switch {
	case s.FromMS < 0:
		bad.Add(at("from_ms"), "must not be negative")
	case s.FromMS >= durationMS:
		bad.Add(at("from_ms"), "is beyond the lesson's end at %d", durationMS)
	case s.ToMS <= s.FromMS:
		bad.Add(at("to_ms"), "must be after from_ms")
	case s.ToMS > durationMS+EndTolerance:
		bad.Add(at("to_ms"), "is beyond the lesson's end at %d", durationMS)
	}
	switch {
	case s.Rate > p.MaxRate:
		bad.Add(at("rate"), "is above the highest rate that counts, %g", p.MaxRate.Float())
		return true
	case s.Rate < minRate:
		bad.Add(at("rate"), "must be at least %g", minRate.Float())
	}
	return false
}

// toTheEnd moves an end near the lesson's end onto it: players stop a frame early or late.
func toTheEnd(ms, durationMS int64) int64 {
	if ms >= durationMS-EndTolerance/2 {
		return durationMS
	}
	return ms
}

// union sorts runs and joins those that touch.
func union(runs []Run) []Run {
	slices.SortFunc(runs, func(a, b Run) int { return int(a.From - b.From) })
	out := runs[:0]
	for _, r := range runs {
		if n := len(out); n > 0 && r.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, r.To)
			continue
		}
		out = append(out, r)
	}
	return out
}

// Playing states a client reports; they are evidence, not ground for credit.
const (
	Playing uint8 = iota
	Paused
	Buffering
	Ended
)

var stateNames = [...]string{"playing", "paused", "buffering", "ended"}

const (
	stateMask   = 0x03
	visibleFlag = 0x04
	replyFlag   = 0x08
	moreFlag    = 0x10
	spanBytes   = 10
	replyBytes  = len(CheckID{}) + 2
)

// PackReport writes what a beat reported the way evidence keeps it: one byte
// of state, visibility and whether a check was answered or more time asked
// for; then from, to (u32) and rate (u16) of every span; then the check's id
// and the choices (u16), if one was answered. Big-endian.
func PackReport(r Report) []byte {
	b := make([]byte, 1, 1+spanBytes*len(r.Spans)+replyBytes)
	b[0] = r.State & stateMask
	if r.Visible {
		b[0] |= visibleFlag
	}
	for _, s := range r.Spans {
		b = be.AppendUint32(b, uint32(s.FromMS))
		b = be.AppendUint32(b, uint32(s.ToMS))
		b = be.AppendUint16(b, uint16(s.Rate))
	}
	if r.Reply == nil {
		return b
	}
	b[0] |= replyFlag
	if r.Reply.MoreTime {
		b[0] |= moreFlag
	}
	return be.AppendUint16(append(b, r.Reply.ID[:]...), r.Reply.Mask)
}

// UnpackReport reads what PackReport wrote. Whether a reply was right is not in it.
func UnpackReport(b []byte) (r Report, err error) {
	if len(b) == 0 {
		return r, errReport
	}
	r.State, r.Visible = b[0]&stateMask, b[0]&visibleFlag != 0
	rest := b[1:]
	if b[0]&replyFlag != 0 {
		if len(rest) < replyBytes {
			return r, errReport
		}
		reply := rest[len(rest)-replyBytes:]
		rest = rest[:len(rest)-replyBytes]
		r.Reply = &Reply{ID: CheckID(reply[:len(CheckID{})]), Mask: be.Uint16(reply[len(CheckID{}):]), MoreTime: b[0]&moreFlag != 0}
	}
	if len(rest)%spanBytes != 0 {
		return r, errReport
	}
	for ; len(rest) > 0; rest = rest[spanBytes:] {
		r.Spans = append(r.Spans, Span{FromMS: int64(be.Uint32(rest)), ToMS: int64(be.Uint32(rest[4:])), Rate: Rate(be.Uint16(rest[8:]))})
	}
	return r, nil
}

var errReport = errors.New("these bytes are not a report of ours")
