package embedded

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgresOptions say where the data lies and how safe it must be.
type PostgresOptions struct {
	Dir string // made when missing; kept
	// Fast gives up safety against a crash of the machine: for tests whose data is thrown away.
	Fast bool
	// Database is created when missing; "": hourglass.
	Database string
}

// Postgres is a running server that listens on a socket of its own alone.
type Postgres struct {
	o      PostgresOptions
	bin    string
	data   string
	socket string
	who    *syscall.Credential
	lock   *os.File
	proc   *process
}

// StartPostgres starts a server on the folder and waits until it answers.
func StartPostgres(ctx context.Context, o PostgresOptions) (*Postgres, error) {
	if o.Database == "" {
		o.Database = "hourglass"
	}
	initdb, err := find([]string{"initdb"}, "/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin", "/usr/pgsql-*/bin")
	if err != nil {
		return nil, err
	}
	p := &Postgres{o: o, bin: filepath.Dir(initdb)}
	if err := p.prepare(); err != nil {
		p.release()
		return nil, fmt.Errorf("prepare PostgreSQL: %w", err)
	}
	if err := p.Start(ctx); err != nil {
		p.release()
		return nil, err
	}
	return p, nil
}

func (p *Postgres) prepare() (err error) {
	if p.who, err = servant(); err != nil {
		return err
	}
	dir, err := reachable(p.o.Dir, p.who)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if p.lock, err = lockFile(filepath.Join(dir, "lock")); err != nil {
		return err
	}
	p.data = filepath.Join(dir, "postgres")
	if err := own(p.data, p.who); err != nil {
		return err
	}
	// A socket's whole path may have 107 bytes, so it cannot lie beside the data.
	if p.socket, err = os.MkdirTemp("", "hg-pg-"); err != nil {
		return err
	}
	if err := own(p.socket, p.who); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(p.data, "PG_VERSION")); err == nil {
		return clearStale(p.data)
	}
	return p.initialise()
}

// initialise makes the cluster. Trust is enough: nobody else can enter the socket's folder.
func (p *Postgres) initialise() error {
	cmd := exec.Command(filepath.Join(p.bin, "initdb"), "-D", p.data, "-U", "hourglass", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.who}
	cmd.Dir = p.data
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

// Start starts the server again after Stop or Kill, on the same address.
func (p *Postgres) Start(ctx context.Context) (err error) {
	if err := clearStale(p.data); err != nil {
		return err
	}
	args := []string{"-D", p.data, "-k", p.socket, "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700",
		"-c", "max_connections=400", "-c", "shared_buffers=128MB", "-c", "log_timezone=UTC", "-c", "wal_level=minimal", "-c", "max_wal_senders=0"}
	if p.o.Fast {
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "autovacuum=off")
	}
	cmd := exec.Command(filepath.Join(p.bin, "postgres"), args...)
	cmd.Dir = p.data
	// SIGINT is PostgreSQL's fast and clean stop: what it gets when we are killed.
	cmd.SysProcAttr = child(p.who, syscall.SIGINT)
	if p.proc, err = start(cmd, filepath.Join(filepath.Dir(p.data), "postgres.log")); err != nil {
		return err
	}
	if err := p.proc.until(func() error { return p.ensureDatabase(ctx) }, 60*time.Second); err != nil {
		_ = p.Stop()
		return err
	}
	return nil
}

func (p *Postgres) ensureDatabase(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, p.url("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	var exists bool
	if err := c.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, p.o.Database).Scan(&exists); err != nil || exists {
		return err
	}
	_, err = c.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{p.o.Database}.Sanitize())
	return err
}

// URL is the address of the database.
func (p *Postgres) URL() string { return p.url(p.o.Database) }

func (p *Postgres) url(database string) string {
	q := url.Values{"host": {p.socket}, "user": {"hourglass"}, "sslmode": {"disable"}}
	return "postgres:///" + url.PathEscape(database) + "?" + q.Encode()
}

// Stop stops cleanly; Start may follow.
func (p *Postgres) Stop() error { return p.proc.stop(syscall.SIGINT, 20*time.Second) }

// Kill is kill -9, for tests of what survives it. The server's children end by
// themselves when they notice; Start waits for that.
func (p *Postgres) Kill() {
	_ = p.proc.cmd.Process.Kill()
	<-p.proc.done
}

// Crash is kill -9 of the server and of every process it has started, as when
// the machine kills for want of memory. Start may follow at once.
func (p *Postgres) Crash() {
	p.Signal(syscall.SIGKILL)
	<-p.proc.done
}

// Signal sends to the server first, then to every process it has started.
func (p *Postgres) Signal(sig syscall.Signal) {
	_ = p.proc.cmd.Process.Signal(sig)
	for _, pid := range processesIn(p.data) {
		if pid != p.proc.cmd.Process.Pid {
			_ = syscall.Kill(pid, sig)
		}
	}
}

// Close stops the server and gives the folder free.
func (p *Postgres) Close() error {
	err := p.Stop()
	p.release()
	return err
}

func (p *Postgres) release() {
	if p.socket != "" {
		_ = os.RemoveAll(p.socket)
	}
	if p.lock != nil {
		_ = p.lock.Close()
	}
}

var errInUse = errors.New("another program uses this folder")

func lockFile(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s: %w", filepath.Dir(name), errInUse)
	}
	return f, nil
}

// clearStale waits for a server that is still shutting down and takes away
// the pid file of one that is gone: its number may be another program's by now.
func clearStale(data string) error {
	file := filepath.Join(data, "postmaster.pid")
	for deadline := time.Now().Add(30 * time.Second); ; {
		if !serverOn(data) {
			if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s: %w", data, errInUse)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// serverOn says whether a living process works in the data folder.
func serverOn(data string) bool {
	if procs, _ := filepath.Glob("/proc/[0-9]*"); len(procs) == 0 {
		return pidAlive(data)
	}
	return len(processesIn(data)) > 0
}

// processesIn are those that work in the data folder: the server and what it
// has started. None on systems without /proc.
func processesIn(data string) (pids []int) {
	procs, _ := filepath.Glob("/proc/[0-9]*")
	for _, proc := range procs {
		if cwd, err := os.Readlink(filepath.Join(proc, "cwd")); err != nil || cwd != data {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(proc)); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// pidAlive is the plainer question on systems without /proc.
func pidAlive(data string) bool {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return false
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	return err == nil && pid > 0 && syscall.Kill(pid, 0) == nil
}
