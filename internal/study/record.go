package study

import "github.com/hourglass-lms/hourglass/internal/catalog"

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
	// Whole says that Rows are all there were: neither cut nor compacted.
	Whole bool
}

// Head is the last link of the chain: it stands for all before it.
func (e Evidence) Head() Chain {
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

// Sums are what became of a session's credit by its end.
type Sums struct {
	ConfirmedMS int64
	ForfeitedMS int64
	WaitingMS   int64 // for a check; a later session of the lesson confirms or loses it
}

// Sums adds the session's beats up.
func (e Evidence) Sums() (s Sums) {
	for _, r := range e.Rows {
		s.WaitingMS += r.CreditMS
		switch r.Presence {
		case Confirmed, Passed, Finished:
			s.ConfirmedMS, s.WaitingMS = s.ConfirmedMS+s.WaitingMS, 0
		case Missed:
			s.ForfeitedMS, s.WaitingMS = s.ForfeitedMS+s.WaitingMS, 0
		case Waiting, Asked, Wrong, Extended:
		}
	}
	return s
}
