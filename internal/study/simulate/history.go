package simulate

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

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

// wipe takes everything out of Redis.
func (h *history) wipe() {
	_ = h.w.servers[0].redis.FlushDB(h.quiet()).Err()
	h.forgotten()
}

// quiet marks the simulator's own commands, which no fault concerns.
func (h *history) quiet() context.Context { return context.WithValue(h.ctx, own{}, true) }

type own struct{}

// dropKeys takes the keys that begin so out of Redis: hgp a person, hgs a session.
func (h *history) dropKeys(prefix string) {
	c := h.w.servers[0].redis
	keys, _ := c.Keys(h.quiet(), prefix+"*").Result()
	if len(keys) > 0 {
		_ = c.Del(h.quiet(), keys...).Err()
	}
	h.forgotten()
}

// forgotten notes which sessions lost deliveries for good with what Redis held.
func (h *history) forgotten() {
	for _, set := range []map[int]bool{h.unwritten[0], h.unwritten[1], h.gone} {
		for s := range set {
			h.exempt[s] = true
		}
	}
}

// replace kills a server and starts another in its place.
func (h *history) replace(i int) {
	for s := range h.unwritten[i] {
		h.gone[s] = true
	}
	clear(h.unwritten[i])
	h.w.servers[i].replace()
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

// mishap is what happens to the servers between two requests.
func (h *history) mishap() {
	h.faultsDone++
	i := h.rng.IntN(2)
	switch s := h.w.servers[i]; h.rng.IntN(5) {
	case 0:
		h.tell("Redis loses everything")
		h.wipe()
	case 1:
		h.tell("Redis loses the person")
		h.dropKeys("hgp")
	case 2:
		h.tell("Redis loses the sessions")
		h.dropKeys("hgs")
	case 3:
		h.tell("server %s is killed", s.name)
		h.replace(i)
	default:
		s.offset.Store(h.between(-maxOffset, maxOffset))
		h.tell("clock of server %s is off by %d ms", s.name, s.offset.Load())
	}
}

// arm lets something go wrong during the next request to a server.
func (h *history) arm(i int, besides func()) {
	if h.nested || !h.chance(14) {
		return
	}
	s := h.w.servers[i]
	f := &mishap{to: toRedis, nth: int(h.between(1, 3)), after: h.chance(50)}
	what := ""
	switch h.rng.IntN(8) {
	case 0:
		f.do, what = h.wipe, "Redis loses everything"
	case 1:
		f.do, what = func() { h.dropKeys("hgp") }, "Redis loses the person"
	case 2:
		f.do, what = func() { h.dropKeys("hgs") }, "Redis loses the sessions"
	case 3:
		f.lose, what = true, "a command to Redis is cut"
	case 4:
		f.do, f.lose, what = h.wipe, true, "Redis restarts empty"
	case 5:
		f.do, what = func() { s.faults.die(true) }, "the server dies"
	case 6:
		f.to, f.nth, what = toPostgres, int(h.between(1, 9)), "a statement to PostgreSQL is cut"
		if h.chance(30) {
			f.do, what = func() { s.faults.die(true) }, "the server dies at PostgreSQL"
		}
	default:
		if besides == nil {
			return
		}
		f.do, what = besides, "something else is asked meanwhile"
	}
	happens := f.do
	f.do = func() {
		h.faultsDone++
		h.tell("      %s", what)
		if happens != nil {
			happens()
		}
	}
	s.faults.arm(f)
}

func (h *history) disarm(i int) { h.w.servers[i].faults.arm(nil) }

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

// evidence is what PostgreSQL has of the person, and fills in the first links.
func (h *history) evidence() ([]row, error) {
	index := map[uuid.UUID]int{}
	for i, s := range h.sessions {
		index[s.id] = i
	}
	found, err := h.w.servers[0].db.Pool().Query(h.quiet(), `
		SELECT s.id, s.chain, b.seq, b.at_ms, b.credit_from_ms, b.credit_ms, b.report, b.chain
		FROM study_sessions s JOIN study_beats b ON b.session_id = s.id AND b.day >= $2 WHERE s.person_id = $1 ORDER BY s.fence, b.seq`, h.learner.person, firstDay)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	out := []row{}
	for found.Next() {
		var r row
		var id uuid.UUID
		var first, chain []byte
		if err := found.Scan(&id, &first, &r.seq, &r.atMS, &r.creditFrom, &r.creditMS, &r.report, &chain); err != nil {
			return nil, err
		}
		i, known := index[id]
		if !known {
			return nil, fmt.Errorf("evidence of a session that nobody was told of")
		}
		r.session, r.chain = i, [12]byte(chain)
		h.sessions[i].chain = [12]byte(first)
		out = append(out, r)
	}
	return out, found.Err()
}

// rebuild reads every lesson back from PostgreSQL alone.
func (h *history) rebuild() error {
	last := map[int]int{}
	for i, s := range h.sessions {
		if l, any := last[s.lesson]; !any || h.sessions[l].fence < s.fence {
			last[s.lesson] = i
		}
	}
	for lesson := range h.lessons {
		i, any := last[lesson]
		if !any {
			continue
		}
		store := h.w.servers[0].store
		s, err := store.Session(h.quiet(), h.sessions[i].id)
		if err != nil {
			return err
		}
		_, state, err := store.Rebuild(h.quiet(), s)
		if err != nil {
			return err
		}
		r := rebuilt{session: i, seq: state.Seq, verifiedMS: state.VerifiedMS, covered: secondsOf(state.Covered)}
		err = h.w.servers[0].db.Pool().QueryRow(h.quiet(), `SELECT count(*) FROM lesson_completions WHERE enrolment_id = $1`, h.learner.enrolments[lesson]).Scan(&r.completed)
		if err != nil {
			return err
		}
		h.rebuilds = append(h.rebuilds, r)
	}
	return nil
}

// secondsOf reads a set of seconds, eight a byte, the lowest bit first.
func secondsOf(bits []byte) map[int64]bool {
	out := map[int64]bool{}
	for i, b := range bits {
		for n := range 8 {
			if b&(1<<n) != 0 {
				out[int64(i*8+n)] = true
			}
		}
	}
	return out
}
