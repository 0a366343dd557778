package simulate

import (
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
	movesMS int64 // when the picture moves: no player shows the first one at once
	asked   asked // the open check, as it was told last
	toldMS  int64 // credited in the lesson and not forfeited, as it was told last
}

func (d *device) about() lesson { return lessons[d.lesson] }

func (d *device) length() int64 { return d.about().lengthMS }

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
	a.code = h.ask(i, 12, h.aside(d, 1-i), func(e *engine.Engine) (err error) {
		o, err = e.Open(h.ctx(), engine.OpenRequest{
			PersonID: h.learner.person, EnrolmentID: h.learner.enrolments[d.lesson], LessonID: h.w.courses[d.lesson].Lesson,
			TakeOver: takeOver, Device: "device " + d.name, SignIn: []byte{byte(h.signIn)},
		})
		return err
	})
	if a.ok() {
		h.sessions = append(h.sessions, session{id: o.Meta.ID, lesson: d.lesson, fence: o.Meta.Fence, openedMS: o.Meta.OpenedMS, honest: d.honest})
		a.session = len(h.sessions) - 1
		a.told = toldBy(&o.State, o.Check)
	}
	a.end = h.moment()
	h.opens = append(h.opens, a)
	h.tell("device %s@%s opens lesson %d, take over %v -> S%d %s%s", d.name, a.server, d.lesson, takeOver, a.session, said(a.code), a.told)
	if a.ok() {
		d.begun(a.session, o)
	}
}

// begun is the device with a session that was opened.
func (d *device) begun(s int, o engine.Opened) {
	h := d.h
	*d = device{h: h, name: d.name, honest: d.honest, server: d.server, lesson: d.lesson, s: s, token: o.Token, seq: 1,
		at: o.State.ResumeMS, rate: 100, have: map[int64]bool{}, heardMS: h.nowMS(), asked: askedBy(o.Check), toldMS: o.State.VerifiedMS + o.State.PendingMS}
	if !d.about().reading() && d.enlist() != "" {
		d.drop()
		return
	}
	if d.at >= d.length() {
		d.at = 0
	}
	start := h.between(60, 400)
	d.movesMS = h.nowMS() + start
	h.pass(start)
}

// enlist asks for the addresses of the media.
func (d *device) enlist() string {
	h := d.h
	return h.ask(d.server, 0, nil, func(e *engine.Engine) (err error) {
		d.list, err = e.Playlist(h.ctx(), h.learner.person, h.sessions[d.s].id)
		return err
	})
}

func said(code string) string {
	if code == "" {
		return "ok"
	}
	return code
}

// drop lets the session go, with what was not answered.
func (d *device) drop() { d.s, d.out, d.spans, d.playing, d.asked = -1, nil, nil, false, asked{} }

// next is the beat to be sent: the one that was not answered, or all that was
// played since. While study is paused it only answers the check.
func (d *device) next() *beat {
	if d.out != nil {
		return d.out
	}
	n := min(len(d.spans), maxSpans)
	b := &beat{token: d.token, seq: d.seq, reply: d.reply()}
	if d.honest && d.asked.paused {
		n = 0
	}
	b.spans = append([]span(nil), d.spans[:n]...)
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
func (d *device) send(b beat, i int, percent float64, besides func()) beatAct {
	h := d.h
	a := d.begins(b, i)
	a.code = h.ask(i, percent, besides, func(e *engine.Engine) error {
		a.key = h.w.servers[i].keys // it may have started anew while this one waited for its turn
		answer, err := e.Beat(h.ctx(), h.learner.person, h.sessions[a.session].id, b.report())
		a.answered(answer)
		return err
	})
	h.beatDone(d, b, a)
	return h.beats[len(h.beats)-1]
}

func (d *device) begins(b beat, i int) beatAct {
	s := d.h.w.servers[i]
	return beatAct{session: d.s, seq: b.seq, report: b.packed(), spans: b.spans, reply: b.reply, key: s.keys, act: act{begin: d.h.moment(), server: s.name}}
}

func (a *beatAct) answered(x engine.Answer) { a.token, a.told = x.Token, toldBy(&x.State, x.Check) }

func (h *history) beatDone(d *device, b beat, a beatAct) {
	a.end = h.moment()
	if !a.ok() {
		a.told = told{}
	}
	h.beats = append(h.beats, a)
	h.tell("device %s@%s S%d %s -> %s%s", d.name, a.server, a.session, b, said(a.code), a.told)
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
			d.asked, d.toldMS = a.told.asked, a.told.verifiedMS+a.told.pendingMS
		}
		d.heardMS = d.h.nowMS()
		d.out = nil
	case lost:
	case "fenced", "session-closed", "wrong-sequence", "wrong-token", "not-found":
		d.drop()
	case "not-delivered":
		if d.honest { // what was sent is not known any more: fetched again, and claimed again
			d.fetchAgain(b.spans)
			return
		}
		d.giveUp(b)
	default: // the claim is dropped, as the player does
		d.giveUp(b)
	}
}

func (d *device) giveUp(b *beat) {
	d.h.sessions[d.s].playedMS -= wallOf(b.spans)
	d.out = nil
}

// beat reports; the answer may be lost on the way.
func (d *device) beat() {
	b, i := d.next(), d.via()
	a := d.send(*b, i, 12, d.h.aside(d, 1-i))
	if d.h.chance(7) {
		d.h.tell("      the answer is lost on the way")
		return
	}
	d.hear(b, a)
}

// settle reports what is left, and answers what is asked, without anything that goes wrong.
func (d *device) settle() {
	if d.s < 0 {
		return
	}
	d.playing = false
	for range 12 {
		if d.s >= 0 && d.unsettled() {
			b := d.next()
			a := d.send(*b, d.via(), 0, nil)
			if a.code == lost { // tried again when whatever cuts everybody off is over
				d.h.alone()
			}
			d.hear(b, a)
		}
	}
	if d.s < 0 {
		return
	}
	s := &d.h.sessions[d.s]
	s.settled = d.out == nil && len(d.spans) == 0
	s.stuck = d.honest && d.unsettled()
}

func (d *device) unsettled() bool {
	return d.out != nil || len(d.spans) > 0 || d.honest && d.asked.open()
}
