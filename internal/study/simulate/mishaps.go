package simulate

import "encoding/base64"

// wipe takes everything out of Redis.
func (b *world) wipe() {
	_ = b.redis.FlushDB(b.ctx).Err()
	b.forgotten(b.histories...)
}

// dropKeys takes the keys that begin so out of Redis: hgp people, hgs sessions.
func (b *world) dropKeys(prefix string) {
	b.drop(prefix)
	b.forgotten(b.histories...)
}

func (b *world) drop(prefix string) {
	keys, _ := b.redis.Keys(b.ctx, prefix+"*").Result()
	if len(keys) > 0 {
		_ = b.redis.Del(b.ctx, keys...).Err()
	}
}

// loses takes a person's keys out of Redis; now and then everybody's.
func (h *history) loses(prefixes ...string) {
	if h.chance(2) {
		h.w.tell("      Redis loses everything")
		h.w.wipe()
		return
	}
	for _, p := range prefixes {
		h.w.drop(p + "{" + base64.RawURLEncoding.EncodeToString(h.learner.person[:]) + "}")
	}
	h.w.forgotten(h)
}

// forgotten notes which sessions lost deliveries for good with what Redis held.
func (b *world) forgotten(all ...*history) {
	for _, h := range all {
		for _, set := range []map[int]bool{h.unwritten[0], h.unwritten[1], h.gone} {
			for s := range set {
				h.forgot[s] = true
			}
		}
	}
}

// kill ends a server and starts another in its place.
func (b *world) kill(i int) {
	for _, h := range b.histories {
		for s := range h.unwritten[i] {
			h.gone[s] = true
		}
	}
	b.written(i)
	b.servers[i].replace()
}

// restart ends a server in good order and starts another.
func (b *world) restart(i int) {
	b.servers[i].restart()
	b.written(i)
}

func (b *world) setKeys(stage int) (err error) {
	b.keyStage = stage
	b.keys, err = keysOf(stage)
	return err
}

// rotate is the next step of a change of keys: a server learns of a new one, or
// begins to sign with it. The next step begins when both have made the last.
func (b *world) rotate() {
	i := b.rng.IntN(2)
	if b.servers[1-i].keys != b.keys {
		i = 1 - i
	} else if b.servers[i].keys == b.keys && b.setKeys(b.keyStage+1) != nil {
		return
	}
	b.restart(i)
	b.tell("server %s starts again with the keys of step %d", b.servers[i].name, b.keyStage)
}

// mishap is what happens to the servers between two requests.
func (b *world) mishap() {
	i := b.rng.IntN(2)
	switch s := b.servers[i]; b.rng.IntN(7) {
	case 0:
		b.tell("Redis loses everything")
		b.wipe()
	case 1:
		b.tell("Redis loses the people")
		b.dropKeys("hgp")
	case 2:
		b.tell("Redis loses the sessions")
		b.dropKeys("hgs")
	case 3:
		b.tell("server %s is killed", s.name)
		b.kill(i)
	case 4:
		b.rotate()
	case 5:
		b.early()
	default:
		s.offset.Store(b.rng.Int64N(2*maxOffset+1) - maxOffset)
		b.tell("clock of server %s is off by %d ms", s.name, s.offset.Load())
	}
	b.happened()
}

// happened counts a fault for everybody it met.
func (b *world) happened() {
	for _, h := range b.histories {
		if h.mood != over {
			h.faultsDone++
		}
	}
}

// storm cuts everything of a kind that everybody awake sends through a server,
// so that whole batches of many people are hit.
func (b *world) storm() {
	i := b.rng.IntN(2)
	s := b.servers[i]
	what := []string{
		"commands to Redis are cut", "answers of Redis are cut", "statements to PostgreSQL are cut", "commits to PostgreSQL are cut",
		"statements to PostgreSQL are cut, and it is killed", "answers of Redis are cut, which restarts empty",
	}
	kind := b.rng.IntN(len(what))
	b.tell("all of server %s: %s", s.name, what[kind])
	switch kind {
	case 0:
		s.faults.rage(storm{to: toRedis})
	case 1, 5:
		s.faults.rage(storm{to: toRedis, after: true})
	case 3:
		s.faults.rage(storm{to: toPostgres, only: "commit"})
	default:
		s.faults.rage(storm{to: toPostgres})
	}
	switch kind {
	case 4:
		b.after = func() { b.kill(i) }
	case 5:
		b.after = b.wipe
	}
	b.happened()
}

// calm ends a storm.
func (b *world) calm() {
	for _, s := range b.servers {
		s.faults.rage(storm{})
	}
	if b.after != nil {
		b.after()
		b.after = nil
	}
}

// wrong is what goes wrong with a request to a server; nil: nothing does.
func (h *history) wrong(i int, percent float64, besides func()) *mishap {
	if h.nested || !h.chance(percent) {
		return nil
	}
	s := h.w.servers[i]
	m := &mishap{to: toRedis, nth: int(h.between(1, 3)), after: h.chance(50)}
	what := ""
	switch h.rng.IntN(8) {
	case 0:
		m.do, what = func() { h.loses("hgp", "hgs") }, "Redis loses the person and the sessions"
	case 1:
		m.do, what = func() { h.loses("hgp") }, "Redis loses the person"
	case 2:
		m.do, what = func() { h.loses("hgs") }, "Redis loses the sessions"
	case 3:
		m.lose, what = true, "a command to Redis is cut"
	case 4:
		m.do, m.lose, what = func() { h.loses("hgp", "hgs") }, true, "Redis restarts without the person"
	case 5:
		m.do, what = func() { s.faults.die(true) }, "the server dies"
	case 6:
		m.to, m.nth, what = toPostgres, int(h.between(1, 9)), "a statement to PostgreSQL is cut"
		if h.chance(30) {
			m.do, what = func() { s.faults.die(true) }, "the server dies at PostgreSQL"
		}
	default:
		if besides == nil {
			return nil
		}
		m.do, what = besides, "something else is asked meanwhile"
	}
	happens := m.do
	m.do = func() {
		h.faultsDone++
		h.tell("      %s", what)
		if happens != nil {
			happens()
		}
	}
	return m
}
