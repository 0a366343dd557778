package simulate

import (
	"sync"

	"github.com/hourglass-lms/hourglass/internal/study/engine"
)

// step is one thing that a person does on a device.
func (d *device) step() {
	h := d.h
	if d.s < 0 {
		d.begin()
		return
	}
	if !d.honest && h.chance(30) {
		d.forge()
		return
	}
	if d.honest && d.asked.open() {
		d.attend()
		return
	}
	switch roll := h.rng.IntN(100); {
	case roll < 48:
		d.play(h.between(500, 16_000))
		d.report()
	case roll < 54:
		d.play(h.between(100, 9000))
	case roll < 60:
		d.playing = !d.playing
	case roll < 66:
		d.at = h.rng.Int64N(d.length())
	case roll < 72:
		d.rate = rates[h.rng.IntN(len(rates))]
	case roll < 75: // it stalls: time passes, nothing plays
		h.pass(h.between(500, 20_000))
		d.report()
	case roll < 79: // the line is down
		d.play(h.between(20_000, 150_000))
		d.report()
	case roll < 84: // too early
		h.pass(h.between(0, 200))
		d.report()
	case roll < 88:
		d.twiceAtOnce()
	case roll < 91:
		d.again()
	default:
		d.rest(roll)
	}
}

// rest are the ways in which a session ends or pauses for long.
func (d *device) rest(roll int) {
	h := d.h
	switch {
	case roll < 94:
		d.settle()
		d.close(d.server)
	case roll < 96:
		d.settle()
		h.signOut(d.server)
	case roll < 97: // late: the lease runs out
		d.leave()
		h.pass(h.between(170_000, 600_000))
		d.report()
	case roll < 98: // the next day, in the same session or another
		d.leave()
		h.pass(h.between(15, 26) * 3_600_000)
	default:
		other := h.devices[h.rng.IntN(len(h.devices))]
		other.lesson = h.pick(other)
		if other.s < 0 {
			other.open(h.chance(80))
		}
	}
}

// leave stops; honest people say that they are there first, if they are asked.
func (d *device) leave() {
	if d.honest {
		d.settle()
	}
	d.playing = false
}

// pick is a lesson for a device that has no session.
func (h *history) pick(d *device) int {
	if d.s >= 0 {
		return d.lesson
	}
	return h.rng.IntN(len(lessons))
}

// begin opens, and takes over when asked to.
func (d *device) begin() {
	h := d.h
	if h.chance(30) {
		d.lesson = h.pick(d)
	}
	d.open(h.chance(20))
	if d.s < 0 && len(h.opens) > 0 && h.opens[len(h.opens)-1].code == "lease-held" {
		d.open(true)
	}
	d.playing = d.s >= 0
}

// play fetches and lets time pass; with the line down only what is in hand plays.
func (d *device) play(ms int64) {
	d.playing = true
	if ms < 20_000 {
		d.fetch(d.at, d.at+fetchAheadMS)
	}
	d.h.pass(ms)
}

func (d *device) report() {
	if d.s >= 0 {
		d.beat()
	}
}

// twiceAtOnce sends one beat to both servers at the same moment.
func (d *device) twiceAtOnce() {
	h := d.h
	d.play(h.between(500, 5000))
	if d.s < 0 {
		return
	}
	h.alone()
	var was [2]int64
	for i, s := range h.w.servers { // so that it makes no difference who comes first
		was[i] = s.offset.Swap(0)
	}
	b := d.next()
	var both [2]beatAct
	var all sync.WaitGroup
	for i := range both {
		both[i] = d.begins(*b, i)
		engine := h.w.servers[i].engine
		all.Go(func() {
			answer, err := engine.Beat(h.ctx(), h.learner.person, h.sessions[both[i].session].id, b.report())
			both[i].code = codeOf(err)
			both[i].answered(answer)
		})
	}
	all.Wait()
	h.tell("      at once:")
	for i := range both {
		h.w.servers[i].offset.Store(was[i])
		h.beatDone(d, *b, both[i])
	}
	d.hear(b, both[0])
}

// again sends a beat again that was answered before; the last one is answered the same.
func (d *device) again() {
	if len(d.old) == 0 || d.out != nil {
		return
	}
	d.send(d.old[len(d.old)-1], d.via(), 0, nil)
}

// close ends a session.
func (d *device) close(i int) {
	h := d.h
	if d.s < 0 {
		return
	}
	a := endAct{session: d.s, act: act{begin: h.moment(), server: h.w.servers[i].name}}
	a.code = h.ask(i, 12, nil, func(e *engine.Engine) error {
		return e.Close(h.ctx(), h.learner.person, h.sessions[a.session].id)
	})
	h.endDone(a)
	d.drop()
}

func (h *history) endDone(a endAct) {
	a.end = h.moment()
	h.ends = append(h.ends, a)
	h.tell("ends S%d -> %s", a.session, said(a.code))
}

// signOut ends the sign-in, and with it what is open under it.
func (h *history) signOut(i int) {
	a := endAct{session: -1, act: act{begin: h.moment(), server: h.w.servers[i].name}}
	a.code = h.ask(i, 0, nil, func(e *engine.Engine) error {
		return e.CloseSignIn(h.ctx(), h.learner.person, []byte{byte(h.signIn)})
	})
	h.signIn++
	h.endDone(a)
}

// aside is what may be asked of server i while a request of d is under way.
func (h *history) aside(d *device, i int) func() {
	return func() {
		h.nested = true
		defer func() { h.nested = false }()
		if other := h.devices[h.rng.IntN(len(h.devices))]; other != d && other.s < 0 {
			other.open(true)
			return
		}
		switch {
		case d.s >= 0 && d.out != nil && h.chance(70):
			d.send(*d.out, i, 0, nil)
		case d.s >= 0:
			d.close(i)
		default:
			h.signOut(i)
		}
	}
}
