// Package embedded starts PostgreSQL and Redis on this machine, for the
// demonstration and for tests, from the programs found here: nobody sets up a
// server by hand, and none that is running already is touched.
package embedded

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// process is a child that ends with us, even when we are killed.
type process struct {
	cmd  *exec.Cmd
	log  string
	done chan struct{}
	err  error // of Wait, once done is closed
}

// start runs the command with its output in a file of its own.
func start(cmd *exec.Cmd, logFile string) (*process, error) {
	out, err := os.Create(logFile)
	if err != nil {
		return nil, fmt.Errorf("log of %s: %w", filepath.Base(cmd.Path), err)
	}
	cmd.Stdout, cmd.Stderr = out, out
	p := &process{cmd: cmd, log: logFile, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The death signal is tied to the thread that started the child, so
		// this thread must live as long as the child does.
		runtime.LockOSThread()
		defer close(p.done)
		defer func() { _ = out.Close() }()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(cmd.Path), err)
	}
	return p, nil
}

// stop asks by signal and insists after the patience is over.
func (p *process) stop(sig syscall.Signal, patience time.Duration) error {
	_ = p.cmd.Process.Signal(sig)
	select {
	case <-p.done:
		return nil
	case <-time.After(patience):
	}
	_ = p.cmd.Process.Kill()
	<-p.done
	return fmt.Errorf("%s did not stop within %s and was killed", filepath.Base(p.cmd.Path), patience)
}

// until polls ready until it succeeds, the child ends, or the patience is over.
func (p *process) until(ready func() error, patience time.Duration) error {
	deadline := time.Now().Add(patience)
	for {
		err := ready()
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended at once: %s", filepath.Base(p.cmd.Path), p.lastLines())
		case <-time.After(15 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s is not ready after %s: %w: %s", filepath.Base(p.cmd.Path), patience, err, p.lastLines())
		}
	}
}

func (p *process) lastLines() string {
	data, err := os.ReadFile(p.log)
	if err != nil {
		return "no log"
	}
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-5):], []byte(" | ")))
}

// find looks for a program on the PATH and in the places it is known to hide.
func find(names []string, places ...string) (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	for _, pattern := range places {
		for _, name := range names {
			found, _ := filepath.Glob(filepath.Join(pattern, name))
			if len(found) > 0 {
				return found[len(found)-1], nil // the newest version sorts last
			}
		}
	}
	return "", fmt.Errorf("%s: %w", strings.Join(names, " or "), errNotInstalled)
}

var errNotInstalled = errors.New("not installed on this machine; run `make setup`")
