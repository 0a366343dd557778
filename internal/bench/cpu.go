package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// CPU is processor time by who spent it. As figures by the request it is in
// microseconds, and is sure where rates are not: other work on the machine
// makes it wait, but not work more.
type CPU struct {
	Server   float64 `json:"server_us"`
	Load     float64 `json:"load_us"`
	Postgres float64 `json:"postgres_us,omitempty"`
	Redis    float64 `json:"redis_us,omitempty"`
}

func (c *CPU) add(d CPU, sign float64) {
	c.Server += sign * d.Server
	c.Load += sign * d.Load
	c.Postgres += sign * d.Postgres
	c.Redis += sign * d.Redis
}

func (c CPU) over(requests int64) CPU {
	var out CPU
	out.add(c, 1/float64(max(1, requests)))
	return out
}

// clocks are where processor times are read: /proc. Where there is none, all are 0.
type clocks struct {
	server, postgres, redis string
	children                bool // the server's work is done by children of its process
}

func (s *stage) clocksOf(ctx context.Context, server role) (c clocks, err error) {
	c.server = strconv.Itoa(server.cmd.Process.Pid)
	var backend int
	if err := s.db.Pool().QueryRow(ctx, `SELECT pg_backend_pid()`).Scan(&backend); err != nil {
		return c, fmt.Errorf("ask PostgreSQL for its process: %w", err)
	}
	if f := statOf(strconv.Itoa(backend)); f != nil {
		c.postgres = f[parent]
	}
	text, err := s.client.Info(ctx, "server").Result()
	if err != nil {
		return c, fmt.Errorf("ask Redis for its process: %w", err)
	}
	_, rest, _ := strings.Cut(text, "process_id:")
	c.redis, _, _ = strings.Cut(rest, "\r")
	return c, nil
}

// read is the time spent so far, in microseconds.
func (c clocks) read() CPU {
	var self syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &self) // cannot fail on oneself
	out := CPU{Server: spentBy(c.server), Redis: spentBy(c.redis), Postgres: spentBy(c.postgres)}
	out.Load = float64(self.Utime.Nano()+self.Stime.Nano()) / 1000
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range all {
		f := statOf(filepath.Base(p))
		if f == nil {
			continue
		}
		switch {
		case f[parent] == c.postgres:
			out.Postgres += microseconds(f)
		case c.children && f[parent] == c.server:
			out.Server += microseconds(f)
		}
	}
	return out
}

// Places in /proc/PID/stat, counted from behind the name (man 5 proc).
const (
	parent     = 1
	userTime   = 11
	systemTime = 12
	tick       = 10_000 // microseconds: USER_HZ is 100 wherever Linux runs Go
)

func statOf(pid string) []string {
	text, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		return nil // it has ended, or this is not Linux
	}
	s := string(text)
	f := strings.Fields(s[strings.LastIndexByte(s, ')')+1:])
	if len(f) <= systemTime {
		return nil
	}
	return f
}

func spentBy(pid string) float64 {
	f := statOf(pid)
	if pid == "" || f == nil {
		return 0
	}
	return microseconds(f)
}

func microseconds(stat []string) float64 {
	user, _ := strconv.ParseFloat(stat[userTime], 64)
	system, _ := strconv.ParseFloat(stat[systemTime], 64)
	return (user + system) * tick
}
