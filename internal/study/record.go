package study

import (
	"fmt"

	"github.com/hourglass-lms/hourglass/internal/catalog"
)

// Record is a session as people are shown it afterwards.
type Record struct {
	Meta
	Device    string
	DeviceKey []byte // names the browser, by a keyed hash; empty: not known
	ClosedMS  int64  // 0: open
	WindowMS  int64
	Lesson    catalog.Text
	Course    catalog.Text
	Beats     int
	CreditMS  int64 // credited by its beats, whatever became of it
}

// Evidence is a session with every beat that was acknowledged.
type Evidence struct {
	Record
	First Chain // its first link
	Rows  []Row
	// Whole says that Rows are all there were: neither cut nor gone.
	Whole bool
	// Summary is what is kept of them for good; nil: not made yet.
	Summary *Summary
}

// Head is the last link of the chain: it stands for all before it.
func (e Evidence) Head() Chain {
	if e.Summary != nil && e.Summary.Beats > 0 {
		return e.Summary.Last.Chain
	}
	if n := len(e.Rows); n > 0 {
		return e.Rows[n-1].Chain
	}
	return e.First
}

// Intact recomputes the chain: false when a beat was changed, left out or put in.
func (e Evidence) Intact() bool {
	link := e.First
	for i, r := range e.Rows {
		link = Link(link, e.ID, r.Seq, r.AtMS, r.Report)
		if r.Seq != int64(i)+1 || r.Chain != link {
			return false
		}
	}
	return true
}

// Wrong says why a beat's credit cannot be; "" when it can. untilMS is up to
// where the person's clock was used up before, and at least the opening.
func (r Row) Wrong(untilMS int64, p Policy) string {
	report, err := UnpackReport(r.Report)
	if err != nil {
		return "has a report that cannot be read"
	}
	earned := claimOf(report.Spans, r.Meta.DurationMS).WallMS
	switch {
	case r.CreditMS != earned:
		return fmt.Sprintf("is credited %d ms, and its spans took %d", r.CreditMS, earned)
	case r.CreditMS == 0:
		return ""
	case r.CreditFromMS < untilMS:
		return "is credited a moment that was used up"
	case r.CreditFromMS < r.AtMS-p.Grace.Milliseconds() || r.CreditFromMS+r.CreditMS > r.AtMS:
		return "is credited a moment outside its window"
	}
	return ""
}

// Fate is what became of a beat's credit by the session's end.
type Fate uint8

// The fates.
const (
	// FateWaiting: for a check; the next one, in a later session, confirms or loses it.
	FateWaiting Fate = iota
	FateConfirmed
	FateForfeited
)

// Fates are what became of each of Rows.
func (e Evidence) Fates() []Fate {
	out, open := make([]Fate, len(e.Rows)), 0
	settle := func(until int, f Fate) {
		for ; open < until; open++ {
			out[open] = f
		}
	}
	for i, r := range e.Rows {
		switch r.Presence {
		case Confirmed, Passed, Finished:
			settle(i+1, FateConfirmed)
		case Missed:
			settle(i+1, FateForfeited)
		case Waiting, Asked, Wrong, Extended:
		}
	}
	return out
}

// Sums are what became of a session's credit by its end.
type Sums struct {
	ConfirmedMS int64
	ForfeitedMS int64
	WaitingMS   int64 // for the next check, in a later session
}

// Sums adds the session's beats up.
func (e Evidence) Sums() (s Sums) {
	if e.Summary != nil {
		return e.Summary.Sums()
	}
	for _, r := range e.Rows {
		s.add(r.CreditMS, r.Presence)
	}
	return s
}

func (s *Sums) add(creditMS int64, o Outcome) {
	s.WaitingMS += creditMS
	switch o {
	case Confirmed, Passed, Finished:
		s.ConfirmedMS, s.WaitingMS = s.ConfirmedMS+s.WaitingMS, 0
	case Missed:
		s.ForfeitedMS, s.WaitingMS = s.ForfeitedMS+s.WaitingMS, 0
	case Waiting, Asked, Wrong, Extended:
	}
}
