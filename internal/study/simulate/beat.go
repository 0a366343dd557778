package simulate

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
)

// beat is a report as it is sent, again and again if need be.
type beat struct {
	token  string
	seq    int64
	state  uint8
	hidden bool // the page is not in the foreground
	spans  []span
	reply  *reply
}

// reply answers a check.
type reply struct {
	id    checkID
	mask  uint16
	more  bool // more time is asked for instead
	right bool
}

// checkID names a check: the link of the beat that asked it, and a place.
type checkID = [16]byte

func (b beat) report() study.Report {
	r := study.Report{Token: b.token, Seq: b.seq, State: b.state, Visible: !b.hidden}
	for _, s := range b.spans {
		r.Spans = append(r.Spans, study.Span{FromMS: s.from, ToMS: s.to, Rate: study.Rate(s.rate)})
	}
	if b.reply != nil {
		r.Reply = &study.Reply{ID: b.reply.id, Mask: b.reply.mask, MoreTime: b.reply.more}
	}
	return r
}

// The flags of a report's first byte, and the length of a reply at its end.
const (
	visible    = 4
	hasReply   = 8
	wantsMore  = 16
	replyBytes = 18
)

// packed is the report as docs/study-time.md says the evidence keeps it.
func (b beat) packed() []byte {
	out := []byte{b.state}
	if !b.hidden {
		out[0] |= visible
	}
	for _, s := range b.spans {
		out = binary.BigEndian.AppendUint32(out, uint32(s.from))
		out = binary.BigEndian.AppendUint32(out, uint32(s.to))
		out = binary.BigEndian.AppendUint16(out, uint16(s.rate))
	}
	if b.reply == nil {
		return out
	}
	out[0] |= hasReply
	if b.reply.more {
		out[0] |= wantsMore
	}
	return binary.BigEndian.AppendUint16(append(out, b.reply.id[:]...), b.reply.mask)
}

func (b beat) String() string {
	text := make([]string, 0, len(b.spans)+1)
	for i, s := range b.spans {
		if i == 4 {
			text = append(text, fmt.Sprintf("… %d spans", len(b.spans)))
			break
		}
		text = append(text, s.String())
	}
	if b.hidden {
		text = append(text, "hidden")
	}
	switch {
	case b.reply == nil:
	case b.reply.more:
		text = append(text, fmt.Sprintf("asks more time for %x", b.reply.id[:3]))
	default:
		text = append(text, fmt.Sprintf("answers %x with %b, right %v", b.reply.id[:3], b.reply.mask, b.reply.right))
	}
	return fmt.Sprintf("#%d %s", b.seq, strings.Join(text, " "))
}

// asked is a check as a device is told of it.
type asked struct {
	id       checkID // zero: none
	byMS     int64
	leftMS   int64 // when it was told
	paused   bool
	extended bool
	choices  int
	right    uint16
}

func (a asked) open() bool { return a.id != checkID{} }

func askedBy(c engine.Check) asked {
	if !c.Open() {
		return asked{}
	}
	return asked{id: c.ID, byMS: c.ByMS, leftMS: c.Left.Milliseconds(), paused: c.Paused(), extended: c.Extended, choices: len(c.Choices), right: rightMask(c.Text, c.Choices)}
}

// told is what an answer says of the lesson.
type told struct {
	verifiedMS, pendingMS, forfeitedMS int64
	covered                            set
	completed                          bool
	asked                              asked
}

func toldBy(s *study.State, c engine.Check) told {
	return told{s.VerifiedMS, s.PendingMS, s.ForfeitedMS, set(s.Covered).clone(), s.Completed, askedBy(c)}
}

func (t told) String() string {
	text := fmt.Sprintf(" %d+%d-%d ms", t.verifiedMS, t.pendingMS, t.forfeitedMS)
	switch {
	case t.asked.paused:
		text += fmt.Sprintf(", paused %x", t.asked.id[:3])
	case t.asked.open():
		text += fmt.Sprintf(", asked %x, %d choices", t.asked.id[:3], t.asked.choices)
	}
	return text
}
