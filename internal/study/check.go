package study

import (
	"encoding/base64"
	"encoding/binary"
)

var be = binary.BigEndian

// CheckID names a check: the link of the beat that asked it, and the place in
// the lesson it was asked at. What it asks follows from these. Zero: no check.
type CheckID [ChainSize + 4]byte

const (
	// goOn stands in place of a place: the check asks only whether study goes on.
	goOn = 1<<32 - 1
	// insist, beside a place: after a wrong answer it is a question again.
	insist = 1 << 31
)

func newCheckID(link Chain, at uint32) (id CheckID) {
	copy(id[:], link[:])
	be.PutUint32(id[ChainSize:], at)
	return id
}

// ParseCheckID reads what String wrote.
func ParseCheckID(text string) (id CheckID, ok bool) {
	if len(text) != base64.RawURLEncoding.EncodedLen(len(id)) {
		return id, false
	}
	n, err := base64.RawURLEncoding.Strict().Decode(id[:], []byte(text))
	return id, err == nil && n == len(id)
}

func (c CheckID) String() string { return base64.RawURLEncoding.EncodeToString(c[:]) }

func (c CheckID) at() uint32 { return be.Uint32(c[ChainSize:]) }

// Question is one of a lesson's own questions.
type Question struct {
	AtMS     int64 // what it asks about was shown by then
	Page     int   // likewise, of a document, from 1; AtMS follows from it
	Prompt   string
	Choices  []string
	Right    int  // bit i: choice i is right
	Multiple bool // more than one choice may be right
}

// Prompt is what a check asks. Without choices it asks only whether somebody is there.
type Prompt struct {
	Text     string
	Choices  []string // in the order they are shown in
	Multiple bool
	right    uint16
}

// Asks says whether the check asks a question, if the lesson has one.
func (c CheckID) Asks() bool {
	return c.at() != goOn && (c.at()&insist != 0 || c[0]&1 != 0)
}

// recent is among how many questions on what was shown last a check chooses.
const recent = 3

// Prompt is what the check asks, of a lesson's questions in the order of their
// moments. Half of the checks are questions, where there is one about what was shown.
func (c CheckID) Prompt(all []Question) Prompt {
	if !c.Asks() {
		return Prompt{}
	}
	shown := all
	for len(shown) > 0 && shown[len(shown)-1].AtMS > int64(c.at()&^insist) {
		shown = shown[:len(shown)-1]
	}
	if len(shown) == 0 {
		return Prompt{}
	}
	shown = shown[max(0, len(shown)-recent):]
	return shown[int(c[1])%len(shown)].turned(int(c[2]))
}

// turned is the question with its choices moved round by n places, so that the
// right one does not always stand at the same place.
func (q Question) turned(n int) Prompt {
	p := Prompt{Text: q.Prompt, Multiple: q.Multiple, Choices: make([]string, len(q.Choices))}
	for i := range q.Choices {
		from := (i + n) % len(q.Choices)
		p.Choices[i] = q.Choices[from]
		p.right |= uint16(q.Right>>from&1) << i
	}
	return p
}

// Accepts says whether a choice of answers is right; a check without choices
// is answered by answering.
func (p Prompt) Accepts(mask uint16) bool { return len(p.Choices) == 0 || mask == p.right }

// Check is the check a session has to answer.
type Check struct {
	ID CheckID
	// ByMS: until when, by the server's clock; 0: study is paused until it is answered.
	ByMS int64
	// Seq is the beat whose answer carried it; 0: the opening's.
	Seq      int64
	Wrong    bool // one wrong answer was given
	Extended bool // more time was given
}

// Open says whether there is a check to answer.
func (c Check) Open() bool { return c.ID != CheckID{} }

// Paused says that nothing is credited until the check is answered.
func (c Check) Paused() bool { return c.Open() && c.ByMS == 0 }

// Reply is a beat's answer to a check.
type Reply struct {
	ID    CheckID
	Mask  uint16 // of the choices: bit i is choice i, as they were shown
	Right bool
	// MoreTime asks for more time instead.
	MoreTime bool
}

// Rearm gives a check that an earlier session left open a new window.
func (s *State) Rearm() {
	s.Check.Seq = 0
	if s.Check.Open() && !s.Check.Paused() {
		s.Check.ByMS = s.OpenedMS + s.WindowMS
	}
}
