package faults

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// restartPause is what a service manager waits before it starts a program anew.
const restartPause = 50 * time.Millisecond

// keeper runs this program in a role and starts it again whenever it ends, as
// a service manager does.
type keeper struct {
	binary string
	args   []string
	env    []string
	log    *os.File
	mu     sync.Mutex
	cmd    *exec.Cmd // nil: between two lives
	ending bool
	ended  chan struct{}
	starts int
}

func keep(binary, dir, name string, env []string, args ...string) (*keeper, error) {
	log, err := os.Create(filepath.Join(dir, name+".log"))
	if err != nil {
		return nil, err
	}
	k := &keeper{binary: binary, args: args, env: env, log: log, ended: make(chan struct{})}
	go k.run()
	return k, nil
}

func (k *keeper) run() {
	defer close(k.ended)
	defer func() { _ = k.log.Close() }()
	for {
		cmd, err := k.start()
		if cmd == nil && err == nil {
			return
		}
		if err == nil {
			err = cmd.Wait()
		}
		fmt.Fprintln(k.log, "ended:", err)
		k.mu.Lock()
		k.cmd = nil
		k.mu.Unlock()
		time.Sleep(restartPause)
	}
}

// start begins another life; it is nil when there is to be none.
func (k *keeper) start() (*exec.Cmd, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ending {
		return nil, nil
	}
	cmd := exec.Command(k.binary, k.args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = k.env, k.log, k.log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	k.cmd, k.starts = cmd, k.starts+1
	return cmd, nil
}

// kill is kill -9; what is between two lives is killed in the next one.
func (k *keeper) kill() {
	for !k.signal(syscall.SIGKILL) {
		time.Sleep(time.Millisecond)
	}
}

// signal is false when there is nobody to hear it.
func (k *keeper) signal(sig syscall.Signal) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.cmd == nil {
		return k.ending
	}
	_ = k.cmd.Process.Signal(sig)
	return true
}

// close asks the program to end, and insists after a while.
func (k *keeper) close() {
	if k == nil {
		return
	}
	k.mu.Lock()
	k.ending = true
	k.mu.Unlock()
	k.signal(syscall.SIGTERM)
	select {
	case <-k.ended:
	case <-time.After(patience):
		k.kill()
		<-k.ended
	}
}
