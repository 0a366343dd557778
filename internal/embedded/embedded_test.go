package embedded

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestPostgresKeepsItsDataOverAKillAndARestart(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	p, err := StartPostgres(t.Context(), PostgresOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	execSQL(t, p.URL(), `CREATE TABLE kept AS SELECT 1`)
	if _, err := StartPostgres(t.Context(), PostgresOptions{Dir: dir}); !errors.Is(err, errInUse) {
		t.Errorf("a second start on the folder: %v, want %v", err, errInUse)
	}
	p.Kill()
	if err := p.Start(t.Context()); err != nil {
		t.Fatalf("start after a kill: %v", err)
	}
	execSQL(t, p.URL(), `INSERT INTO kept VALUES (2)`)
	if err := p.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	again, err := StartPostgres(t.Context(), PostgresOptions{Dir: dir})
	if err != nil {
		t.Fatalf("start on the kept folder: %v", err)
	}
	execSQL(t, again.URL(), `DO $$ BEGIN ASSERT (SELECT count(*) FROM kept) = 2; END $$`)
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestRedisComesBackEmptyOnTheSameAddress(t *testing.T) {
	t.Parallel()
	r, err := StartRedis(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	before := r.URL()
	r.Kill()
	if err := r.Start(); err != nil || r.URL() != before {
		t.Fatalf("start after a kill: %v at %s", err, r.URL())
	}
}

// openDir is a folder the servant may pass through, unlike t.TempDir's.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "hg-embedded-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func execSQL(t *testing.T, url, sql string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(context.Background()) }()
	if _, err := c.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}
