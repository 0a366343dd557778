package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the program itself, built once for all tests here.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "hg-bin-")
	if err != nil {
		return "", err
	}
	out := filepath.Join(dir, "hourglass")
	if text, err := exec.Command("go", "build", "-o", out, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, text)
	}
	return out, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

func program(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	// Nothing of the environment around the test may decide what the program does.
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, env...)
	return cmd
}

// run runs a command to its end and gives what it printed.
func run(t *testing.T, env []string, stdin string, args ...string) string {
	t.Helper()
	cmd := program(t, env, args...)
	cmd.Stdin = strings.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("hourglass %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return string(out)
}

// running is a program that goes on until the test ends.
type running struct {
	cmd   *exec.Cmd
	log   *syncBuffer
	ended chan error
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func start(t *testing.T, env []string, args ...string) *running {
	t.Helper()
	r := &running{cmd: program(t, env, args...), log: &syncBuffer{}, ended: make(chan error, 1)}
	r.cmd.Stderr = r.log
	if r.cmd.Stdout == nil {
		r.cmd.Stdout = r.log
	}
	r.begin(t)
	return r
}

func (r *running) begin(t *testing.T) {
	t.Helper()
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { r.ended <- r.cmd.Wait() }()
	t.Cleanup(func() {
		if r.cmd.ProcessState == nil {
			r.stop(t)
		}
		if t.Failed() {
			t.Logf("%v said:\n%s", r.cmd.Args[1:], tail(r.log.String(), 6000))
		}
	})
}

func tail(text string, n int) string { return text[max(0, len(text)-n):] }

// stop ends the program as an operator would; it must end by itself.
func (r *running) stop(t *testing.T) {
	t.Helper()
	_ = r.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-r.ended:
		if err != nil {
			t.Errorf("%v did not stop cleanly: %v", r.cmd.Args[1:], err)
		}
	case <-time.After(40 * time.Second):
		_ = r.cmd.Process.Kill()
		t.Errorf("%v did not stop", r.cmd.Args[1:])
	}
}

// demoReady starts `hourglass demo --json` and waits for its line.
func demoReady(t *testing.T, args ...string) (ready struct {
	URL      string
	Accounts []struct{ Role, Email, Password string }
	Courses  []struct{ ID, Title string }
}, r *running) {
	t.Helper()
	r = &running{cmd: program(t, nil, append([]string{"demo", "--json", "--listen", "127.0.0.1:0"}, args...)...), log: &syncBuffer{}, ended: make(chan error, 1)}
	r.cmd.Stderr = r.log
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.begin(t)
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the demonstration did not come up: %v", err)
	}
	if err := json.Unmarshal(line, &ready); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return ready, r
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func waitReady(t *testing.T, url string) {
	t.Helper()
	eventually(t, 30*time.Second, func() error {
		res, err := http.Get(url + "/readyz")
		if err != nil {
			return err
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("readyz answers %d", res.StatusCode)
		}
		return nil
	})
}

func eventually(t *testing.T, patience time.Duration, do func() error) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		err := do()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}
