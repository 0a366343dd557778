package simulate

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
)

const (
	// maxOffset is how far a server's clock may be off, in milliseconds.
	maxOffset = 5
	// flushEveryMS is how soon an engine writes deliveries in production.
	flushEveryMS = 250
	// How much longer than meant a history may sleep, so that many wake at once.
	minSlackMS = 9000
	maxSlackMS = 15_000
	// Who stays away for long comes back when others do.
	longMS = 300_000
)

// history is one person's, under way.
type history struct {
	record
	w       *world
	learner learner
	rng     *rand.Rand
	order   int
	devices []*device
	honest  bool
	signIn  int

	mood         mood
	wake         chan struct{}
	until, slack int64 // asleep: at least until then, and so much longer at most
	solo         bool  // nobody else is served
	nested       bool  // a request within a request: nothing goes wrong with it

	unwritten    [2]map[int]bool // sessions with deliveries that a server has not written
	gone         map[int]bool    // sessions with deliveries that died unwritten with a server
	faultsDone   int
	fetchedAgain int
}

func newHistory(w *world, seed uint64, l learner) *history {
	h := &history{w: w, learner: l, rng: rand.New(rand.NewPCG(seed, 0x486f7572)), mood: acting, wake: make(chan struct{}), gone: map[int]bool{},
		unwritten: [2]map[int]bool{{}, {}}}
	h.record = record{seed: seed, lessons: lessons, skewMS: 2 * maxOffset, startMS: w.clock.Load(), windowPercent: 100, forgot: map[int]bool{}}
	if h.chance(15) {
		h.windowPercent = 200
	}
	h.honest = h.chance(60)
	for i := range int(h.between(1, 3)) {
		h.devices = append(h.devices, &device{h: h, name: string(rune('1' + i)), honest: h.honest, s: -1, lesson: h.rng.IntN(len(lessons))})
	}
	h.say("history %d: %d devices, honest %v, window %d%%", h.seed, len(h.devices), h.honest, h.windowPercent)
	return h
}

func (h *history) chance(percent float64) bool { return h.rng.Float64()*100 < percent }

// between is a number in [low, high].
func (h *history) between(low, high int64) int64 { return low + h.rng.Int64N(high-low+1) }

func (h *history) nowMS() int64 { return h.w.clock.Load() }

func (h *history) ctx() context.Context { return h.w.ctx }

func (h *history) moment() moment {
	h.order++
	return moment{h.order, h.nowMS()}
}

func (h *history) tell(format string, a ...any) {
	h.say("%10.3f  %s", float64(h.nowMS()-h.startMS)/1000, fmt.Sprintf(format, a...))
}

// pass lets time pass, so much or a little more.
func (h *history) pass(ms int64) {
	if h.nested {
		return // what it is part of goes on at this moment
	}
	before := h.nowMS()
	h.until, h.slack = before+ms, min(max(ms, minSlackMS), maxSlackMS)
	if ms > longMS {
		h.until += longMS - h.until%longMS
	}
	h.block(asleep)
	for _, d := range h.devices {
		d.advance(before, h.nowMS()-before)
	}
}

// alone waits until nobody else is served.
func (h *history) alone() {
	if !h.solo {
		h.block(waiting)
		h.solo = true
	}
}

func (h *history) block(m mood) {
	h.mood, h.solo = m, false
	h.w.awake.Done()
	<-h.wake
}

// ask sends a request to server i. If something goes wrong with it, it is
// made while nobody else is served; besides is what may be asked meanwhile.
func (h *history) ask(i int, percent float64, besides func(), do func(e *engine.Engine) error) (code string) {
	s := h.w.servers[i]
	if m := h.wrong(i, percent, besides); m != nil {
		h.alone()
		s.faults.arm(m)
		defer s.faults.arm(nil)
	}
	code = codeOf(do(s.engine))
	if s.faults.isDead() {
		code = lost
		s.faults.die(false)
		h.tell("      server %s dies", s.name)
		h.w.kill(i)
	}
	return code
}

// lost is the code of an answer that did not come, or said that it was the server's fault.
const lost = "lost"

// expired is the code of a segment at an address that held for the length of a recording.
const expired = "expired"

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	f, ok := fault.Of(err)
	if !ok || errors.Is(err, context.Canceled) {
		return lost
	}
	switch f.Kind {
	case fault.Unavailable, fault.Internal:
		return lost
	case fault.NotFound:
		return "not-found"
	case fault.TooMany:
		return "too-early"
	case fault.Gone:
		return expired
	default:
	}
	if f.Code != "" {
		return f.Code
	}
	return "refused"
}

// run is the history itself.
func (h *history) run() {
	d := h.devices[0]
	for range h.between(8, 36) {
		if h.ctx().Err() != nil {
			break
		}
		if h.chance(7) {
			d = h.turnTo(d, h.devices[h.rng.IntN(len(h.devices))])
		}
		d.step()
		if h.chance(15) {
			h.pass(h.between(0, 40))
		}
	}
	h.finish()
	h.mood = over
	h.w.awake.Done()
}

// turnTo goes on at another device; honest people finish what they do at the first.
func (h *history) turnTo(from, to *device) *device {
	if from != to && h.honest {
		from.settle()
	}
	return to
}

// finish lets everybody report what is left, when everything works.
func (h *history) finish() {
	h.alone()
	for _, d := range h.devices {
		d.settle()
	}
	h.endMS = h.nowMS()
}
