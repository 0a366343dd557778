package faults

import (
	"context"
	"fmt"
	"syscall"
	"time"
)

// Every strike is undone before it returns: what was killed is up again, but
// for our own processes, which their keepers start again.

func killServer(s *stage, f fault) error {
	s.servers[f.luck%uint64(len(s.servers))].kill()
	return nil
}

func killServers(s *stage, _ fault) error {
	for _, p := range s.servers {
		p.kill()
	}
	return nil
}

func killWorker(s *stage, _ fault) error {
	s.worker.kill()
	return nil
}

// killRedis takes all that Redis held along: it keeps nothing on disk.
func killRedis(s *stage, f fault) error {
	s.redis.Kill()
	time.Sleep(f.lasts)
	return s.redis.Start()
}

func emptyRedis(s *stage, _ fault) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return s.hot.FlushAll(ctx).Err()
}

func stallRedis(s *stage, f fault) error {
	s.redis.Signal(syscall.SIGSTOP)
	time.Sleep(f.lasts)
	s.redis.Signal(syscall.SIGCONT)
	return nil
}

func cutRedis(s *stage, f fault) error { return s.toRedis.cutSoon(f.luck) }

// killPostgres starts it again on the same data, which it recovers from its log.
func killPostgres(s *stage, f fault) error {
	s.pg.Crash()
	time.Sleep(f.lasts)
	return s.pg.Start(s.life)
}

// killBackend kills one process of PostgreSQL, over which it drops all others
// and recovers by itself.
func killBackend(s *stage, _ fault) error {
	ctx, cancel := context.WithTimeout(s.life, patience)
	defer cancel()
	var pid int
	err := again(ctx, func() error { // our own connections may be dead from the fault before, and theirs not back yet
		return s.db.Pool().QueryRow(ctx, `
			SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1`).Scan(&pid)
	})
	if err != nil {
		return fmt.Errorf("choose a process of PostgreSQL: %w", err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && err != syscall.ESRCH {
		return fmt.Errorf("kill a process of PostgreSQL: %w", err)
	}
	return s.reachPostgres(ctx)
}

func stallPostgres(s *stage, f fault) error {
	s.pg.Signal(syscall.SIGSTOP)
	time.Sleep(f.lasts)
	s.pg.Signal(syscall.SIGCONT)
	return nil
}

func cutPostgres(s *stage, f fault) error { return s.toPostgres.cutSoon(f.luck) }
