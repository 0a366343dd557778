package simulate

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
)

const (
	// fetchAheadMS is how much media a device keeps in hand.
	fetchAheadMS = 36_000
	// patienceMS is when an honest device stops playing that gets no answer: what it
	// plays beyond the lease's grace could not be credited.
	patienceMS = 165_000
	maxSpans   = 32
)

var rates = []int64{25, 50, 75, 100, 100, 100, 125, 150, 175, 200, 110, 133}

// device is one player.
type device struct {
	h       *history
	name    string
	honest  bool
	server  int
	lesson  int
	s       int // its session; -1: none
	list    engine.Playlist
	token   string
	seq     int64
	at      int64 // playhead
	rate    int64
	playing bool
	spans   []span // played, not yet reported
	out     *beat  // sent and not yet answered
	old     []beat // answered before
	have    map[int64]bool
	heardMS int64 // when the last answer came
}

// beat is a report as it is sent, again and again if need be.
type beat struct {
	token string
	seq   int64
	state uint8
	spans []span
}

func (b beat) report() study.Report {
	r := study.Report{Token: b.token, Seq: b.seq, State: b.state, Visible: true}
	for _, s := range b.spans {
		r.Spans = append(r.Spans, study.Span{FromMS: s.from, ToMS: s.to, Rate: study.Rate(s.rate)})
	}
	return r
}

// packed is the report as docs/study-time.md says the evidence keeps it.
func (b beat) packed() []byte {
	out := []byte{b.state | 4}
	for _, s := range b.spans {
		out = binary.BigEndian.AppendUint32(out, uint32(s.from))
		out = binary.BigEndian.AppendUint32(out, uint32(s.to))
		out = binary.BigEndian.AppendUint16(out, uint16(s.rate))
	}
	return out
}

func (b beat) String() string {
	text := make([]string, 0, len(b.spans))
	for i, s := range b.spans {
		if i == 4 {
			text = append(text, fmt.Sprintf("… %d spans", len(b.spans)))
			break
		}
		text = append(text, s.String())
	}
	return fmt.Sprintf("#%d %s", b.seq, strings.Join(text, " "))
}

func (d *device) length() int64 { return lessonLengths[d.lesson] }

// via is the server of the next request: nobody is bound to one.
func (d *device) via() int {
	if d.h.chance(15) {
		d.server = 1 - d.server
	}
	return d.server
}

// open asks for a session.
func (d *device) open(takeOver bool) {
	h, i := d.h, d.via()
	a := openAct{session: -1, takeOver: takeOver, act: act{begin: h.moment(), server: h.w.servers[i].name}}
	var o engine.Opened
	var list engine.Playlist
	h.arm(i, h.aside(d, 1-i))
	a.code = h.call(i, func(e *engine.Engine) (err error) {
		o, err = e.Open(h.ctx, engine.OpenRequest{
			PersonID: h.learner.person, EnrolmentID: h.learner.enrolments[d.lesson], LessonID: h.w.courses[d.lesson].Lesson,
			TakeOver: takeOver, Device: "device " + d.name, SignIn: []byte{byte(h.signIn)},
		})
		return err
	})
	h.disarm(i)
	if a.ok() {
		h.sessions = append(h.sessions, session{id: o.Meta.ID, lesson: d.lesson, fence: o.Meta.Fence, openedMS: o.Meta.OpenedMS, honest: d.honest})
		a.session = len(h.sessions) - 1
	}
	a.end = h.moment()
	h.opens = append(h.opens, a)
	h.tell("device %s@%s opens lesson %d, take over %v -> S%d %s", d.name, a.server, d.lesson, takeOver, a.session, said(a.code))
	if !a.ok() || h.call(i, func(e *engine.Engine) (err error) {
		list, err = e.Playlist(h.ctx, h.learner.person, o.Meta.ID)
		return err
	}) != "" {
		return
	}
	*d = device{h: h, name: d.name, honest: d.honest, server: d.server, lesson: d.lesson, s: a.session, list: list, token: o.Token, seq: 1,
		at: o.State.ResumeMS, rate: 100, have: map[int64]bool{}, heardMS: h.nowMS()}
	if d.at >= d.length() {
		d.at = 0
	}
	h.pass(h.between(60, 400)) // until the picture moves
}

