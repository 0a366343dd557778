package simulate

import (
	"fmt"
	"strings"
)

// span is media played, [from, to) in milliseconds, at a rate in hundredths.
type span struct{ from, to, rate int64 }

// wall is how long the playing took.
func (s span) wall() int64 { return ((s.to-s.from)*100 + s.rate - 1) / s.rate }

func (s span) String() string {
	return fmt.Sprintf("[%d-%d x%d.%02d]", s.from, s.to, s.rate/100, s.rate%100)
}

func wallOf(spans []span) (ms int64) {
	for _, s := range spans {
		ms += s.wall()
	}
	return ms
}

// moment is when something began or was answered: its place in the order of
// all that happened, and the clock.
type moment struct {
	order int
	ms    int64
}

// act is what every call to a server has.
type act struct {
	begin, end moment
	server     string
	code       string // "": answered; else why not
}

func (a act) ok() bool { return a.code == "" }

// openAct, deliverAct, beatAct and endAct are the calls, as the client's side of the wire saw them.
type openAct struct {
	act
	session  int // index into record.sessions; -1 when refused
	takeOver bool
	told     told
}

type deliverAct struct {
	act
	session int
	segment int64
}

type beatAct struct {
	act
	session int
	seq     int64
	report  []byte // as the evidence must have it
	spans   []span
	reply   *reply
	key     any    // what the server signs with
	token   string // that the answer gave
	told    told
}

type endAct struct {
	act
	session int // -1: the sign-in, whatever was open
}

// session is a session that was answered.
type session struct {
	id       [16]byte
	lesson   int
	fence    int64
	openedMS int64
	chain    [12]byte
	honest   bool
	// settled: the device has got an answer to everything it played, which took playedMS.
	settled  bool
	playedMS int64
	// stuck: it got no answer although nothing was wrong with the servers any more.
	stuck bool
}

// row is a row of evidence as PostgreSQL has it.
type row struct {
	session              int
	seq, atMS            int64
	creditFrom, creditMS int64
	report               []byte
	chain                [12]byte
	outcome              outcome
}

// outcome is what a row says that it meant for presence, by the numbers of the evidence.
type outcome int16

const (
	confirmed outcome = iota
	waitingForCheck
	askedNow
	passed
	wrong
	missed
	finished
	extended
)

// rebuilt is a lesson as it is after Redis has lost everything.
type rebuilt struct {
	lesson                             int
	session                            int // the last one in the lesson; -1: none
	seq                                int64
	verifiedMS, pendingMS, forfeitedMS int64
	covered                            set
	completed                          int // how often the completion was told
	check                              checkID
}

// record is one history: what was asked and answered, and what was kept.
type record struct {
	seed          uint64
	lessons       []lesson
	windowPercent int64
	sessions      []session
	opens         []openAct
	delivers      []deliverAct
	beats         []beatAct
	ends          []endAct
	early         []row // the evidence as it was once on the way
	rows          []row
	rebuilds      []rebuilt
	endMS         int64
	startMS       int64
	skewMS        int64        // how far two servers' clocks may be apart
	forgot        map[int]bool // sessions of which deliveries were lost with Redis before they were written
	narrative     []string
}

func (r *record) say(format string, a ...any) {
	r.narrative = append(r.narrative, fmt.Sprintf(format, a...))
}

// Log is the history for people.
func (r *record) Log() string { return strings.Join(r.narrative, "\n") }
