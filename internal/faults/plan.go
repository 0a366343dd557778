package faults

import (
	"math/rand/v2"
	"strings"
	"time"
)

// part is what a fault strikes; two faults at once strike different ones.
type part string

const (
	server   part = "server"
	worker   part = "worker"
	redis    part = "redis"
	postgres part = "postgres"
)

// kind is one way for a part to fail.
type kind struct {
	name   string
	part   part
	weight int           // among all kinds
	most   time.Duration // how long it lasts at most, beside the coming back; 0: a moment
	strike func(s *stage, f fault) error
}

// fault is one thing that goes wrong.
type fault struct {
	kind
	lasts time.Duration
	luck  uint64 // for whatever else there is to choose
}

// blow is what goes wrong at one moment: one fault, or two at once.
type blow struct {
	faults []fault
	after  int64 // acknowledged beats before it
	delay  time.Duration
}

func (b blow) String() string {
	names := make([]string, len(b.faults))
	for i, f := range b.faults {
		names[i] = f.name
	}
	return strings.Join(names, " + ")
}

var kinds = []kind{
	{"server-killed", server, 4, 0, killServer},
	{"servers-killed", server, 2, 0, killServers},
	{"worker-killed", worker, 1, 0, killWorker},
	{"redis-killed", redis, 4, 150 * time.Millisecond, killRedis},
	{"redis-emptied", redis, 2, 0, emptyRedis},
	{"redis-stalled", redis, 2, 300 * time.Millisecond, stallRedis},
	{"redis-cut", redis, 3, 0, cutRedis},
	{"postgres-killed", postgres, 4, 150 * time.Millisecond, killPostgres},
	{"postgres-process-killed", postgres, 2, 0, killBackend},
	{"postgres-stalled", postgres, 2, 300 * time.Millisecond, stallPostgres},
	{"postgres-cut", postgres, 3, 0, cutPostgres},
}

// planner deals the kinds like cards, so that none is missing from a short run.
type planner struct {
	rnd  *rand.Rand
	deck []kind
}

func newPlanner(seed uint64) *planner { return &planner{rnd: rand.New(rand.NewPCG(seed, 1))} }

// next is one blow, of two faults in one case of five.
func (p *planner) next() blow {
	b := blow{faults: []fault{p.deal()}, after: 1 + p.rnd.Int64N(20), delay: time.Duration(p.rnd.Int64N(int64(20 * time.Millisecond)))}
	if p.rnd.IntN(5) == 0 {
		for len(b.faults) < 2 {
			if f := p.deal(); f.part != b.faults[0].part {
				b.faults = append(b.faults, f)
			}
		}
	}
	return b
}

func (p *planner) deal() fault {
	if len(p.deck) == 0 {
		for _, k := range kinds {
			for range k.weight {
				p.deck = append(p.deck, k)
			}
		}
		p.rnd.Shuffle(len(p.deck), func(i, j int) { p.deck[i], p.deck[j] = p.deck[j], p.deck[i] })
	}
	k := p.deck[len(p.deck)-1]
	p.deck = p.deck[:len(p.deck)-1]
	return fault{k, time.Duration(p.rnd.Float64() * float64(k.most)), p.rnd.Uint64()}
}