func said(code string) string {
	if code == "" {
		return "ok"
	}
	return code
}

// drop lets the session go, with what was not answered.
func (d *device) drop() { d.s, d.out, d.spans, d.playing = -1, nil, nil, false }

// next is the beat to be sent: the one that was not answered, or all that was played since.
func (d *device) next() *beat {
	if d.out != nil {
		return d.out
	}
	n := min(len(d.spans), maxSpans)
	b := &beat{token: d.token, seq: d.seq, spans: append([]span(nil), d.spans[:n]...)}
	if !d.playing {
		b.state = 1
	}
	d.spans = d.spans[n:]
	d.h.sessions[d.s].playedMS += wallOf(b.spans)
	d.h.sessions[d.s].settled = false
	d.out = b
	return b
}

// send sends a beat to a server, and records what came of it.
func (d *device) send(b beat, i int, besides func()) (a beatAct) {
	h := d.h
	a = beatAct{session: d.s, seq: b.seq, report: b.packed(), spans: b.spans, act: act{begin: h.moment(), server: h.w.servers[i].name}}
	if besides != nil {
		h.arm(i, besides)
	}
	a.code = h.call(i, func(e *engine.Engine) error {
		answer, err := e.Beat(h.ctx, h.learner.person, h.sessions[a.session].id, b.report())
		a.answered(answer)
		return err
	})
	h.disarm(i)
	h.beatDone(d, b, a)
	return h.beats[len(h.beats)-1]
}

func (a *beatAct) answered(x engine.Answer) {
	a.token, a.verifiedMS, a.covered, a.completed = x.Token, x.State.VerifiedMS, secondsOf(x.State.Covered), x.State.Completed
}

func (h *history) beatDone(d *device, b beat, a beatAct) {
	a.end = h.moment()
	h.beats = append(h.beats, a)
	h.tell("device %s@%s S%d %s -> %s %d ms", d.name, a.server, a.session, b, said(a.code), a.verifiedMS)
}

// hear takes an answer in.
func (d *device) hear(b *beat, a beatAct) {
	if d.s != a.session {
		return
	}
	switch a.code {
	case "":
		d.old = append(d.old, *b)
		if b.seq == d.seq {
			d.token, d.seq = a.token, b.seq+1
		}
		d.heardMS = d.h.nowMS()
		d.out = nil
	case lost:
	case "fenced", "session-closed", "wrong-sequence", "wrong-token", "not-found":
		d.drop()
	default: // the claim is dropped, as the player does
		if a.code == "not-delivered" && d.h.exempt[d.s] {
			d.h.lostMS += wallOf(b.spans)
		}
		d.h.sessions[d.s].playedMS -= wallOf(b.spans)
		d.out = nil
	}
}

// beat reports; the answer may be lost on the way.
func (d *device) beat() {
	b, i := d.next(), d.via()
	a := d.send(*b, i, d.h.aside(d, 1-i))
	if d.h.chance(7) {
		d.h.tell("      the answer is lost on the way")
		return
	}
	d.hear(b, a)
}

// settle reports what is left, without anything that goes wrong.
func (d *device) settle() {
	if d.s < 0 {
		return
	}
	d.playing = false
	for range 12 {
		if d.s >= 0 && (d.out != nil || len(d.spans) > 0) {
			b := d.next()
			d.hear(b, d.send(*b, d.via(), nil))
		}
	}
	if d.s < 0 {
		return
	}
	s := &d.h.sessions[d.s]
	s.settled = d.out == nil && len(d.spans) == 0
	s.stuck = d.honest && !s.settled
}
