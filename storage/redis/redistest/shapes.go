package redistest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/hourglass-lms/hourglass/storage/redis"
)

// NewCluster starts a cluster, of one node that holds every slot: enough to be
// refused whatever touches two slots at once.
func NewCluster(t testing.TB) goredis.UniversalClient {
	t.Helper()
	address := startServer(t, "redis-server", "--cluster-enabled", "yes", "--save", "")
	node := goredis.NewClient(&goredis.Options{Addr: address})
	defer func() { _ = node.Close() }()
	if err := node.Do(context.Background(), "CLUSTER", "ADDSLOTSRANGE", 0, 16383).Err(); err != nil {
		t.Fatalf("give the node its slots: %v", err)
	}
	return open(t, "redis+cluster://"+address)
}

// NewSentinel starts a master and a Sentinel that watches it.
func NewSentinel(t testing.TB) goredis.UniversalClient {
	t.Helper()
	master := startServer(t, "redis-server", "--save", "")
	host, port, err := net.SplitHostPort(master)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "sentinel.conf")
	if err := os.WriteFile(file, fmt.Appendf(nil, "sentinel monitor main %s %s 1\n", host, port), 0o600); err != nil {
		t.Fatal(err)
	}
	sentinel := startServer(t, "redis-server", file, "--sentinel")
	return open(t, "redis+sentinel://"+sentinel+"/main")
}

// startServer starts a server on a free port until the test ends.
func startServer(t testing.TB, name string, args ...string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if _, err := exec.LookPath(name); err != nil {
		name = "valkey-server"
	}
	cmd := exec.Command(name, append(args, "--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--dir", t.TempDir())...)
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
			return address
		}
		if time.Now().After(end) {
			t.Fatalf("%s does not answer: %v", name, err)
		}
	}
}

func open(t testing.TB, url string) goredis.UniversalClient {
	t.Helper()
	c, err := redis.Open(redis.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		err := c.Set(context.Background(), "ready", 1, 0).Err()
		if err == nil {
			return c
		}
		if time.Now().After(end) {
			t.Fatalf("reach %s: %v", url, err)
		}
	}
}
