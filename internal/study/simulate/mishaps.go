package simulate

import (
	"context"
)

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
