// Package redistest gives a test a real Redis of its own.
package redistest

import (
	"context"
	"os"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/hourglass-lms/hourglass/internal/embedded"
	"github.com/hourglass-lms/hourglass/storage/redis"
)

// New starts an empty server for this test and stops it at the end.
func New(t testing.TB) goredis.UniversalClient {
	t.Helper()
	c, _ := NewServer(t)
	return c
}

// NewServer is New together with the server, for tests that kill or empty it.
func NewServer(t testing.TB) (goredis.UniversalClient, *embedded.Redis) {
	t.Helper()
	dir, err := os.MkdirTemp("", "hg-redistest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	server, err := embedded.StartRedis(dir)
	if err != nil {
		t.Fatalf("start Redis for the test: %v", err)
	}
	t.Cleanup(func() { _ = server.Close() })
	c, err := redis.Open(redis.Options{URL: server.URL()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Ping(context.Background()).Err(); err != nil {
		t.Fatalf("reach the test's Redis: %v", err)
	}
	return c, server
}
