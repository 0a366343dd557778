package integrity

import "github.com/hourglass-lms/hourglass/internal/study"

// Check is a presence check as the evidence has it.
type Check struct {
	AskedSeq int64 `json:"asked_seq,omitempty"` // the beat whose answer carried it; 0: the opening's
	EndedSeq int64 `json:"ended_seq,omitempty"` // the beat that ended it; 0: the session ended before
	AskedMS  int64 `json:"asked_ms"`
	EndedMS  int64 `json:"ended_ms,omitempty"`
	// Answered: by a person or a program; else the time ran out.
	Answered bool `json:"answered,omitempty"`
	Question bool `json:"question,omitempty"` // choices were made
	Right    bool `json:"right,omitempty"`
	// Again: it was asked after a wrong answer.
	Again bool `json:"again,omitempty"`
	// Waited: study was paused until it was answered, or it was owed from a
	// session before. How long that took says nothing.
	Waited bool `json:"waited,omitempty"`
}

// ReactionMS is how long the answer took by the server's clock.
func (c Check) ReactionMS() int64 { return c.EndedMS - c.AskedMS }

// Timed says that the time to the answer means something.
func (c Check) Timed() bool { return c.Answered && !c.Waited }

// Missed says that the window went by without an answer.
func (c Check) Missed() bool { return c.EndedSeq > 0 && !c.Answered }

// Wrong says that a question was answered, and not rightly.
func (c Check) Wrong() bool { return c.Answered && c.Question && !c.Right }

// ChecksOf are the checks of a session, in the order they were asked.
func ChecksOf(r study.Record, rows []study.Row) []Check {
	w := walk{window: r.WindowMS, open: Check{AskedMS: r.OpenedMS, Waited: true}, until: r.OpenedMS + r.WindowMS}
	for _, row := range rows {
		w.step(row)
	}
	if w.asked {
		w.all = append(w.all, w.open)
	}
	return w.all
}

// walk goes over a session's beats with the check that is open.
type walk struct {
	all    []Check
	open   Check
	asked  bool  // in this session
	until  int64 // the end of the open check's window
	window int64
}

func (w *walk) step(row study.Row) {
	switch row.Presence {
	case study.Asked:
		w.ask(Check{}, row)
		w.until = row.AtMS + w.window
	case study.Passed:
		w.end(row, true)
	case study.Wrong:
		w.end(row, false)
		w.ask(Check{Again: true}, row)
	case study.Missed:
		w.end(row, false)
		w.ask(Check{Waited: true}, row)
	case study.Extended:
		w.until += w.window
	}
}

func (w *walk) ask(c Check, row study.Row) {
	c.AskedSeq, c.AskedMS = row.Seq, row.AtMS
	w.open, w.asked = c, true
}

// end closes the open check. An answer that came after the window was missed
// whatever it said.
func (w *walk) end(row study.Row, right bool) {
	c := w.open
	c.EndedSeq, c.EndedMS, c.Right = row.Seq, row.AtMS, right
	r, err := study.UnpackReport(row.Report)
	answered := err == nil && r.Reply != nil && !r.Reply.MoreTime
	c.Question = answered && r.Reply.Mask != 0
	c.Answered = answered && (row.Presence != study.Missed || row.AtMS <= w.until)
	w.all, w.open, w.asked = append(w.all, c), Check{}, false
}
