package simulate

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
)

const (
	// maxOffset is how far a server's clock may be off, in milliseconds.
	maxOffset = 5
	// flushEveryMS is how soon an engine writes deliveries in production.
	flushEveryMS = 250
)

// history is one person's, under way.
type history struct {
	record
	w          *worker
	ctx        context.Context
	learner    learner
	rng        *rand.Rand
	order      int
	devices    []*device
	signIn     int
	sinceFlush int64
	unwritten  [2]map[int]bool // sessions with deliveries that a server has not written
	gone       map[int]bool    // sessions with deliveries that died unwritten with a server
	faultsDone int
	nested     bool // a request within a request: nothing goes wrong with it
}

func (h *history) chance(percent float64) bool { return h.rng.Float64()*100 < percent }

// between is a number in [low, high].
func (h *history) between(low, high int64) int64 { return low + h.rng.Int64N(high-low+1) }

func (h *history) nowMS() int64 { return h.w.clock.Load() }

func (h *history) moment() moment {
	h.order++
	return moment{h.order, h.nowMS()}
}

func (h *history) tell(format string, a ...any) {
	h.say("%10.3f  %s", float64(h.nowMS()-h.startMS)/1000, fmt.Sprintf(format, a...))
}

// begin sets the stage: an empty Redis, right clocks, a time of day.
func (h *history) begin() {
	start := firstDay.Add(time.Duration(h.between(6, 20)) * time.Hour)
	if h.chance(20) {
		start = firstDay.Add(24*time.Hour - time.Duration(h.between(5, 200))*time.Second) // through midnight
	}
	h.w.clock.Store(start.UnixMilli())
	h.startMS = start.UnixMilli()
	h.gone = map[int]bool{}
	for i, s := range h.w.servers {
		s.offset.Store(0)
		s.faults.arm(nil)
		h.unwritten[i] = map[int]bool{}
	}
	h.wipe()
	honest := h.chance(60)
	for i := range int(h.between(1, 3)) {
		h.devices = append(h.devices, &device{h: h, name: string(rune('1' + i)), honest: honest, s: -1, lesson: h.rng.IntN(len(lessonLengths))})
	}
	h.say("history %d: %d devices, honest %v", h.seed, len(h.devices), honest)
}

// pass lets time pass for everybody.
func (h *history) pass(ms int64) {
	for _, d := range h.devices {
		d.advance(ms)
	}
	h.w.clock.Add(ms)
	if h.sinceFlush += ms; h.sinceFlush >= flushEveryMS {
		h.flush()
	}
}

func (h *history) flush() {
	h.sinceFlush = 0
	for i := range h.w.servers {
		h.flushServer(i)
	}
}

// flushServer writes what a server has noted of deliveries.
func (h *history) flushServer(i int) {
	h.w.servers[i].engine.Flush()
	clear(h.unwritten[i])
}

// call asks a server, and starts another when it died over it.
func (h *history) call(i int, do func(e *engine.Engine) error) (code string) {
	s := h.w.servers[i]
	code = codeOf(do(s.engine))
	if s.faults.isDead() {
		code = lost
		s.faults.die(false)
		h.tell("      server %s dies", s.name)
		h.replace(i)
	}
	return code
}

// lost is the code of an answer that did not come, or said that it was the server's fault.
const lost = "lost"

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
	default:
	}
	if f.Code != "" {
		return f.Code
	}
	return "refused"
}

// live is the history itself.
func (h *history) live() {
	d := h.devices[0]
	for range h.between(8, 36) {
		if h.ctx.Err() != nil {
			return
		}
		if h.chance(7) {
			d = h.devices[h.rng.IntN(len(h.devices))]
		}
		if h.chance(5) {
			h.mishap()
		}
		if h.chance(4) && h.early == nil {
			h.early, _ = h.evidence()
		}
		d.step()
		h.pass(h.between(0, 40))
	}
}

// end lets everybody report what is left, reads the evidence, takes Redis
// away, and looks what is found again.
func (h *history) end() error {
	for _, s := range h.w.servers {
		s.faults.arm(nil)
	}
	for _, d := range h.devices {
		d.settle()
	}
	h.flush()
	h.endMS = h.nowMS()
	var err error
	if h.rows, err = h.evidence(); err != nil {
		return err
	}
	h.wipe()
	return h.rebuild()
}
