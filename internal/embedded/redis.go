package embedded

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Redis is a running server on a socket of its own. It keeps nothing on disk:
// what Redis holds can be rebuilt from PostgreSQL at any time.
type Redis struct {
	bin  string
	dir  string // of the log
	sock string
	proc *process
}

// StartRedis starts redis-server or valkey-server, with its log in dir.
func StartRedis(dir string) (*Redis, error) {
	bin, err := find([]string{"redis-server", "valkey-server"}, "/usr/local/bin", "/opt/homebrew/bin")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("prepare Redis: %w", err)
	}
	sock, err := os.MkdirTemp("", "hg-redis-")
	if err != nil {
		return nil, fmt.Errorf("prepare Redis: %w", err)
	}
	r := &Redis{bin: bin, dir: dir, sock: sock}
	if err := r.Start(); err != nil {
		_ = os.RemoveAll(sock)
		return nil, err
	}
	return r, nil
}

// Start starts the server again after Stop or Kill, empty, on the same address.
func (r *Redis) Start() (err error) {
	cmd := exec.Command(r.bin, "--port", "0", "--unixsocket", r.socket(), "--unixsocketperm", "700", "--save", "", "--appendonly", "no", "--dir", r.sock)
	cmd.SysProcAttr = child(nil, syscall.SIGTERM)
	if r.proc, err = start(cmd, filepath.Join(r.dir, "redis.log")); err != nil {
		return err
	}
	if err := r.proc.until(r.ping, 20*time.Second); err != nil {
		_ = r.proc.stop(syscall.SIGKILL, time.Second)
		return err
	}
	return nil
}

func (r *Redis) socket() string { return filepath.Join(r.sock, "redis.sock") }

func (r *Redis) ping() error {
	c, err := net.DialTimeout("unix", r.socket(), time.Second)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(time.Second))
	if _, err := c.Write([]byte("PING\r\n")); err != nil {
		return err
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if err == nil && line != "+PONG\r\n" {
		err = fmt.Errorf("answered %q", line)
	}
	return err
}

// URL is the address, as storage/redis reads it.
func (r *Redis) URL() string { return "unix://" + r.socket() }

// Stop stops the server; Start may follow.
func (r *Redis) Stop() error { return r.proc.stop(syscall.SIGTERM, 5*time.Second) }

// Kill is kill -9.
func (r *Redis) Kill() {
	_ = r.proc.cmd.Process.Kill()
	<-r.proc.done
}

// Signal sends to the server.
func (r *Redis) Signal(sig syscall.Signal) { _ = r.proc.cmd.Process.Signal(sig) }

// Close stops the server and removes its socket.
func (r *Redis) Close() error {
	err := r.Stop()
	_ = os.RemoveAll(r.sock)
	return err
}
