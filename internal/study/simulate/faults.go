package simulate

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	goredis "github.com/redis/go-redis/v9"
)

// errCut is a connection that was cut.
var errCut error = &net.OpError{Op: "read", Net: "unix", Err: errors.New("cut")}

// store is what a command goes to.
type store uint8

const (
	toRedis store = iota + 1
	toPostgres
)

// mishap happens at one command of a server: what it does, and whether the
// command is lost, with or without having been done.
type mishap struct {
	to    store
	nth   int // command of the store from now on, from 1
	after bool
	lose  bool
	do    func()
	seen  int // commands of that store so far
}

// storm cuts all commands to a store; the zero storm none.
type storm struct {
	to    store
	after bool   // they are done, and the answers are lost
	only  string // statements that begin so
}

// faults stand between one server and its stores.
type faults struct {
	mu    sync.Mutex
	armed *mishap
	storm storm
	dead  bool // nothing gets through any more
	inner bool // what the fault does is under way, and may send commands of its own
}

func (f *faults) rage(s storm) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.storm = s
}

// raging is the storm there is at a store, if it concerns a command.
func (f *faults) raging(to store, text string) (storm, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.storm, f.storm.to == to && strings.HasPrefix(text, f.storm.only)
}

func (f *faults) arm(x *mishap) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = x
}

func (f *faults) die(dead bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead = dead
}

// due is the fault of the command that is about to be sent.
func (f *faults) due(to store) (x *mishap, dead bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.armed == nil || f.armed.to != to || f.inner {
		return nil, f.dead
	}
	f.armed.seen++
	if f.armed.seen < f.armed.nth {
		return nil, f.dead
	}
	x, f.armed = f.armed, nil
	return x, f.dead
}

// run does what the fault does, which may send commands of its own.
func (f *faults) run(x *mishap) {
	if x.do == nil {
		return
	}
	f.mu.Lock()
	f.inner = true
	f.mu.Unlock()
	x.do()
	f.mu.Lock()
	f.inner = false
	f.mu.Unlock()
}

// isDead asks again: the fault may have ended the server.
func (f *faults) isDead() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dead
}

// DialHook leaves connecting alone.
func (f *faults) DialHook(next goredis.DialHook) goredis.DialHook { return next }

// ProcessPipelineHook leaves pipelines alone: study sends none.
func (f *faults) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return next
}

// ProcessHook cuts commands to Redis.
func (f *faults) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		x, dead := f.due(toRedis)
		if x != nil && !x.after {
			f.run(x)
		}
		storm, raging := f.raging(toRedis, "")
		if dead || f.isDead() || x != nil && x.lose && !x.after || raging && !storm.after {
			cmd.SetErr(errCut)
			return errCut
		}
		err := next(ctx, cmd)
		if x != nil && x.after {
			f.run(x)
		}
		if x != nil && x.after && x.lose || f.isDead() || raging {
			cmd.SetErr(errCut)
			return errCut
		}
		return err
	}
}

// TraceQueryStart cuts statements to PostgreSQL: one whose context has ended
// is not sent. Cleaning up after a cut is never cut.
func (f *faults) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	if strings.HasPrefix(q.SQL, "--") || strings.EqualFold(q.SQL, "rollback") {
		return ctx
	}
	x, dead := f.due(toPostgres)
	if x != nil {
		f.run(x)
	}
	if _, raging := f.raging(toPostgres, q.SQL); dead || x != nil || raging {
		cut, cancel := context.WithCancel(ctx)
		cancel()
		return cut
	}
	return ctx
}

// TraceQueryEnd is not needed.
func (f *faults) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
